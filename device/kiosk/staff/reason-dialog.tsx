/** Why: a usual reason by its number, or own words. */
import { useState } from 'preact/hooks';
import { useDesk } from './desk-context.js';
import { useModal } from './use-modal.js';
import { WORDS, type WordKey } from './words.js';

const LONGEST_REASON = 40;

export interface ReasonDialogProps {
  readonly title: WordKey;
  readonly hint: WordKey;
  /** At most nine. */
  readonly usual: readonly WordKey[];
  /** What the button beside the own words says. */
  readonly commit: WordKey;
  /** @param reason in the hall's first language, or the own words. */
  readonly take: (reason: string) => void;
  readonly close: () => void;
}

export function ReasonDialog({ title, hint, usual, commit, take, close }: ReasonDialogProps) {
  const { text, say } = useDesk();
  const dialog = useModal();
  const [own, setOwn] = useState('');

  const takeOwn = () => {
    const reason = own.trim();
    if (reason === '' || reason.length > LONGEST_REASON) say('slip', 'reasonOtherMissing');
    else take(reason);
  };
  const digit = (event: KeyboardEvent) => {
    if (!/^[1-9]$/.test(event.key) || event.target instanceof HTMLInputElement) return;
    // It only marks: a scan that begins with a digit must commit nothing.
    dialog.current?.querySelectorAll<HTMLElement>('[data-reason]')[Number(event.key) - 1]?.focus();
  };

  return (
    <dialog
      ref={dialog}
      class="pause-dialog"
      aria-labelledby="reason-title"
      aria-describedby="reason-hint"
      onCancel={close}
      onKeyDown={digit}
    >
      <h2 id="reason-title" class="lead">
        {text(title)}
      </h2>
      <p id="reason-hint" class="soft">
        {text(hint)}
      </p>
      <ul class="reasons">
        {usual.map((key, index) => (
          <li key={key}>
            {/* It is kept and read by others, so it is said in the hall's first language. */}
            <button type="button" class="plain" data-reason onClick={() => take(WORDS[key].zh)}>
              <kbd>{index + 1}</kbd> {text(key)}
            </button>
          </li>
        ))}
      </ul>
      <label class="row-label" for="own-reason">
        {text('reasonOther')}
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
            if (event.key === 'Enter' && !event.isComposing) takeOwn();
          }}
        />
        <button type="button" class="primary" onClick={takeOwn}>
          {text(commit)}
        </button>
      </div>
      <button type="button" class="quiet" onClick={close}>
        {text('back')} <kbd>Esc</kbd>
      </button>
    </dialog>
  );
}
