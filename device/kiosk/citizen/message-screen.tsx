/** Screens that only say something: a mark, a title, a line. */
import { CodePicture } from './code-picture.js';
import type { KioskView } from './kiosk-view.js';
import { BigMark, type MarkName } from './marks.js';
import type { Say } from './words.js';

interface MessageScreenProps {
  readonly mark: MarkName;
  readonly title: string;
  readonly more?: string;
  readonly reason?: string | undefined;
}

export function MessageScreen({ mark, title, more, reason }: MessageScreenProps) {
  return (
    <section class="message">
      <BigMark name={mark} />
      <h1 class="message-title">{title}</h1>
      {reason !== undefined && <p class="message-reason">{reason}</p>}
      {more !== undefined && <p class="message-more">{more}</p>}
    </section>
  );
}

export function ThanksScreen({ say }: { readonly say: Say }) {
  return <MessageScreen mark="tick" title={say('thanks')} more={say('thanksMore')} />;
}

interface EndedScreenProps {
  readonly how: 'unrated' | 'later';
  readonly view: KioskView;
  readonly say: Say;
}

/** The session is over without a rating: the phone is still a way. */
export function EndedScreen({ how, view, say }: EndedScreenProps) {
  const { later, slip } = view;
  const onSlip = how === 'later' && (slip === 'printing' || slip === 'printed');
  const title = say(how === 'unrated' ? 'over' : onSlip ? 'bySlip' : 'later');
  if (onSlip) {
    const more = say(slip === 'printing' ? 'slipPrinting' : 'slipPrinted');
    return <MessageScreen mark="slip" title={title} more={more} />;
  }
  if (later === null) return <MessageScreen mark="tick" title={title} more={say('overMore')} />;
  return (
    <section class="message message-coded">
      <CodePicture code={later} say={say} />
      <div>
        <h1 class="message-title">{title}</h1>
        <p class="message-more">{say(how === 'unrated' ? 'stillByPhone' : 'byScreen')}</p>
      </div>
    </section>
  );
}
