/** The simulator's truth: the centre's ledger with levels. Nothing else on the page may tell one (I6). */
import { useEffect, useState } from 'preact/hooks';
import { clearActions, readTruth, type Truth } from './demo-calls.js';
import { useHallClock } from './hall-clock.js';
import { useWords } from './words.js';

const MOST = 8;

/** @param total another one means that the ledger has grown; null while the centre's program does not answer. */
export function TruthBox({ total, guided }: { total: number | null; guided: string }) {
  const { say } = useWords();
  const clock = useHallClock('medium');
  const [truth, setTruth] = useState<Truth>();
  useEffect(() => {
    if (total === null) return;
    let wanted = true;
    readTruth().then(
      (read) => wanted && setTruth(read),
      // The centre's program has just gone: its return changes `total`, and it is read then.
      () => undefined,
    );
    return () => {
      wanted = false;
    };
  }, [total]);
  return (
    <section class={`truth ${guided}`} aria-labelledby="truth">
      <h2 id="truth">{say('truth.heading')}</h2>
      <p class="soft">{say('truth.what')}</p>
      {total === null && <p class="notice bad">{say('truth.away')}</p>}
      {truth !== undefined && truth.total > 0 ? (
        <>
          <p class="truth-total">{say('truth.total', { n: truth.total })}</p>
          <ul class="truth-levels">
            {truth.byLevel.map((one) => (
              <li key={one.level} class={`level-${one.level}`}>
                {say(`level.${one.level}`)} <strong>{one.total}</strong>
              </li>
            ))}
          </ul>
          <ol class="ledger">
            {truth.ledger.slice(0, MOST).map((row) => (
              <li key={row.serviceId}>
                <time>{clock(row.receivedAt)}</time>
                <span>{say('counter.window', { n: row.window ?? '?' })}</span>
                <span class="case">{row.caseNo}</span>
                <strong class={`level-${row.satisfaction}`}>{say(`level.${row.satisfaction}`)}</strong>
              </li>
            ))}
          </ol>
        </>
      ) : (
        <p class="empty">{say('truth.none')}</p>
      )}
      <Recorder />
    </section>
  );
}

/** What was done here as a scenario. In this box, since it tells what was pressed. */
function Recorder() {
  const { say } = useWords();
  const [cleared, setCleared] = useState(false);
  // What could not be asked changes nothing: the old recording goes on.
  const unheard = () => undefined;
  return (
    <div class="recorder">
      <a class="button" href="api/actions.yaml" download="recorded.yaml" onClick={() => setCleared(false)}>
        {say('record.download')}
      </a>
      <button type="button" onClick={() => void clearActions().then(() => setCleared(true), unheard)}>
        {say('record.begin')}
      </button>
      <p class="soft" role="status">
        {say(cleared ? 'record.begun' : 'record.what')}
      </p>
    </div>
  );
}
