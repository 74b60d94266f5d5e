/**
 * The secret of this page's role. It comes in the fragment, which no server and no referrer sees, and is taken out
 * of the address at once; a reload finds it in the tab's own storage.
 */

/** @returns the secret, or `null` when the page was opened without one. */
export function takeSecret(role: 'kiosk' | 'staff'): string | null {
  const storedAs = `pjq-${role}-secret`;
  const given = location.hash.slice(1);
  if (given !== '') {
    sessionStorage.setItem(storedAs, given);
    history.replaceState(null, '', location.pathname + location.search);
    return given;
  }
  return sessionStorage.getItem(storedAs);
}

/** Calls back when the page is given a new secret while it is open: the terminal has started anew. */
export function onNewSecret(role: 'kiosk' | 'staff', take: (secret: string) => void): () => void {
  const heard = () => {
    if (location.hash.length <= 1) return;
    const secret = takeSecret(role);
    if (secret !== null) take(secret);
  };
  addEventListener('hashchange', heard);
  return () => removeEventListener('hashchange', heard);
}
