/** A QR code with the quiet zone that readers need (ISO/IEC 18004: four modules). */
import type { Code } from './kiosk-view.js';
import type { Say } from './words.js';

const QUIET = 4;

export function CodePicture({ code, say }: { readonly code: Code; readonly say: Say }) {
  const side = code.size + 2 * QUIET;
  return (
    <svg class="code" viewBox={`${-QUIET} ${-QUIET} ${side} ${side}`} role="img" aria-label={say('code')}>
      <rect x={-QUIET} y={-QUIET} width={side} height={side} class="code-ground" />
      <path d={code.path} class="code-dark" shape-rendering="crispEdges" />
    </svg>
  );
}
