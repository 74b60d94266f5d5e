/** The five keys and three lamps of a counter, as they stand on its board. */
import { useRef } from 'preact/hooks';
import type { CounterView } from '../hall-view.js';
import { useWords } from './words.js';

export const LEVELS = [5, 4, 3, 2, 1] as const;
const LAMPS = ['invited', 'accepted', 'fault'] as const;

export type KeyLevel = (typeof LEVELS)[number];

export function KeyRow({
  counter,
  guided,
  onPress,
}: {
  counter: CounterView;
  guided: string;
  onPress: (level: KeyLevel) => void;
}) {
  const { say } = useWords();
  const row = useRef<HTMLDivElement>(null);
  const press = (level: KeyLevel) => {
    // A key that keeps the focus would show which one was pressed (I6).
    row.current?.focus({ preventScroll: true });
    onPress(level);
  };
  return (
    <div class="console">
      <div
        class={`keys ${guided}`}
        role="group"
        tabIndex={-1}
        ref={row}
        aria-label={say('counter.keys', { n: counter.number })}
      >
        {LEVELS.map((level) => (
          <button key={level} type="button" class={`key key-${level}`} onClick={() => press(level)}>
            <span class="key-cap">
              <Face level={level} />
            </span>
            <span class="key-word">{say(`level.${level}`)}</span>
          </button>
        ))}
      </div>
      <ul class={counter.lamps === null || counter.switches.board === 'cut' ? 'lamps away' : 'lamps'}>
        {LAMPS.map((lamp) => {
          const lit = counter.lamps?.[lamp] === true;
          return (
            <li key={lamp} class={`lamp lamp-${lamp} ${lit ? 'lit' : ''}`}>
              <span class="bulb" aria-hidden="true" />
              {say(`lamp.${lamp}`)}
              <span class="aloud"> {say(lit ? 'lamp.on' : 'lamp.off')}</span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

/** Mouths from a laugh to a frown; the same face otherwise. */
const MOUTHS: Readonly<Record<KeyLevel, string>> = {
  5: 'M11 19q9 12 18 0z',
  4: 'M11 21q9 8 18 0',
  3: 'M12 23h16',
  2: 'M11 26q9 -7 18 0',
  1: 'M11 28q9 -12 18 0z',
};

function Face({ level }: { level: KeyLevel }) {
  return (
    <svg viewBox="0 0 40 40" aria-hidden="true">
      <circle cx="13.5" cy="14" r="2.6" />
      <circle cx="26.5" cy="14" r="2.6" />
      <path d={MOUTHS[level]} />
    </svg>
  );
}
