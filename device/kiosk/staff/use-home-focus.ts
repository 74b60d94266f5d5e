/** Whenever nothing has the focus, the element marked `data-home` gets it: there is always somewhere to scan into. */
import { useEffect, useLayoutEffect } from 'preact/hooks';

function goHome(): void {
  if (document.querySelector('dialog[open]') !== null) return;
  const focused = document.activeElement;
  if (focused !== null && focused !== document.body) return;
  // Somebody is marking text to copy it.
  if (getSelection()?.isCollapsed === false) return;
  focusHome();
}

export function focusHome(): void {
  document.querySelector<HTMLElement>('[data-home]')?.focus();
}

export function useHomeFocus(): void {
  // Before the next key can come.
  useLayoutEffect(goHome);
  useEffect(() => {
    // At this event the next element does not have the focus yet.
    const left = () => setTimeout(goHome, 0);
    addEventListener('focusout', left);
    addEventListener('focus', left);
    addEventListener('mouseup', left);
    return () => {
      removeEventListener('focusout', left);
      removeEventListener('focus', left);
      removeEventListener('mouseup', left);
    };
  }, []);
}
