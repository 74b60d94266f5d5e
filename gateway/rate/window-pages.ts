/** The page of a window's fixed code (D §13): a case number and a second factor are exchanged for a pass. */
import { isPjqError, PjqError, type ErrorCode } from '../../protocol/index.js';
import { html, type Html } from './html.js';
import type { Language } from './language.js';
import { layout } from './layout.js';
import type { PageAnswer, PageRequest, PageRoute } from './page-route.js';
import { refusalSentence } from './refusal-words.js';
import type { SecondFactor, WindowDoor } from './window-door.js';
import { sayIn } from './words.js';

const MOST_WINDOW = 20;
const MOST_CASE_NO = 64;
const MOST_FACTOR = 12;

interface WindowForm {
  readonly language: Language;
  readonly window: string;
  readonly asks: SecondFactor;
  /** As it was typed before. */
  readonly caseNo?: string;
  /** A code was asked for; whether one was sent is told nobody. */
  readonly codeAsked?: boolean;
  readonly fault?: ErrorCode;
}

export function windowPages(door: WindowDoor): PageRoute[] {
  return [
    {
      method: 'GET',
      path: '/w/:window',
      handle: async (request) => {
        const { language } = request;
        return { status: 200, html: windowForm({ language, window: windowOf(request), asks: door.asks }) };
      },
    },
    { method: 'POST', path: '/w/:window', handle: (request) => enter(door, request) },
  ];
}

async function enter(door: WindowDoor, request: PageRequest): Promise<PageAnswer> {
  const { language, form, caller } = request;
  const window = windowOf(request);
  const caseNo = (form.get('caseNo') ?? '').slice(0, MOST_CASE_NO);
  const again = { language, window, asks: door.asks, caseNo };
  if (form.get('do') === 'send') {
    await door.sendCode(window, caseNo, caller);
    return { status: 200, html: windowForm({ ...again, codeAsked: true }) };
  }
  try {
    const factor = (form.get('factor') ?? '').slice(0, MOST_FACTOR);
    const { pass } = await door.enter(window, { caseNo, factor }, caller);
    return { status: 303, headers: { location: `../${pass}?lang=${language}` } };
  } catch (error) {
    if (!isPjqError(error, 'window-code-refused')) throw error;
    return { status: error.status, html: windowForm({ ...again, fault: error.code }) };
  }
}

function windowForm({ language, window, asks, caseNo = '', codeAsked = false, fault }: WindowForm): Html {
  const say = sayIn(language);
  const byCode = asks === 'sms-code';
  const main = html`<h1 tabindex="-1">${say('title')}</h1>
    <dl class="thing">
      <div>
        <dt>${say('window')}</dt>
        <dd>${say('windowNumber', { window })}</dd>
      </div>
    </dl>
    ${fault === undefined ? null : html`<p role="alert" class="card bad">${refusalSentence(fault, language)}</p>`}
    ${codeAsked ? html`<p role="status" class="card">${say('codeAsked')}</p>` : null}
    <form method="post">
      ${field({ id: 'caseNo', label: say('caseNo'), hint: say('caseNoHint'), value: caseNo, most: MOST_CASE_NO, inputmode: 'text' })}
      ${byCode ? html`<p class="say"><button class="button quiet" name="do" value="send" formnovalidate>${say('sendCode')}</button></p>` : null}
      ${field({
        id: 'factor',
        label: say(byCode ? 'smsCode' : 'lastFour'),
        hint: say(byCode ? 'smsCodeHint' : 'lastFourHint'),
        value: '',
        most: MOST_FACTOR,
        inputmode: 'numeric',
      })}
      <p class="say"><button class="button">${say('goOn')}</button></p>
    </form>`;
  return layout({ language, title: say('title'), main });
}

function field(about: {
  readonly id: string;
  readonly label: string;
  readonly hint: string;
  readonly value: string;
  readonly most: number;
  readonly inputmode: 'text' | 'numeric';
}): Html {
  const { id, label, hint, value, most, inputmode } = about;
  return html`<div class="say">
    <label for="${id}">${label}</label>
    <p class="soft" id="${id}-hint">${hint}</p>
    <input
      class="line"
      id="${id}"
      name="${id}"
      value="${value}"
      maxlength="${most}"
      inputmode="${inputmode}"
      autocomplete="off"
      autocapitalize="off"
      spellcheck="false"
      required
      aria-describedby="${id}-hint"
    />
  </div>`;
}

/** @throws PjqError `route-unknown`. */
function windowOf({ params }: PageRequest): string {
  const { window = '' } = params;
  if (window === '' || window.length > MOST_WINDOW) throw new PjqError('route-unknown');
  return window;
}
