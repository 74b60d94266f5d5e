/** The self-check of the day: its result, and the one that is going on. It is guided on the staff page. */
import type { CounterView } from '../hall-view.js';
import { selfCheck } from './demo-calls.js';
import { useHallClock } from './hall-clock.js';
import { quietly, type Attempt } from './said.js';
import { useWords } from './words.js';

export function SelfCheckBench({ counter, attempt }: { counter: CounterView; attempt: Attempt }) {
  const { say } = useWords();
  const clock = useHallClock('short');
  const { number, selfCheck: check } = counter;
  if (check === null) return null;
  const running = check.running !== null;
  return (
    <section>
      <h3>{say('bench.check')}</h3>
      <p class={`check-${check.result}`}>
        {say(`check.${check.result}`)}{' '}
        {check.result !== 'missing' && <span>{say('bench.since', { time: clock(check.since) })}</span>}
      </p>
      {running && <p role="status">{say('bench.check-running')}</p>}
      <div class="bench-row">
        <button type="button" onClick={() => quietly(attempt, () => selfCheck(number, running ? 'stop' : 'start'))}>
          {say(running ? 'bench.check-stop' : 'bench.check-start')}
        </button>
      </div>
    </section>
  );
}
