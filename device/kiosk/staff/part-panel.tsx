/** The parts: each with its state at the foot of the page, and what to do about those that do not work. */
import { RESULTS } from './check-result.js';
import type { DeskView } from './desk.js';
import { useDesk } from './desk-context.js';
import { hourOrDay } from './hour.js';
import { Mark } from './mark.js';
import { partsShown, type PartsOf } from './part-states.js';
import { usePartsSince } from './use-parts-since.js';

export function PartStrip({ view }: { readonly view: PartsOf & Pick<DeskView, 'selfCheck'> }) {
  const { text } = useDesk();
  const { result, since } = view.selfCheck.last;
  return (
    <footer class="part-strip">
      <ul aria-label={text('parts')}>
        {partsShown(view).map(({ part, condition, name, state }) => (
          <li key={part} class={`part ${condition}`} data-part={part}>
            <Mark condition={condition} />
            <span>{text(name)}</span> <span class="part-state">{text(state)}</span>
          </li>
        ))}
        <li class={`part ${RESULTS[result].condition}`} data-part="self-check">
          <Mark condition={RESULTS[result].condition} />
          <span>{text('check')}</span> <span class="part-state">{text(RESULTS[result].word)}</span>
          {result === 'missing' ? null : <time dateTime={new Date(since).toISOString()}>{hourOrDay(since)}</time>}
        </li>
      </ul>
      {view.backlog > 0 ? <p class="backlog">{text('backlog', { total: view.backlog })}</p> : null}
    </footer>
  );
}

export function PartAdvice({ view }: { readonly view: PartsOf }) {
  const { text } = useDesk();
  const parts = partsShown(view);
  const since = usePartsSince(parts);
  const advised = parts.filter(({ advice }) => advice !== null);
  return (
    <div role="status" class="advice-region">
      {advised.length === 0 ? null : (
        <section class="panel advice" aria-labelledby="advice-title">
          <h2 id="advice-title">{text('attention')}</h2>
          <ul>
            {advised.map(({ part, condition, name, state, advice }) => (
              <li key={part} data-advice={part}>
                <Mark condition={condition} />
                <p>
                  <strong>
                    {text(name)} {stateSince(text(state), since.get(part))}
                  </strong>{' '}
                  {advice === null ? '' : text(advice, { total: view.backlog })}
                </p>
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );

  function stateSince(state: string, at: number | undefined): string {
    return at === undefined ? state : text('stateSince', { state, time: hourOrDay(at) });
  }
}
