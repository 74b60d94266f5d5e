/** The parts: each with its state at the foot of the page, and what to do about those that do not work. */
import type { DeskView } from './desk.js';
import { useDesk } from './desk-context.js';
import { Mark } from './mark.js';
import { partsShown } from './part-states.js';

type PartsOf = Pick<DeskView, 'parts' | 'paper' | 'backlog'>;

export function PartStrip({ view }: { readonly view: PartsOf }) {
  const { text } = useDesk();
  return (
    <footer class="part-strip">
      <ul aria-label={text('parts')}>
        {partsShown(view).map(({ part, condition, name, state }) => (
          <li key={part} class={`part ${condition}`} data-part={part}>
            <Mark condition={condition} />
            <span>{text(name)}</span> <span class="part-state">{text(state)}</span>
          </li>
        ))}
      </ul>
      {view.backlog > 0 ? <p class="backlog">{text('backlog', { total: view.backlog })}</p> : null}
    </footer>
  );
}

export function PartAdvice({ view }: { readonly view: PartsOf }) {
  const { text } = useDesk();
  const advised = partsShown(view).filter(({ advice }) => advice !== null);
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
                    {text(name)} {text(state)}
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
}
