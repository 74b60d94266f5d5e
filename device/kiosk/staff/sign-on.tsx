/** Who is at the counter: chosen from the roster, typed, or scanned from the badge. */
import { useRef, useState } from 'preact/hooks';
import { Chooser } from './chooser.js';
import type { DeskView } from './desk.js';
import { useDesk } from './desk-context.js';
import { lastStaff } from './memory.js';

export interface SignOnProps {
  readonly roster: DeskView['roster'];
  readonly signOn: (staffNo: string) => void;
}

export function SignOn({ roster, signOn }: SignOnProps) {
  const { text } = useDesk();
  const field = useRef<HTMLInputElement>(null);
  const [chosen, setChosen] = useState(lastStaff);
  const options = roster.map(({ staffNo, name, post }) => ({
    id: staffNo,
    main: post === null ? name : `${name} · ${post}`,
    side: staffNo,
  }));
  return (
    <section class="panel sign-on" aria-labelledby="sign-on-title">
      <h2 id="sign-on-title" class="lead">
        {text('signOn')}
      </h2>
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
        commit={signOn}
        commitTyped={signOn}
      />
      <button
        type="button"
        class="primary large"
        onClick={() => {
          const known = options.some(({ id }) => id === chosen);
          signOn(known ? chosen : (field.current?.value ?? ''));
        }}
      >
        {text('signOn')} <kbd>↵</kbd>
      </button>
    </section>
  );
}
