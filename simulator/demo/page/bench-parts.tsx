/** How the terminal finds its parts, and since when. */
import { PART_NAMES, type CounterView } from '../hall-view.js';
import { useHallClock } from './hall-clock.js';
import { useWords } from './words.js';

export function PartsBench({ counter }: { counter: CounterView }) {
  const { say } = useWords();
  const clock = useHallClock('medium');
  const { parts, since, printerFault } = counter;
  const there = PART_NAMES.flatMap((name) => {
    const state = parts?.[name];
    return state === undefined || state === 'absent' ? [] : [{ name, state, since: since[name] }];
  });
  return (
    <section class="bench-parts">
      <h3>{say('bench.parts')}</h3>
      {parts === null && <p class="empty">{say('counter.state-down')}</p>}
      <ul>
        {there.map((part) => (
          <li key={part.name}>
            <span>{say(`part.${part.name}`)}</span>
            <strong class={`part-${part.state}`}>{say(`part.is-${part.state}`)}</strong>
            {part.name === 'printer' && printerFault !== null && (
              <strong class="part-degraded">{say(`printer.${printerFault}`)}</strong>
            )}
            {part.since !== undefined && (
              <time dateTime={new Date(part.since).toISOString()}>
                {say('bench.since', { time: clock(part.since) })}
              </time>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
