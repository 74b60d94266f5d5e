/** The level that was just taken, for its moment; and what stands in its place afterwards (I6). */
import type { Level } from './kiosk-view.js';
import { LevelFace } from './level-face.js';
import { LEVEL_WORDS } from './level-targets.js';
import { Lock } from './marks.js';
import type { Say } from './words.js';

export function ChosenLevel({ level, say }: { readonly level: Level; readonly say: Say }) {
  return (
    <>
      <span class={`chosen-face level-${level}`}>
        <LevelFace level={level} />
      </span>
      <span class="chosen-words">
        <span class="chosen-label">{say('yourChoice')}</span>
        <span class="chosen-level">{say(LEVEL_WORDS[level])}</span>
      </span>
    </>
  );
}

export function Hidden({ say }: { readonly say: Say }) {
  return (
    <>
      <Lock />
      <span class="chosen-words">
        <span class="chosen-kept">{say('keptPrivate')}</span>
      </span>
    </>
  );
}
