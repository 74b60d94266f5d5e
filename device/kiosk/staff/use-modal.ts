/** A dialog that is open for as long as it is on the page; afterwards the focus is where the next scan belongs. */
import type { RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { focusHome } from './use-home-focus.js';

export function useModal(): RefObject<HTMLDialogElement | null> {
  const dialog = useRef<HTMLDialogElement>(null);
  // Before the next key can come.
  useLayoutEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => {
      shown?.close();
      // The browser gives the focus back to the button that opened it, which is done with.
      if (document.activeElement instanceof HTMLButtonElement) focusHome();
    };
  }, []);
  return dialog;
}
