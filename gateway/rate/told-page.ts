/** The pages that only tell something: received, rated, refused. None of them says a level. */
import type { ErrorCode } from '../../protocol/index.js';
import { html, type Html } from './html.js';
import type { Language } from './language.js';
import { layout } from './layout.js';
import type { Progress, RatedThing } from './rate-door.js';
import { refusalSentence } from './refusal-words.js';
import { thingFacts } from './thing-facts.js';
import { sayIn, type Say, type Word } from './words.js';

const STEPS: readonly (readonly [Progress, Word])[] = [
  ['received', 'progressReceived'],
  ['looked-into', 'progressLookedInto'],
  ['answered', 'progressAnswered'],
];

/** @param leftMs how long it may be changed yet, ms; 0: not at all. */
export function receivedPage(language: Language, thing: RatedThing, leftMs: number): Html {
  const say = sayIn(language);
  const change =
    leftMs <= 0
      ? null
      : html`<div class="change" data-change-ms="${leftMs}">
          <p>${say('changeWithin', { seconds: Math.ceil(leftMs / 1_000) })}</p>
          <a class="button quiet" href="?change=1&amp;lang=${language}">${say('change')}</a>
        </div>`;
  return told(
    language,
    say('received'),
    html`<div class="card">
        <p>${say('thanks')}</p>
        ${change}
      </div>
      ${thingFacts(thing, language)}`,
  );
}

export function ratedPage(language: Language, thing: RatedThing, progress: Progress | null): Html {
  const say = sayIn(language);
  return told(
    language,
    say('rated'),
    html`<div class="card">
        <p>${say('ratedMore')}</p>
        ${progress === null ? null : steps(progress, say)}
      </div>
      ${thingFacts(thing, language)}`,
  );
}

/** @param waitMs after how long it may be tried again, where that is known. */
export function refusedPage(language: Language, code: ErrorCode, waitMs?: number): Html {
  const say = sayIn(language);
  const title = say(code === 'route-unknown' ? 'nothingHere' : 'refused');
  return told(language, title, html`<div class="card"><p>${refusalSentence(code, language, waitMs)}</p></div>`);
}

function steps(progress: Progress, say: Say): Html {
  const items = STEPS.map(([step, word]) =>
    step === progress
      ? html`<li aria-current="step">${say(word)}${say('progressNow')}</li>`
      : html`<li>${say(word)}</li>`,
  );
  return html`<h2>${say('progress')}</h2>
    <ol class="steps">
      ${items}
    </ol>`;
}

function told(language: Language, title: string, body: Html): Html {
  return layout({
    language,
    title,
    main: html`<h1 tabindex="-1">${title}</h1>
      ${body}`,
  });
}
