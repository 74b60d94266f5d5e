/** Why service is paused: a usual reason by its number, or own words. The citizen's screen shows it. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { useDesk } from './desk-context.js';
import { WORDS, type WordKey } from './words.js';

const USUAL = [
  'pauseBreak',
  'pauseMeal',
  'pauseHandover',
  'pauseTraining',
  'pauseFault',
  'pauseUpkeep',
] as const satisfies readonly WordKey[];
const LONGEST_REASON = 40;

export function PauseDialog({ close, inSession }: { readonly close: () => void; readonly inSession: boolean }) {
  const { text, ask, say } = useDesk();
  const dialog = useRef<HTMLDialogElement>(null);
  const [own, setOwn] = useState('');

  useEffect(() => {
    dialog.current?.showModal();
    return () => dialog.current?.close();
  }, []);

  const pauseFor = async (reason: string) => {
    if (await ask('POST', '/v1/pause', { reason }, inSession ? 'pausesLater' : 'pausedNow')) close();
    else close();
  };
  const pauseForOwn = () => {
    const reason = own.trim();
    if (reason === '' || reason.length > LONGEST_REASON) say('slip', 'pauseOtherMissing');
    else void pauseFor(reason);
  };
  const digit = (event: KeyboardEvent) => {
    if (!/^[1-6]$/.test(event.key) || event.target instanceof HTMLInputElement) return;
    // It only marks: a scan that begins with a digit must pause nothing.
    dialog.current?.querySelectorAll<HTMLElement>('[data-reason]')[Number(event.key) - 1]?.focus();
  };

  return (
    <dialog
      ref={dialog}
      class="pause-dialog"
      aria-labelledby="pause-title"
      aria-describedby="pause-hint"
      onCancel={close}
      onKeyDown={digit}
    >
      <h2 id="pause-title" class="lead">
        {text('pauseTitle')}
      </h2>
      <p id="pause-hint" class="soft">
        {text('pauseHint')}
      </p>
      <ul class="reasons">
        {USUAL.map((key, index) => (
          <li key={key}>
            {/* The citizens read it, so it is said in the hall's first language. */}
            <button type="button" class="plain" data-reason onClick={() => void pauseFor(WORDS[key].zh)}>
              <kbd>{index + 1}</kbd> {text(key)}
            </button>
          </li>
        ))}
      </ul>
      <label class="row-label" for="own-reason">
        {text('pauseOther')}
      </label>
      <div class="own-reason">
        <input
          id="own-reason"
          class="field"
          maxLength={LONGEST_REASON}
          autocomplete="off"
          value={own}
          onInput={({ currentTarget }) => setOwn(currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && !event.isComposing) pauseForOwn();
          }}
        />
        <button type="button" class="primary" onClick={pauseForOwn}>
          {text('pause')}
        </button>
      </div>
      <button type="button" class="quiet" onClick={close}>
        {text('back')} <kbd>Esc</kbd>
      </button>
    </dialog>
  );
}
