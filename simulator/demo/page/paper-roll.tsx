/** The counter's printer: the newest slip hangs out of it, and opens large so that a phone can scan its code. */
import { useRef } from 'preact/hooks';
import type { CounterView } from '../hall-view.js';
import { useWords } from './words.js';

export function PaperRoll({ counter }: { counter: CounterView }) {
  const { say } = useWords();
  const large = useRef<HTMLDialogElement>(null);
  const { number, slip, paper } = counter;
  // Another number is another picture; so is the same slip once it is complete.
  const picture = slip && `api/terminals/${number}/paper.png?slip=${slip.n}${slip.complete ? '' : 'part'}`;
  return (
    <div class="printer">
      <div class="printer-mouth">
        <span>{say('paper.heading')}</span>
        {(paper === 'out' || paper === 'near-end') && (
          <strong class={paper === 'out' ? 'bad' : 'warn'}>{say(`paper.${paper}`)}</strong>
        )}
      </div>
      {picture === null ? (
        <p class="paper-none">{say('paper.none')}</p>
      ) : (
        <button
          key={picture}
          type="button"
          class="paper"
          aria-label={say('paper.newest', { n: number })}
          onClick={() => large.current?.showModal()}
        >
          <img src={picture} alt="" />
        </button>
      )}
      <dialog ref={large} class="paper-large" aria-label={say('paper.large')}>
        <p>{say('paper.large')}</p>
        {picture !== null && (
          <div class="paper-scroll" tabIndex={0} role="group" aria-label={say('paper.large')}>
            <img src={picture} alt={say('paper.newest', { n: number })} />
          </div>
        )}
        <button type="button" class="primary" onClick={() => large.current?.close()}>
          {say('paper.close')}
        </button>
      </dialog>
    </div>
  );
}
