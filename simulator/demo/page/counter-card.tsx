/** One counter: its screen, keys and lamps, paper, what a clerk does there, and what can go wrong there. */
import { useEffect, useState } from 'preact/hooks';
import type { CounterView, ShownMatter, ShownStaff } from '../hall-view.js';
import { Bench } from './bench.js';
import { openService, pagesOf, pressKey, Refused } from './demo-calls.js';
import { KeyRow, type KeyLevel } from './key-row.js';
import { PaperRoll } from './paper-roll.js';
import type { Said } from './said.js';
import { ScreenFrame } from './screen-frame.js';
import { Trouble } from './trouble.js';
import { useWords } from './words.js';

const SAID_MS = 5_000;

/** A number as business systems make them: date, then a running number. */
function randomCaseNo(): string {
  const day = new Date().toLocaleDateString('sv-SE').replaceAll('-', '');
  return `${day}-${String(Math.floor(Math.random() * 100_000)).padStart(5, '0')}`;
}

export function CounterCard({
  counter,
  matters,
  staffList,
  guided,
}: {
  counter: CounterView;
  matters: readonly ShownMatter[];
  staffList: readonly ShownStaff[];
  guided: (part: 'open' | 'keys' | 'counter') => string;
}) {
  const { say } = useWords();
  const { number, staff, session, answers } = counter;
  const [said, setSaid] = useState<Said>();
  const [opening, setOpening] = useState(false);

  useEffect(() => {
    if (said === undefined) return;
    const timer = setTimeout(() => setSaid(undefined), SAID_MS);
    return () => clearTimeout(timer);
  }, [said]);

  const attempt = (work: () => Promise<Said | undefined>) =>
    work().then(setSaid, (error: unknown) =>
      setSaid({ key: 'said.failed', parameters: { why: (error as Error).message }, good: false }),
    );
  const open = () => {
    setOpening(true);
    void attempt(() => openSomehow(number, matters)).then(() => setOpening(false));
  };
  const press = (level: KeyLevel) =>
    void attempt(async () => {
      const end = await pressKey(number, level);
      return { key: `said.${end}`, good: end === 'accepted' || end === 'checked' };
    });
  const state = session?.state ?? 'down';

  return (
    <article class={`counter ${guided('counter')}`} aria-labelledby={`counter-${number}`}>
      <header class="counter-head">
        <h2 id={`counter-${number}`}>{say('counter.window', { n: number })}</h2>
        <span class="counter-staff">
          {staff === null
            ? say('counter.nobody')
            : [staff.name ?? staff.staffNo, staff.post].filter(Boolean).join(' · ')}
        </span>
        {counter.parts?.network !== 'connected' && (counter.backlog ?? 0) > 0 && (
          <span class="chip state-invited">{say('counter.backlog', { n: counter.backlog ?? 0 })}</span>
        )}
        <span class={`chip state-${state}`}>{say(`counter.state-${state}`)}</span>
      </header>
      <ScreenFrame
        counter={number}
        pagesId={answers ? counter.pagesId : null}
        cut={counter.switches.screen === 'cut'}
      />
      <KeyRow counter={counter} guided={guided('keys')} onPress={press} />
      <div class="counter-desk">
        <div class="clerk">
          <button type="button" class={`primary ${guided('open')}`} disabled={opening} onClick={open}>
            {say('counter.open')}
            <small>{say('counter.open-hint')}</small>
          </button>
          <StaffLink counter={counter} />
          <p class={said?.good === false ? 'said warn' : 'said'} role="status">
            {said && say(said.key, said.parameters)}
          </p>
        </div>
        <PaperRoll counter={counter} />
      </div>
      <div class="counter-foot">
        <Trouble counter={counter} attempt={(work) => void attempt(work)} />
        <Bench counter={counter} staff={staffList} attempt={(work) => void attempt(work)} />
      </div>
    </article>
  );
}

/** Through the gateway as the hall's business system does; where there is no way to it, at the window itself. */
async function openSomehow(counter: number, matters: readonly ShownMatter[]): Promise<Said> {
  const matter = matters[Math.floor(Math.random() * matters.length)]?.code;
  const service = { caseNo: randomCaseNo(), ...(matter === undefined ? {} : { matter }) };
  const { caseNo } = service;
  try {
    await openService(counter, service);
    return { key: 'said.opened', parameters: { caseNo }, good: true };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    if (!['gateway-unreachable', 'unreachable'].includes(error.code))
      return { key: 'said.open-failed', parameters: { why: error.message }, good: false };
    await openService(counter, { ...service, locally: true });
    return { key: 'said.opened-locally', parameters: { caseNo }, good: true };
  }
}

function StaffLink({ counter: { number, pagesId } }: { counter: CounterView }) {
  const { say } = useWords();
  const [address, setAddress] = useState<string>();
  useEffect(() => {
    if (pagesId === null) return;
    pagesOf(number).then(
      ({ staff }) => setAddress(staff),
      // Down again: the next start tells another id.
      () => undefined,
    );
  }, [number, pagesId]);
  if (address === undefined) return null;
  return (
    <a href={address} target="_blank" rel="noopener noreferrer">
      {say('counter.staff-page')}
    </a>
  );
}
