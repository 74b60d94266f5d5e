/** The two states in which nothing can be opened. */
import { useDesk } from './desk-context.js';

export function PausedService({ reason }: { readonly reason: string | null }) {
  const { text, ask } = useDesk();
  return (
    <section class="panel standstill" aria-labelledby="paused-title">
      <h2 id="paused-title" class="lead">
        {text('paused')}
      </h2>
      {reason === null ? null : <p>{text('pausedFor', { reason })}</p>}
      <button
        type="button"
        class="primary large"
        data-home
        onClick={() => void ask('POST', '/v1/resume', {}, 'resumed')}
      >
        {text('resume')} <kbd>F8</kbd>
      </button>
    </section>
  );
}

export function OutOfService() {
  const { text } = useDesk();
  return (
    <section class="panel standstill bad" aria-labelledby="out-title">
      <h2 id="out-title" class="lead">
        {text('outOfService')}
      </h2>
      <p>{text('outOfServiceHint')}</p>
    </section>
  );
}
