/**
 * The counter's printer: its paper roll, the newest slip on top, older ones below it. A slip opens large so that a
 * phone can scan its code.
 */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { CounterView } from '../hall-view.js';
import { useWords } from './words.js';

type Slip = CounterView['slips'][number];

/** A window as large as a phone's screen; where the browser opens none, the link is followed. */
function asOnAPhone(event: MouseEvent): void {
  const { href } = event.currentTarget as HTMLAnchorElement;
  const phone = window.open(href, '_blank', 'popup,width=390,height=844');
  if (phone === null) return;
  phone.opener = null;
  event.preventDefault();
}

export function PaperRoll({ counter }: { counter: CounterView }) {
  const { say } = useWords();
  const [large, setLarge] = useState<Slip>();
  const roll = useRef<HTMLDivElement>(null);
  const { number, slips, paper } = counter;
  const newest = slips[0]?.n;
  // A new slip pushes the others on, wherever one had scrolled to.
  useEffect(() => {
    if (roll.current) roll.current.scrollTop = 0;
  }, [newest]);
  const nameOf = ({ n }: Slip) =>
    n === newest ? say('paper.newest', { n: number }) : say('paper.older', { n: number, m: n });
  // The same slip is another picture once it is complete.
  const pictureOf = ({ n, complete }: Slip) => `api/terminals/${number}/slips/${n}.png${complete ? '' : '?part'}`;
  return (
    <div class="printer">
      <div class="printer-mouth">
        <span>{slips.length < 2 ? say('paper.heading') : say('paper.count', { n: slips.length })}</span>
        {(paper === 'out' || paper === 'near-end') && (
          <strong class={paper === 'out' ? 'bad' : 'warn'}>{say(`paper.${paper}`)}</strong>
        )}
      </div>
      {slips.length === 0 ? (
        <p class="paper-none">{say('paper.none')}</p>
      ) : (
        <div class="roll" ref={roll} role="group" aria-label={say('paper.roll', { n: number })}>
          {slips.map((slip) => (
            <button key={slip.n} type="button" class="paper" aria-label={nameOf(slip)} onClick={() => setLarge(slip)}>
              <img src={pictureOf(slip)} alt="" loading="lazy" />
            </button>
          ))}
        </div>
      )}
      {large !== undefined && (
        <LargeSlip
          picture={pictureOf(large)}
          name={nameOf(large)}
          address={large.address}
          onClose={() => setLarge(undefined)}
        />
      )}
    </div>
  );
}

interface LargeSlipProps {
  picture: string;
  name: string;
  /** What its code says. */
  address: string | null;
  onClose: () => void;
}

function LargeSlip({ picture, name, address, onClose }: LargeSlipProps) {
  const { say } = useWords();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} class="paper-large" aria-label={say('paper.large')} onClose={onClose}>
      <p>{say('paper.large')}</p>
      <div class="paper-scroll" tabIndex={0} role="group" aria-label={say('paper.large')}>
        <img src={picture} alt={name} />
      </div>
      {address !== null && (
        <a class="paper-phone" href={address} target="_blank" rel="noreferrer" onClick={asOnAPhone}>
          {say('paper.phone')}
        </a>
      )}
      <button type="button" class="primary" onClick={() => dialog.current?.close()}>
        {say('paper.close')}
      </button>
    </dialog>
  );
}
