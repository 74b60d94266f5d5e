/** What a printer can suffer. */
import type { CounterView } from '../hall-view.js';
import { benchPrinter } from './demo-calls.js';
import { quietly, type Attempt } from './said.js';
import { Switch } from './switch.js';
import { useWords } from './words.js';

const PAPERS = ['ok', 'near-end', 'out'] as const;

export function PrinterBench({ counter, attempt }: { counter: CounterView; attempt: Attempt }) {
  const { say } = useWords();
  const { number, bench } = counter;
  const { printer } = bench;
  const label = (what: string) => say('fault.of-window', { what, n: number });
  const deed = (body: Parameters<typeof benchPrinter>[1]) => quietly(attempt, () => benchPrinter(number, body));
  return (
    <section>
      <h3>{say('bench.printer')}</h3>
      <div class="bench-row">
        <select
          aria-label={label(say('bench.paper'))}
          value={printer?.paper ?? 'ok'}
          disabled={printer === null}
          onChange={({ currentTarget }) => deed({ paper: currentTarget.value as (typeof PAPERS)[number] })}
        >
          {PAPERS.map((paper) => (
            <option key={paper} value={paper}>
              {say(`bench.paper-${paper}`)}
            </option>
          ))}
        </select>
        <Switch
          text={say('bench.cover')}
          label={label(say('bench.cover'))}
          on={printer?.cover === 'closed'}
          disabled={printer === null}
          onChange={(on) => deed({ cover: on ? 'closed' : 'open' })}
        />
        <Switch
          text={say('bench.cutter')}
          label={label(say('bench.cutter'))}
          on={printer?.cutter === 'ok'}
          disabled={printer === null}
          onChange={(on) => deed({ cutter: on ? 'ok' : 'error' })}
        />
      </div>
      <div class="bench-row">
        <Switch
          text={say('bench.online')}
          label={label(say('bench.online'))}
          on={printer?.online === true}
          disabled={printer === null}
          onChange={(on) => deed({ online: on })}
        />
        <Switch
          text={say('bench.hang')}
          label={label(say('bench.hang-of', { what: say('fault.printer') }))}
          on={printer?.hung === true}
          fault
          disabled={printer === null}
          onChange={(on) => deed({ do: 'hang', on })}
        />
        <button
          type="button"
          aria-label={label(say('bench.garbage-of', { what: say('fault.printer') }))}
          onClick={() => deed({ do: 'garbage' })}
        >
          {say('bench.garbage')}
        </button>
      </div>
    </section>
  );
}
