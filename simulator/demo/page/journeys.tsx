/** The newest services and how far each has come; whether it was rated, never how (I6). */
import type { HallView, JourneyRow } from '../hall-view.js';
import { useWords } from './words.js';

const MOST = 6;

export function Journeys({ view }: { view: HallView }) {
  const { say } = useWords();
  return (
    <section class="panel journeys" aria-labelledby="journeys">
      <h2 id="journeys">{say('journeys.heading')}</h2>
      <p class="soft">{say('journeys.no-level')}</p>
      {view.journeys.length === 0 ? (
        <p class="empty">{say('journeys.none')}</p>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">{say('journeys.window')}</th>
              <th scope="col">{say('journeys.case')}</th>
              <th scope="col">{say('journeys.terminal')}</th>
              <th scope="col">{say('journeys.gateway')}</th>
              <th scope="col">{say('journeys.centre')}</th>
            </tr>
          </thead>
          <tbody>
            {view.journeys.slice(0, MOST).map((row) => (
              <Row key={row.serviceId} row={row} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function Row({ row }: { row: JourneyRow }) {
  const { say } = useWords();
  const mark = (there: boolean) => (
    <td class={there ? 'there' : 'not-there'}>
      <span aria-hidden="true">{there ? '✓' : '…'}</span>
      <span class="aloud">{say(there ? 'journeys.there' : 'journeys.not-there')}</span>
    </td>
  );
  return (
    <tr>
      <td>{row.window}</td>
      <td class="case">{row.caseNo}</td>
      <td>{say(row.outcome === 'rated' ? 'journeys.rated' : 'journeys.not-rated')}</td>
      {mark(row.atGateway)}
      {row.outcome === 'rated' ? (
        mark(row.atCentre)
      ) : (
        <td class="not-there">
          <span aria-hidden="true">–</span>
          <span class="aloud">{say('journeys.nothing')}</span>
        </td>
      )}
    </tr>
  );
}
