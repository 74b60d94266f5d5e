/** Who serves here: signing on by number and PIN, or by the badge, as at the staff page. */
import { useState } from 'preact/hooks';
import type { CounterView, ShownStaff } from '../hall-view.js';
import { staff as tellStaff } from './demo-calls.js';
import { quietly, type Attempt } from './said.js';
import { useWords } from './words.js';

export function DutyBench({
  counter,
  staff,
  attempt,
}: {
  counter: CounterView;
  staff: readonly ShownStaff[];
  attempt: Attempt;
}) {
  const { say } = useWords();
  const { number, staff: onDuty } = counter;
  const [chosen, setChosen] = useState(staff[0]?.staffNo ?? '');
  const [pin, setPin] = useState('');
  const member = staff.find(({ staffNo }) => staffNo === chosen);
  const label = (what: string) => say('fault.of-window', { what, n: number });
  const signOn = (who: { staffNo: string; pin?: string } | { badge: string }) => {
    setPin('');
    quietly(attempt, () => tellStaff(number, { do: 'sign-on', ...who }));
  };
  return (
    <section>
      <h3>{say('bench.duty')}</h3>
      <p>{onDuty === null ? say('counter.nobody') : `${onDuty.name ?? ''} ${onDuty.staffNo}`}</p>
      <form
        class="bench-row"
        onSubmit={(event) => {
          event.preventDefault();
          signOn({ staffNo: chosen, ...(member?.pin === true ? { pin } : {}) });
        }}
      >
        <select
          aria-label={label(say('bench.who'))}
          value={chosen}
          onChange={({ currentTarget }) => setChosen(currentTarget.value)}
        >
          {staff.map(({ staffNo, name }) => (
            <option key={staffNo} value={staffNo}>
              {name} {staffNo}
            </option>
          ))}
        </select>
        {member?.pin === true && (
          <input
            type="password"
            inputMode="numeric"
            autoComplete="off"
            required
            size={6}
            placeholder={say('bench.pin')}
            aria-label={label(say('bench.pin'))}
            value={pin}
            onInput={({ currentTarget }) => setPin(currentTarget.value)}
          />
        )}
        <button type="submit">{say('bench.sign-on')}</button>
        {member?.badge != null && (
          <button type="button" onClick={() => signOn({ badge: member.badge ?? '' })}>
            {say('bench.badge')}
          </button>
        )}
        <button
          type="button"
          disabled={onDuty === null}
          onClick={() => quietly(attempt, () => tellStaff(number, { do: 'sign-off' }))}
        >
          {say('bench.sign-off')}
        </button>
      </form>
    </section>
  );
}
