/** What the check that is going on has looked at, the newest first. */
import { wordsOf } from '../shared/catalogue.js';
import { itemName } from './check-findings.js';
import { RESULTS } from './check-result.js';
import type { RunningCheck } from './desk.js';
import { useDesk } from './desk-context.js';
import { Mark } from './mark.js';

export function CheckedList({ done }: Pick<RunningCheck, 'done'>) {
  const { text, language } = useDesk();
  // What is not at this terminal is nothing to tell of.
  const told = done.filter(({ result, code }) => result !== 'skipped' || code !== undefined);
  return (
    <section class="panel recent" aria-labelledby="checked-title">
      <h2 id="checked-title">{text('checkList')}</h2>
      {told.length === 0 ? (
        <p class="soft">{text('checkListNone')}</p>
      ) : (
        // It scrolls by itself, so the keyboard must be able to stand in it.
        <ul class="checked-list" tabIndex={0} aria-labelledby="checked-title">
          {told.toReversed().map(({ item, result }) => (
            <li key={item} data-item={item} class={`part ${RESULTS[result].condition}`}>
              <Mark condition={RESULTS[result].condition} />
              <span class="checked-name">{wordsOf(itemName(item), language)}</span>
              <span class="part-state">{text(RESULTS[result].word)}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
