/** On or off, as a switch. */
export function Switch({
  text,
  label,
  on,
  fault = false,
  disabled = false,
  onChange,
}: {
  text: string;
  /** Its accessible name: begins with the text. */
  label: string;
  on: boolean;
  /** Being on is what is wrong. */
  fault?: boolean;
  disabled?: boolean;
  onChange: (on: boolean) => void;
}) {
  return (
    <button
      type="button"
      role="switch"
      aria-checked={on}
      aria-label={label}
      class={fault ? 'switch is-fault' : 'switch'}
      disabled={disabled}
      onClick={() => onChange(!on)}
    >
      <span class="switch-track" aria-hidden="true" />
      {text}
    </button>
  );
}
