/** The face of each level, as on the keys: told apart by mouth and eyes, not by colour. */
import type { Level } from '../../protocol/index.js';
import { Html, html } from './html.js';

const EYES = '<circle cx="22.5" cy="26" r="3.2" class="f"/><circle cx="41.5" cy="26" r="3.2" class="f"/>';

const FEATURES: Readonly<Record<Level, string>> = {
  5: '<path d="M17.5 27.5q4.5-6.5 9 0M37.5 27.5q4.5-6.5 9 0"/><path d="M18.5 36.5h27a13.5 13.5 0 0 1-27 0z" class="f"/>',
  4: `${EYES}<path d="M19.5 38q12.5 13 25 0"/>`,
  3: `${EYES}<path d="M21.5 41.5q10.5 3.5 21 0"/>`,
  2: `${EYES}<path d="M20.5 46q11.5-10.5 23 0"/>`,
  1: '<path d="M16 25.5l9-5.5M48 25.5l-9-5.5"/><circle cx="22.5" cy="30.5" r="3.2" class="f"/><circle cx="41.5" cy="30.5" r="3.2" class="f"/><path d="M20 49.5a12.5 11.5 0 0 1 24 0z" class="f"/>',
};

export function levelFace(level: Level): Html {
  return html`<svg class="face" viewBox="0 0 64 64" aria-hidden="true">
    <circle cx="32" cy="32" r="28.5" />
    ${new Html(FEATURES[level])}
  </svg>`;
}
