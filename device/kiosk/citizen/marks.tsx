/** The drawn marks, all in one line weight. */
import type { ComponentChild } from 'preact';

const BIG = {
  tick: <path d="M26 50l17 17 31-36" />,
  away: (
    <>
      <path d="M22 74h56M30 74V46a20 20 0 0 1 40 0v28" />
      <path d="M42 58h16" />
    </>
  ),
  pause: <path d="M39 32v36M61 32v36" />,
  closed: (
    <>
      <rect x="27" y="24" width="46" height="34" rx="4" />
      <path d="M50 58v14M38 74h24M43 34l14 14M57 34L43 48" />
    </>
  ),
  wait: <path d="M50 27v24l15 10" />,
  slip: (
    <>
      <path d="M32 24h36v50l-6-5-6 5-6-5-6 5-6-5-6 5z" />
      <path d="M41 37h18M41 48h18" />
    </>
  ),
} as const satisfies Readonly<Record<string, ComponentChild>>;

export type MarkName = keyof typeof BIG;

export function BigMark({ name }: { readonly name: MarkName }) {
  return (
    <svg class={`big-mark big-mark-${name}`} viewBox="0 0 100 100" aria-hidden="true">
      <circle cx="50" cy="50" r="47" class="big-mark-ground" />
      {BIG[name]}
    </svg>
  );
}

export function Tick() {
  return (
    <svg class="tick" viewBox="0 0 100 100" aria-hidden="true">
      <circle cx="50" cy="50" r="47" class="tick-ground" />
      {BIG.tick}
    </svg>
  );
}

export function Lock() {
  return (
    <svg class="small-mark" viewBox="0 0 24 24" aria-hidden="true">
      <rect x="4.5" y="10.5" width="15" height="10" rx="2.5" />
      <path d="M8 10.5V7.5a4 4 0 0 1 8 0v3" />
    </svg>
  );
}

export function Phone() {
  return (
    <svg class="small-mark" viewBox="0 0 24 24" aria-hidden="true">
      <rect x="6" y="2" width="12" height="20" rx="3" />
      <path d="M10.5 18.5h3" />
    </svg>
  );
}
