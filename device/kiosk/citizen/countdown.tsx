/** The time that is left: a quiet bar that runs down, and its seconds in words. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { KioskView } from './kiosk-view.js';

const SECOND_MS = 1_000;

interface CountdownProps {
  readonly view: KioskView | null;
  /** When the terminal told the remaining time, on the page's clock. */
  readonly sinceMs: number;
}

/** No motion where motion is unwelcome: the bar then steps once in several seconds. */
export function Countdown({ view, sinceMs }: CountdownProps) {
  const bar = useRef<HTMLSpanElement>(null);
  const remainingMs = view?.remainingMs ?? null;
  const totalMs = view?.totalMs ?? null;
  useEffect(() => {
    if (bar.current === null || remainingMs === null || totalMs === null) return;
    const leftMs = Math.max(0, remainingMs - (performance.now() - sinceMs));
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    const steps = Math.max(1, Math.round(leftMs / (5 * SECOND_MS)));
    const run = bar.current.animate(
      [{ transform: `scaleX(${Math.min(1, leftMs / totalMs)})` }, { transform: 'scaleX(0)' }],
      { duration: leftMs, fill: 'forwards', easing: calm ? `steps(${steps}, end)` : 'linear' },
    );
    return () => run.cancel();
  }, [remainingMs, totalMs, sinceMs]);
  return (
    <div class="countdown" aria-hidden="true">
      {remainingMs !== null && <span ref={bar} class="countdown-left" />}
    </div>
  );
}

/** Whole seconds until the remaining time is over. */
export function useSecondsLeft(remainingMs: number | null, sinceMs: number): number {
  const [, tick] = useState(0);
  const leftMs = Math.max(0, (remainingMs ?? 0) - (performance.now() - sinceMs));
  useEffect(() => {
    if (leftMs === 0) return;
    const timer = setTimeout(() => tick((count) => count + 1), (leftMs % SECOND_MS) + 20);
    return () => clearTimeout(timer);
  });
  return Math.ceil(leftMs / SECOND_MS);
}
