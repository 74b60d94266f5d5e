/** The open service. Nothing here tells whether the citizen has pressed (I6). */
import { useEffect, useState } from 'preact/hooks';
import type { DeskView } from './desk.js';
import { useDesk } from './desk-context.js';
import { printSaying } from './print-saying.js';

export function CurrentService({ view }: { readonly view: DeskView }) {
  const { text, ask } = useDesk();
  const { service, pausedFor } = view;
  const [asking, setAsking] = useState(false);
  const canPrint = view.parts.printer !== 'absent';
  const path = service === null ? '' : `/v1/services/${encodeURIComponent(service.serviceId)}`;
  const invite = () => ask('POST', `${path}/invite`, {}, 'invited');
  const print = () => ask('POST', `${path}/receipt`, {}, printSaying(view));

  useEffect(() => setAsking(false), [service?.serviceId]);
  useEffect(() => {
    const heard = (event: KeyboardEvent) => {
      if (service === null || document.querySelector('dialog[open], [inert]') !== null) return;
      if (event.key === 'F2') void invite();
      else if (event.key === 'F4' && !event.altKey && canPrint) void print();
      else return;
      event.preventDefault();
    };
    addEventListener('keydown', heard);
    return () => removeEventListener('keydown', heard);
  });

  if (service === null)
    return (
      <section class="panel current empty" aria-label={text('nothingOpen')}>
        <p class="current-none">{text('nothingOpen')}</p>
        <p class="soft">{text('nothingOpenHint')}</p>
      </section>
    );
  return (
    <section class="panel current" aria-labelledby="current-title">
      <div class="current-head">
        <h2 id="current-title">{text('inSession')}</h2>
        <span class="tag">{text(service.stage)}</span>
      </div>
      <p class="current-case">{service.caseNo}</p>
      <p class="current-matter">{service.matter ?? text('matterNone')}</p>
      {pausedFor === null ? (
        <p class="soft">{text('inSessionHint')}</p>
      ) : (
        <p class="pause-waiting">
          {text('pauseWaiting', { reason: pausedFor })}
          <button type="button" class="quiet" onClick={() => void ask('POST', '/v1/resume', {}, 'resumed')}>
            {text('pauseUndo')}
          </button>
        </p>
      )}
      {asking ? (
        <AskOnce
          question={text('cancelAsk')}
          yes={() => void ask('POST', `${path}/cancel`, {}, 'cancelled')}
          no={() => setAsking(false)}
        />
      ) : (
        <div class="actions">
          <button type="button" class="plain" onClick={() => void invite()}>
            {text('invite')} <kbd>F2</kbd>
          </button>
          {canPrint ? (
            <button type="button" class="plain" onClick={() => void print()}>
              {text('print')} <kbd>F4</kbd>
            </button>
          ) : null}
          <button type="button" class="plain danger" onClick={() => setAsking(true)}>
            {text('cancel')}
          </button>
        </div>
      )}
    </section>
  );
}

export interface AskOnceProps {
  readonly question: string;
  readonly yes: () => void;
  readonly no: () => void;
}

/** Asks before something that is not undone; the harmless answer has the focus. */
export function AskOnce({ question, yes, no }: AskOnceProps) {
  const { text } = useDesk();
  return (
    <div
      class="ask-once"
      role="group"
      aria-label={question}
      onKeyDown={({ key }) => {
        if (key === 'Escape') no();
      }}
    >
      <p role="alert">{question}</p>
      <div class="actions">
        <button type="button" class="plain" ref={(button) => button?.focus()} onClick={no}>
          {text('back')}
        </button>
        <button type="button" class="plain danger" onClick={yes}>
          {text('sure')}
        </button>
      </div>
    </div>
  );
}
