/**
 * A list that one chooses from by typing, by arrow or (where the options are numbered) by number key, after the
 * combobox pattern of the ARIA practices. Enter commits; leaving the field keeps what is marked.
 */
import type { RefObject } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { byDigit, digitOf, matching, type Option } from './choices.js';

export interface ChooserProps {
  readonly id: string;
  readonly field: RefObject<HTMLInputElement | null>;
  readonly options: readonly Option[];
  /** Id of the option that stands. */
  readonly chosen: string;
  /** Number keys choose while nothing is typed. */
  readonly digits?: boolean;
  /** The list stays open under the field instead of coming with the focus. */
  readonly standing?: boolean;
  readonly home?: boolean;
  readonly placeholder: string;
  /** Said when nothing of the list holds what was typed. */
  readonly none: string;
  readonly choose: (id: string) => void;
  readonly commit: (id: string) => void;
  /** An option was chosen by finger or mouse. */
  readonly picked?: (id: string) => void;
  /** Enter on something that no option holds. */
  readonly commitTyped?: (typed: string) => void;
  readonly escape?: () => void;
}

export function Chooser(props: ChooserProps) {
  const { id, field, options, chosen, digits = false, standing = false, home = false } = props;
  const [typed, setTyped] = useState<string | null>(null);
  const [place, setPlace] = useState(0);
  const [focused, setFocused] = useState(false);
  const listId = useId();
  const list = useRef<HTMLUListElement>(null);

  const shown = typed === null ? options : matching(options, typed);
  const active = typed === null ? options.find((option) => option.id === chosen) : shown[place];
  const open = standing || focused;
  const chosenOption = options.find((option) => option.id === chosen);

  useEffect(() => {
    if (open) list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  }, [open, active?.id]);

  const settle = (option: Option | undefined) => {
    setTyped(null);
    setPlace(0);
    if (option !== undefined) props.choose(option.id);
  };
  const move = (by: number) => {
    const now = active === undefined ? -1 : shown.indexOf(active);
    const next = Math.max(0, Math.min(shown.length - 1, now + by));
    if (typed === null) settle(shown[next]);
    else setPlace(next);
  };
  const pressed = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      move(event.key === 'ArrowDown' ? 1 : -1);
    } else if (event.key === 'Enter') {
      if (active !== undefined) {
        settle(active);
        props.commit(active.id);
      } else props.commitTyped?.(typed ?? '');
    } else if (event.key === 'Escape') {
      settle(undefined);
      props.escape?.();
    } else if (
      digits &&
      typed === null &&
      /^\d$/.test(event.key) &&
      !event.ctrlKey &&
      !event.altKey &&
      !event.metaKey
    ) {
      event.preventDefault();
      settle(byDigit(options, event.key));
    }
  };

  return (
    <div class={standing ? 'chooser standing' : 'chooser'}>
      <input
        id={id}
        ref={field}
        class="field"
        role="combobox"
        aria-expanded={open}
        aria-controls={listId}
        aria-autocomplete="list"
        {...(open && active !== undefined ? { 'aria-activedescendant': `${listId}-${shown.indexOf(active)}` } : {})}
        {...(home ? { 'data-home': true } : {})}
        autocomplete="off"
        spellcheck={false}
        placeholder={props.placeholder}
        value={typed ?? chosenOption?.main ?? ''}
        onInput={({ currentTarget }) => {
          setTyped(currentTarget.value);
          setPlace(0);
        }}
        onKeyDown={pressed}
        onFocus={({ currentTarget }) => {
          setFocused(true);
          currentTarget.select();
        }}
        onBlur={() => {
          setFocused(false);
          settle(typed === null || typed === '' ? undefined : active);
        }}
      />
      {/* The field has the keys; the list, though it scrolls, is no stop on the way to the next field. */}
      <ul id={listId} ref={list} role="listbox" tabIndex={-1} aria-labelledby={id} class="choices" hidden={!open}>
        {shown.map((option, index) => (
          <li
            key={option.id}
            id={`${listId}-${index}`}
            role="option"
            aria-selected={option === active}
            class="choice"
            // The field keeps the focus, so that Enter still commits.
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => {
              settle(option);
              props.picked?.(option.id);
            }}
          >
            {digits ? <kbd>{digitOf(options, option) ?? ''}</kbd> : null}
            <span class="choice-main">{option.main}</span>
            <span class="choice-side">{option.side}</span>
          </li>
        ))}
      </ul>
      {shown.length === 0 && open ? (
        <p class="choices none" role="status">
          {props.none}
        </p>
      ) : null}
    </div>
  );
}
