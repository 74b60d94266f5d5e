/** The services that ended: whether they were rated, and nothing more. */
import type { DeskView, RecentService } from './desk.js';
import { useDesk } from './desk-context.js';
import { hourOrDay } from './hour.js';
import { printSaying } from './print-saying.js';

export interface RecentServicesProps {
  readonly recent: readonly RecentService[];
  readonly canPrint: boolean;
  readonly view: Pick<DeskView, 'parts' | 'paper'>;
}

export function RecentServices({ recent, canPrint, view }: RecentServicesProps) {
  const { text, ask } = useDesk();
  const print = (serviceId: string) =>
    void ask('POST', `/v1/services/${encodeURIComponent(serviceId)}/receipt`, {}, printSaying(view));
  return (
    <section class="panel recent" aria-labelledby="recent-title">
      <h2 id="recent-title">{text('recent')}</h2>
      {recent.length === 0 ? (
        <p class="soft">{text('recentNone')}</p>
      ) : (
        // It scrolls by itself, so the keyboard must be able to stand in it.
        <ul class="recent-list" tabIndex={0} aria-labelledby="recent-title">
          {recent.map(({ serviceId, caseNo, matter, at, outcome }) => (
            <li key={serviceId}>
              <time dateTime={new Date(at).toISOString()}>{hourOrDay(at)}</time>
              <span class="recent-case">{caseNo}</span>
              <span class={outcome === 'rated' ? 'badge rated' : 'badge'}>
                {text(outcome === 'rated' ? 'rated' : 'notRated')}
              </span>
              <span class="recent-matter">{matter ?? ''}</span>
              {outcome === 'not-rated' && canPrint ? (
                <button
                  type="button"
                  class="quiet"
                  aria-label={text('printOf', { caseNo })}
                  onClick={() => print(serviceId)}
                >
                  {text('print')}
                </button>
              ) : null}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
