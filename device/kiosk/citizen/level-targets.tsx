/** The five equal targets, in the order of the keys below the screen: 5 on the left. */
import { LevelFace } from './level-face.js';
import { LEVELS, type Level } from './kiosk-view.js';
import type { Targets } from './use-level-input.js';
import type { Say, Word } from './words.js';

export const LEVEL_WORDS: Readonly<Record<Level, Word>> = {
  5: 'level5',
  4: 'level4',
  3: 'level3',
  2: 'level2',
  1: 'level1',
};

interface LevelTargetsProps {
  readonly say: Say;
  readonly targets: Targets;
}

export function LevelTargets({ say, targets }: LevelTargetsProps) {
  return (
    <div class="targets" role="group" aria-label={say('levels')}>
      {LEVELS.map((level) => (
        <button
          key={level}
          type="button"
          class={`target level-${level}`}
          aria-label={say('levelAloud', { words: say(LEVEL_WORDS[level]), level })}
          ref={(element: HTMLElement | null) => {
            if (element === null) targets.delete(level);
            else targets.set(level, element);
          }}
        >
          <span class="target-face">
            <LevelFace level={level} />
          </span>
          <span class="target-words">{say(LEVEL_WORDS[level])}</span>
          <Stars level={level} />
          <span class="target-key">{level}</span>
        </button>
      ))}
    </div>
  );
}

const STAR = 'M10 1.6l2.6 5.3 5.8.8-4.2 4.1 1 5.8-5.2-2.7-5.2 2.7 1-5.8L1.6 7.7l5.8-.8z';

/** All five places, as many filled as the level has. */
function Stars({ level }: { readonly level: Level }) {
  return (
    <svg class="stars" viewBox="0 0 108 20" aria-hidden="true">
      {[0, 1, 2, 3, 4].map((place) => (
        <path
          key={place}
          d={STAR}
          transform={`translate(${place * 22})`}
          class={place < level ? 'star' : 'star-empty'}
        />
      ))}
    </svg>
  );
}
