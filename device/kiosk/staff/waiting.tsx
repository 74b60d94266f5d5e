/** Nothing to show yet, or nothing any more: the terminal is looked for, or does not take this page's secret. */
import type { Link } from '../shared/follow.js';
import { useDesk } from './desk-context.js';

export function Waiting({ link, switchLanguage }: { readonly link: Link; readonly switchLanguage: () => void }) {
  const { text } = useDesk();
  return (
    <main class="waiting">
      <section class="panel waiting-card">
        <h1>{text('title')}</h1>
        {link === 'refused' ? (
          <div role="alert">
            <p class="lead">{text('refused')}</p>
            <p>{text('refusedHint')}</p>
          </div>
        ) : (
          <p class="lead" role="status">
            {text('connecting')}
          </p>
        )}
        <button type="button" class="quiet" onClick={switchLanguage}>
          {text('language')}
        </button>
      </section>
    </main>
  );
}
