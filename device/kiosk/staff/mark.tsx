/** A condition as a shape, for those who do not see its colour. */
import type { Condition } from './part-states.js';

const SHAPES: Readonly<Record<Condition, string>> = {
  good: 'M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1ZM4.2 8.2l2.7 2.7 5-5.4-1.3-1.2-3.8 4.1-1.4-1.4Z',
  weak: 'M8 1l7.5 13.5H.5ZM7.1 5.5v4.2h1.8V5.5Zm0 5.4v1.7h1.8v-1.7Z',
  bad: 'M5 1h6l4 4v6l-4 4H5l-4-4V5ZM5.6 4.3 4.3 5.6 6.7 8l-2.4 2.4 1.3 1.3L8 9.3l2.4 2.4 1.3-1.3L9.3 8l2.4-2.4-1.3-1.3L8 6.7Z',
  none: 'M2 7h12v2H2Z',
};

export function Mark({ condition }: { readonly condition: Condition }) {
  return (
    <svg class={`mark ${condition}`} viewBox="0 0 16 16" aria-hidden="true">
      <path d={SHAPES[condition]} fill-rule="evenodd" />
    </svg>
  );
}
