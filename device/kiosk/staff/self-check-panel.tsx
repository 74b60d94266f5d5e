/** The guided check: one thing at a time, in both languages. What is asked comes from the terminal, with its time. */
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { textOf, type Text } from '../shared/catalogue.js';
import { LANGUAGE_TAGS, otherLanguage } from '../shared/language.js';
import { questionOf, type Question } from './check-question.js';
import type { CheckStep, RunningCheck } from './desk.js';
import { useDesk } from './desk-context.js';
import { WORDS, type WordKey } from './words.js';

const SECOND_MS = 1_000;
const KEYS = [5, 4, 3, 2, 1];

export function SelfCheckPanel({ running }: { readonly running: RunningCheck }) {
  const { text, ask } = useDesk();
  const { step, done, total } = running;
  const seconds = useSecondsLeft(running);
  const question = questionOf(step);
  const answer = (ok: boolean) => {
    if (step?.target == null) return;
    void ask('POST', '/v1/self-check/answer', { step: step.name, target: step.target, ok }, null);
  };

  // In step with what is on the page: an answer must not meet the question before.
  useLayoutEffect(() => {
    const heard = (event: KeyboardEvent) => {
      if (!question.answers || document.querySelector('dialog[open], [inert]') !== null) return;
      if (event.key !== 'F9' && event.key !== 'F10') return;
      event.preventDefault();
      if (!event.repeat) answer(event.key === 'F9');
    };
    addEventListener('keydown', heard);
    return () => removeEventListener('keydown', heard);
  });

  return (
    <section class="panel check" aria-labelledby="check-title">
      <div class="check-head">
        <h2 id="check-title">{text('checkRunning')}</h2>
        <p>{text('checkDone', { done: done.length, total })}</p>
        <p class="check-time">{text('checkLeft', { seconds })}</p>
      </div>
      <progress class="check-progress" max={total} value={done.length} aria-labelledby="check-title" />
      <Asked question={question} step={step} />
      <div class="actions">
        {question.answers ? (
          <>
            <button type="button" class="primary check-answer" onClick={() => answer(true)}>
              {text('yes')} <kbd>F9</kbd>
            </button>
            <button type="button" class="plain check-answer" onClick={() => answer(false)}>
              {text('no')} <kbd>F10</kbd>
            </button>
          </>
        ) : null}
        {question.again === null ? null : (
          <button type="button" class="plain" onClick={() => void ask('POST', '/v1/self-check/again', {}, null)}>
            {text(question.again)}
          </button>
        )}
        <button
          type="button"
          class="quiet check-stop"
          onClick={() => void ask('DELETE', '/v1/self-check', {}, 'checkStopped')}
        >
          {text('checkStop')}
        </button>
      </div>
    </section>
  );
}

function Asked({ question, step }: { readonly question: Question; readonly step: CheckStep | null }) {
  const { text, language } = useDesk();
  const other = otherLanguage(language);
  const { key } = question;
  return (
    <div class="check-asked" role="status">
      <p class="check-question">{sentence(question, text)}</p>
      <p class="check-question-too" lang={LANGUAGE_TAGS[other]}>
        {sentence(question, textOf(WORDS, other))}
      </p>
      {key === undefined ? null : (
        <p class="check-keys" aria-hidden="true">
          {KEYS.map((level) => (
            <span key={level} class={level === key.level ? 'check-key asked' : 'check-key'}>
              {level}
            </span>
          ))}
        </p>
      )}
      {step !== null && step.attempt > 1 ? <p class="soft">{text('checkAttempt', { attempt: step.attempt })}</p> : null}
    </div>
  );
}

function sentence({ ask, filled, key }: Question, text: Text<WordKey>): string {
  if (key !== undefined) return `${text(ask, { key: key.level })} · ${text(key.place)}`;
  return text(ask, filled === undefined ? {} : { [filled.name]: text(filled.word) });
}

/** Runs down between what the terminal tells. */
function useSecondsLeft({ id, remainingMs }: RunningCheck): number {
  const told = useRef({ id, remainingMs, atMs: performance.now() });
  if (told.current.id !== id || told.current.remainingMs !== remainingMs)
    told.current = { id, remainingMs, atMs: performance.now() };
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick((count) => count + 1), SECOND_MS);
    return () => clearInterval(timer);
  }, []);
  const leftMs = remainingMs - (performance.now() - told.current.atMs);
  return Math.max(0, Math.ceil(leftMs / SECOND_MS));
}
