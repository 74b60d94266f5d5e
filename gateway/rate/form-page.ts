/**
 * The form: five levels, the reasons of the one that is chosen, words, send. The same steps for every level, in one
 * document; which reasons show follows the chosen level by style alone, so that it needs no script.
 */
import { MAX_TEXT_LENGTH, reasonsOf, type Level, type Reason } from '../../protocol/index.js';
import { html, keptHtml, type Html } from './html.js';
import type { Language } from './language.js';
import { layout } from './layout.js';
import { levelFace } from './level-faces.js';
import type { RatedThing } from './rate-door.js';
import { thingFacts } from './thing-facts.js';
import { LEVEL_WORDS, LEVELS_SHOWN, sayIn, type Say } from './words.js';

/** Something that may have a level of its own, beside the whole. */
export interface SinglePoint {
  readonly of: 'indicator' | 'matter';
  readonly code: string;
  readonly name: string;
}

export interface FormPage {
  readonly language: Language;
  readonly thing: RatedThing;
  /** Of the act that it makes: sent twice, it is the same act. */
  readonly actId: string;
  /** The act that it takes the place of. */
  readonly replaces?: string;
  readonly singles: readonly SinglePoint[];
  /** The list in force. */
  readonly reasons: readonly Reason[];
}

export function formPage({ language, thing, actId, replaces, singles, reasons }: FormPage): Html {
  const say = sayIn(language);
  const main = html`<h1 tabindex="-1">${say('title')}</h1>
    ${thingFacts(thing, language)} ${replaces === undefined ? null : html`<p class="card">${say('changing')}</p>`}
    <form method="post" data-not-sent="${say('notSent')}">
      <input
        type="hidden"
        name="id"
        value="${actId}"
      />${replaces === undefined ? null : html`<input type="hidden" name="replaces" value="${replaces}" />`}
      ${keptFields(singles, reasons, language)}
    </form>
    <p class="soft">${say('keptPrivate')}</p>`;
  return layout({ language, title: say('title'), main });
}

/** Of as many kinds of services as a hall serves in a quarter of an hour. */
const MOST_KEPT = 64;
const kept = new WeakMap<readonly Reason[], Map<string, Html>>();

/** What is asked: the same for every service of which the same single points are asked. */
function keptFields(singles: readonly SinglePoint[], reasons: readonly Reason[], language: Language): Html {
  const ofList = kept.get(reasons) ?? new Map<string, Html>();
  kept.set(reasons, ofList);
  const name = `${language} ${singles.length === 0 ? '' : JSON.stringify(singles)}`;
  const known = ofList.get(name);
  if (known !== undefined) return known;
  if (ofList.size >= MOST_KEPT) ofList.clear();
  const made = keptHtml(fields(singles, reasons, language));
  ofList.set(name, made);
  return made;
}

function fields(singles: readonly SinglePoint[], reasons: readonly Reason[], language: Language): Html {
  const say = sayIn(language);
  return html`<fieldset class="levels">
    <legend>${say('question')}</legend>
    ${LEVELS_SHOWN.map((level) => levelTarget(level, language, say))}
    ${LEVELS_SHOWN.map((level) => reasonChips(level, reasons, language, say))}
    ${singles.length === 0 ? null : singlePoints(singles, language, say)}
    <div class="say">
      <label for="text">${say('text')}</label>
      <p class="soft" id="text-hint">${say('textHint', { most: MAX_TEXT_LENGTH })}</p>
      <textarea id="text" name="text" rows="2" maxlength="${MAX_TEXT_LENGTH}" aria-describedby="text-hint"></textarea>
    </div>
    <div class="bar">
      <p role="alert" class="bad"></p>
      <button class="button send" data-send="${say('send')}" data-sending="${say('sending')}">${say('send')}</button>
    </div>
  </fieldset>`;
}

function levelTarget(level: Level, language: Language, say: Say): Html {
  const stars = '★'.repeat(level) + '☆'.repeat(5 - level);
  return html`<input type="radio" name="level" id="l${level}" value="${level}" required /><label
      class="level l${level}"
      for="l${level}"
      ><span class="at">${levelFace(level)}</span
      ><span class="told"
        ><span>${LEVEL_WORDS[level][language]}<span class="aloud">${say('levelAloud', { level })}</span></span
        ><span class="stars" aria-hidden="true">${stars}</span></span
      ></label
    >`;
}

function reasonChips(level: Level, reasons: readonly Reason[], language: Language, say: Say): Html {
  const chips = reasonsOf(level, reasons).map(
    (reason) =>
      html`<input type="checkbox" name="reason" value="${reason.code}" id="r${reason.code}" /><label
          for="r${reason.code}"
          >${reason[language]}</label
        >`,
  );
  return html`<fieldset class="why l${level}">
    <legend>${say('reasons')}</legend>
    <div class="chips">${chips}</div>
  </fieldset>`;
}

function singlePoints(singles: readonly SinglePoint[], language: Language, say: Say): Html {
  const rows = singles.map(({ of, code, name }, at) => {
    const levels = LEVELS_SHOWN.map(
      (level) =>
        html`<input type="radio" name="mark.${of}.${code}" value="${level}" id="m${at}-${level}" /><label
            for="m${at}-${level}"
            >${LEVEL_WORDS[level][language]}</label
          >`,
    );
    return html`<fieldset class="single">
      <legend>${name}</legend>
      <div class="chips">${levels}</div>
    </fieldset>`;
  });
  return html`<details>
    <summary>${say('single')}</summary>
    ${rows}
  </details>`;
}
