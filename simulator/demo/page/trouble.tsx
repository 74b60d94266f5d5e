/** What anybody may pull and kill at a counter, in one row. */
import type { CounterView } from '../hall-view.js';
import type { TextKey } from './catalogue.js';
import { kill, setPaper, setSwitch } from './demo-calls.js';
import { quietly, type Attempt } from './said.js';
import { Switch } from './switch.js';
import { useWords } from './words.js';

export function Trouble({ counter, attempt }: { counter: CounterView; attempt: Attempt }) {
  const { say } = useWords();
  const { number, switches, paper } = counter;
  const label = (key: TextKey) => say('fault.of-window', { what: say(key), n: number });
  const plug = (key: 'network' | 'board' | 'printer' | 'screen') => (
    <Switch
      text={say(`fault.${key}`)}
      label={label(`fault.${key}`)}
      on={switches[key] === 'on'}
      onChange={(on) =>
        quietly(attempt, () => setSwitch(key === 'network' ? 'terminal-network' : key, number, on ? 'on' : 'cut'))
      }
    />
  );
  return (
    <div class="trouble" role="group" aria-label={`${say('fault.heading')}: ${say('counter.window', { n: number })}`}>
      {plug('network')}
      {plug('board')}
      {plug('printer')}
      {plug('screen')}
      <Switch
        text={say('fault.paper')}
        label={label('fault.paper')}
        on={paper !== 'out'}
        onChange={(on) => quietly(attempt, () => setPaper(number, on ? 'ok' : 'out'))}
      />
      <button
        type="button"
        class="danger kill"
        aria-label={say('fault.kill-of', { n: number })}
        onClick={() =>
          attempt(async () => {
            await kill(`terminal-${number}`);
            return { key: 'said.killed', good: true };
          })
        }
      >
        {say('fault.kill')}
      </button>
    </div>
  );
}
