/**
 * Asks for a PIN, by keys or by touch. Its digits are in a variable until they are sent and nowhere else: the field
 * holds only dots, so that no browser offers to keep them, nothing can be copied and no history has them.
 */
import { useRef, useState } from 'preact/hooks';
import type { RosterMember } from './desk.js';
import { useDesk } from './desk-context.js';

const LONGEST_PIN = 32;
const DIGITS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '0'];

export interface PinPadProps {
  readonly member: RosterMember;
  readonly send: (digits: string) => void;
  readonly back: () => void;
}

export function PinPad({ member, send, back }: PinPadProps) {
  const { text } = useDesk();
  const digits = useRef('');
  const [length, setLength] = useState(0);
  const put = (now: string) => {
    digits.current = now.slice(0, LONGEST_PIN);
    setLength(digits.current.length);
  };
  const commit = () => {
    const typed = digits.current;
    put('');
    send(typed);
  };
  const pressed = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const digit = digitOf(event);
    if (digit !== null) put(digits.current + digit);
    else if (event.key === 'Backspace') put(digits.current.slice(0, -1));
    else if (event.key === 'Enter') commit();
    else if (event.key === 'Escape') back();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div class="pin">
      <div class="pin-words">
        <p class="pin-whose">
          {member.name} <span class="soft">{member.staffNo}</span>
        </p>
        <label class="row-label" for="pin">
          {text('pin')}
        </label>
        <input
          id="pin"
          class="field pin-field"
          readOnly
          data-home
          autocomplete="off"
          value={'•'.repeat(length)}
          aria-describedby="pin-typed"
          ref={(field) => field?.focus()}
          onKeyDown={pressed}
        />
        <p id="pin-typed" class="aloud" role="status">
          {text('pinTyped', { length })}
        </p>
        <div class="actions">
          <button type="button" class="primary" onClick={commit}>
            {text('signOn')} <kbd>↵</kbd>
          </button>
          <button type="button" class="plain" onClick={back}>
            {text('back')}
          </button>
        </div>
      </div>
      {/* The field keeps the focus, so that touch and keys may take turns. */}
      <div class="pin-keys" role="group" aria-label={text('pinKeys')} onMouseDown={(event) => event.preventDefault()}>
        {DIGITS.map((digit) => (
          <button key={digit} type="button" class="plain pin-key" onClick={() => put(digits.current + digit)}>
            {digit}
          </button>
        ))}
        <button type="button" class="plain pin-key pin-back" onClick={() => put(digits.current.slice(0, -1))}>
          {text('pinErase')}
        </button>
      </div>
    </div>
  );
}

/** A Chinese input method may hide the sign, but not the key. */
function digitOf({ key, code, shiftKey }: KeyboardEvent): string | null {
  if (/^[0-9]$/.test(key)) return key;
  return shiftKey ? null : (/^(?:Digit|Numpad)([0-9])$/.exec(code)?.[1] ?? null);
}
