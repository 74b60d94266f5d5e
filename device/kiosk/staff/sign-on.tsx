/** Who is at the counter: chosen from the roster, typed, or scanned from the badge; with a PIN where one is set. */
import { useRef, useState } from 'preact/hooks';
import { Chooser } from './chooser.js';
import type { RosterMember } from './desk.js';
import { useDesk } from './desk-context.js';
import { lastStaff } from './memory.js';
import { PinPad } from './pin-pad.js';
import type { SigningOn } from './use-sign-on.js';

export interface SignOnProps {
  readonly roster: readonly RosterMember[];
  readonly signing: SigningOn;
  /** Who is chosen at first. */
  readonly first?: string;
}

export function SignOn({ roster, signing, first = lastStaff() }: SignOnProps) {
  const { text } = useDesk();
  const field = useRef<HTMLInputElement>(null);
  const [chosen, setChosen] = useState(first);
  if (signing.asked !== null) return <PinPad member={signing.asked} send={signing.pin} back={signing.back} />;
  const options = roster.map(({ staffNo, name, post }) => ({
    id: staffNo,
    main: post === null ? name : `${name} · ${post}`,
    side: staffNo,
  }));
  return (
    <>
      <p class="soft">{text('signOnHint')}</p>
      <label class="row-label" for="staff-no">
        {text('staffSearch')}
      </label>
      <Chooser
        id="staff-no"
        field={field}
        options={options}
        chosen={chosen}
        standing
        home
        placeholder=""
        none={text('staffNone')}
        choose={setChosen}
        commit={signing.number}
        commitTyped={signing.number}
        // Whoever has a PIN is asked for it at once: that confirms the choice.
        picked={(staffNo) => {
          if (roster.some((member) => member.staffNo === staffNo && member.pin)) signing.number(staffNo);
        }}
      />
      <button
        type="button"
        class="primary large"
        onClick={() => {
          const known = options.some(({ id }) => id === chosen);
          signing.number(known ? chosen : (field.current?.value ?? ''));
        }}
      >
        {text('signOn')} <kbd>↵</kbd>
      </button>
    </>
  );
}

export function SignOnPanel(props: SignOnProps) {
  const { text } = useDesk();
  return (
    <section class="panel sign-on" aria-labelledby="sign-on-title">
      <h2 id="sign-on-title" class="lead">
        {text('signOn')}
      </h2>
      <SignOn {...props} />
    </section>
  );
}
