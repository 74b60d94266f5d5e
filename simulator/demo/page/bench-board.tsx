/** Keys and lamps: what a board can suffer. */
import type { CounterView } from '../hall-view.js';
import { benchBoard } from './demo-calls.js';
import { LEVELS, type KeyLevel } from './key-row.js';
import { quietly, type Attempt } from './said.js';
import { Switch } from './switch.js';
import { useWords } from './words.js';

/** Two at once are none; any two would do. */
const CHORD = [5, 1] as const;

export function BoardBench({ counter, attempt }: { counter: CounterView; attempt: Attempt }) {
  const { say } = useWords();
  const { number, bench } = counter;
  const label = (what: string) => say('fault.of-window', { what, n: number });
  const away = bench.board === null;
  const deed = (body: Parameters<typeof benchBoard>[1]) => quietly(attempt, () => benchBoard(number, body));
  return (
    <section>
      <h3>{say('bench.board')}</h3>
      <div class="bench-row">
        <select
          value=""
          aria-label={label(say('bench.stick'))}
          onChange={({ currentTarget }) => {
            const level = Number(currentTarget.value) as KeyLevel;
            // A list that kept the choice would tell which key was taken (I6).
            currentTarget.value = '';
            deed({ do: 'stick', level, on: true });
          }}
        >
          <option value="">{say('bench.stick')}</option>
          {LEVELS.map((level) => (
            <option key={level} value={level}>
              {say(`level.${level}`)}
            </option>
          ))}
        </select>
        <button type="button" disabled={(bench.board?.stuck ?? 0) === 0} onClick={() => deed({ do: 'free' })}>
          {say('bench.free', { n: bench.board?.stuck ?? 0 })}
        </button>
        <button type="button" onClick={() => deed({ do: 'chord', levels: CHORD })}>
          {say('bench.chord')}
        </button>
      </div>
      <div class="bench-row">
        <Switch
          text={say('bench.bounce')}
          label={label(say('bench.bounce'))}
          on={bench.board?.bouncing === true}
          fault
          disabled={away}
          onChange={(on) => deed({ do: 'bounce', on })}
        />
        <Switch
          text={say('bench.hang')}
          label={label(say('bench.hang-of', { what: say('fault.board') }))}
          on={bench.board?.hung === true}
          fault
          disabled={away}
          onChange={(on) => deed({ do: 'hang', on })}
        />
        <button
          type="button"
          aria-label={label(say('bench.garbage-of', { what: say('fault.board') }))}
          onClick={() => deed({ do: 'garbage' })}
        >
          {say('bench.garbage')}
        </button>
        <button type="button" onClick={() => deed({ do: 'reset' })}>
          {say('bench.reset')}
        </button>
      </div>
    </section>
  );
}
