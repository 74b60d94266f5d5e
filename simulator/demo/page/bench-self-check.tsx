/** The self-check of the day: its result, and the one that is going on. It is guided on the staff page. */
import type { CounterView } from '../hall-view.js';
import { selfCheck } from './demo-calls.js';
import { quietly, type Attempt } from './said.js';
import { useWords } from './words.js';

export function SelfCheckBench({ counter, attempt }: { counter: CounterView; attempt: Attempt }) {
  const { language, say } = useWords();
  const { number, selfCheck: check } = counter;
  if (check === null) return null;
  const time = new Intl.DateTimeFormat(language === 'zh' ? 'zh-CN' : 'en-GB', { timeStyle: 'short' });
  const running = check.running !== null;
  return (
    <section>
      <h3>{say('bench.check')}</h3>
      <p class={`check-${check.result}`}>
        {say(`check.${check.result}`)}{' '}
        {check.result !== 'missing' && <span>{say('bench.since', { time: time.format(check.since) })}</span>}
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
