/** Somebody else takes over at once: no sign-off first, and what is open stays open. */
import type { DeskView } from './desk.js';
import { useDesk, type Message } from './desk-context.js';
import { MessageLine } from './message-line.js';
import { SignOn } from './sign-on.js';
import { useModal } from './use-modal.js';
import type { SigningOn } from './use-sign-on.js';

export interface StandInDialogProps {
  readonly view: Pick<DeskView, 'roster' | 'state'>;
  readonly signing: SigningOn;
  readonly message: Message | null;
  readonly close: () => void;
}

export function StandInDialog({ view, signing, message, close }: StandInDialogProps) {
  const { text } = useDesk();
  const dialog = useModal();
  return (
    <dialog ref={dialog} class="pause-dialog sign-on" aria-labelledby="stand-in-title" onCancel={close}>
      <h2 id="stand-in-title" class="lead">
        {text('standInTitle')}
      </h2>
      {view.state === 'inSession' ? <p class="soft">{text('standInOpen')}</p> : null}
      <MessageLine message={message} />
      <SignOn roster={view.roster} signing={signing} first="" />
      <button type="button" class="quiet" onClick={close}>
        {text('notNow')} <kbd>Esc</kbd>
      </button>
    </dialog>
  );
}
