/** The arrow keys walk over all that can be pressed, in the order of the screen. */

const STEPS: Readonly<Record<string, 1 | -1>> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/** @returns whether the key was an arrow. Without a focus the walk begins at `first`. */
export function moveFocus(key: string, first: HTMLElement | undefined): boolean {
  const step = STEPS[key];
  if (step === undefined) return false;
  const buttons = [...document.querySelectorAll<HTMLElement>('.panel:not([inert]) button:not(:disabled)')];
  const at = buttons.findIndex((button) => button === document.activeElement);
  const next = at === -1 ? (first ?? buttons[0]) : buttons[(at + step + buttons.length) % buttons.length];
  next?.focus();
  return true;
}
