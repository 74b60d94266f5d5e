/** What the screen shows, as data: what the terminal said, and the little that is the screen's own. Pure. */
import { FIRST_LANGUAGE, type Language } from '../shared/language.js';
import type { Choice, KioskView, Level, Notice } from './kiosk-view.js';

export interface Model {
  /** `starting`: nothing was heard yet. `noSecret`: nothing ever will be. */
  readonly link: 'starting' | 'live' | 'lost' | 'noSecret';
  readonly view: KioskView | null;
  /** When the terminal told the remaining time, on the page's clock. */
  readonly remainingAtMs: number;
  /** How many presses were received since the page was opened: each is answered anew. */
  readonly accepted: number;
  /** The level just pressed, for the moment that it is shown. */
  readonly shown: Level | null;
  /** Opened only while the reasons are on the screen. */
  readonly choice: Choice | null;
  /** The reasons as the citizen wants them, until the terminal has them. */
  readonly wanted: readonly string[] | null;
  /** The citizen said 完成; the terminal waits for the rest of the time to change. */
  readonly finished: boolean;
  readonly notice: Notice | null;
  readonly language: Language;
  /** What the next citizen finds. */
  readonly firstLanguage: Language;
}

export type ModelEvent =
  | { readonly type: 'link'; readonly link: Model['link'] }
  | { readonly type: 'view'; readonly view: KioskView; readonly timeTold: boolean; readonly nowMs: number }
  | { readonly type: 'accepted' }
  | { readonly type: 'shown'; readonly level: Level | null }
  | { readonly type: 'choice'; readonly choice: Choice | null }
  | { readonly type: 'wanted'; readonly codes: readonly string[] | null }
  | { readonly type: 'finished' }
  | { readonly type: 'notice'; readonly notice: Notice | null }
  | { readonly type: 'language'; readonly language: Language };

export function firstModel(language: Language = FIRST_LANGUAGE): Model {
  return {
    link: 'starting',
    view: null,
    remainingAtMs: 0,
    accepted: 0,
    shown: null,
    choice: null,
    wanted: null,
    finished: false,
    notice: null,
    language,
    firstLanguage: language,
  };
}

/** Nothing of a choice. */
const SECRETIVE = { shown: null, choice: null, wanted: null } as const;

export function reduce(model: Model, event: ModelEvent): Model {
  switch (event.type) {
    case 'link': {
      const link = event.link === 'lost' && model.view === null ? 'starting' : event.link;
      // Nobody hides it any more when its time is over.
      return link === 'live' ? { ...model, link } : { ...model, link, ...SECRETIVE };
    }
    case 'view':
      return viewed(model, event.view, event.timeTold ? event.nowMs : model.remainingAtMs);
    case 'accepted':
      return { ...model, accepted: model.accepted + 1, finished: false, notice: null };
    case 'shown':
      return { ...model, shown: model.view?.state === 'pressed' ? event.level : null };
    case 'choice':
      return { ...model, choice: model.view?.reasonsOpen === true ? event.choice : null };
    case 'wanted':
      return { ...model, wanted: model.choice === null ? null : event.codes };
    case 'finished':
      return model.view?.state === 'pressed' ? { ...model, ...SECRETIVE, finished: true } : model;
    case 'notice':
      return { ...model, notice: event.notice };
    case 'language':
      return { ...model, language: event.language };
  }
}

function viewed(model: Model, view: KioskView, remainingAtMs: number): Model {
  const pressed = view.state === 'pressed';
  return {
    ...model,
    view,
    remainingAtMs,
    ...(pressed ? {} : SECRETIVE),
    ...(view.reasonsOpen ? {} : { choice: null, wanted: null }),
    finished: pressed && model.finished && !view.reasonsOpen && view.marking === null,
    language: isNext(model.view, view) ? model.firstLanguage : model.language,
  };
}

/** Whether another citizen may stand here now: the farewell is over, or a service followed at once on another. */
function isNext(before: KioskView | null, now: KioskView): boolean {
  if (before === null) return false;
  const farewellOver = before.ended !== null && now.ended === null;
  const followed = before.service !== null && now.service !== null && before.service.caseNo !== now.service.caseNo;
  return farewellOver || followed;
}

export type Screen =
  | 'starting'
  | 'noSecret'
  | 'offDuty'
  | 'outOfService'
  | 'paused'
  | 'idle'
  | 'selfCheck'
  | 'rating'
  | 'reasons'
  | 'thing'
  | 'thanks'
  | 'unrated'
  | 'later';

export function screenOf({ link, view, choice, finished }: Model): Screen {
  if (link === 'noSecret') return 'noSecret';
  if (view === null) return 'starting';
  // An invitation comes first, whatever else is going on.
  if (view.selfCheck != null && view.state !== 'invited' && view.state !== 'pressed') return 'selfCheck';
  switch (view.state) {
    case 'offDuty':
    case 'outOfService':
      return view.state;
    case 'idle':
    case 'paused':
      return view.ended === 'rated' ? 'thanks' : (view.ended ?? view.state);
    case 'invited':
      return 'rating';
    case 'pressed':
      if (view.reasonsOpen && choice !== null) return 'reasons';
      if (view.marking !== null) return 'thing';
      return finished ? 'thanks' : 'rating';
  }
}
