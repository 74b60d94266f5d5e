/** Hands scans over, from wherever in the page they are typed. */
import { useEffect, useRef } from 'preact/hooks';
import { ScanReader } from './scan-reader.js';

/** @param shortest what is shorter is left to the field that it is typed in. */
export function useScans(scanned: (text: string) => void, shortest?: number): void {
  const latest = useRef({ scanned, shortest });
  latest.current = { scanned, shortest };
  useEffect(() => {
    const reader = new ScanReader();
    const heard = (event: KeyboardEvent) => {
      if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
      const scan = reader.key(event.key, event.timeStamp, latest.current.shortest);
      if (scan === null) return;
      // The scanner's Enter is for nobody else: it must press no button that happens to have the focus.
      event.preventDefault();
      event.stopImmediatePropagation();
      latest.current.scanned(scan);
    };
    addEventListener('keydown', heard, { capture: true });
    return () => removeEventListener('keydown', heard, { capture: true });
  }, []);
}
