/** The page behind a pass: what may be rated, the act that was sent, and what became of it. */
import { PjqError, thingsOf, type Clock, type Indicator, type Randomness, type Reason } from '../../protocol/index.js';
import { formPage, type SinglePoint } from './form-page.js';
import type { Html } from './html.js';
import type { Language } from './language.js';
import type { PageAnswer, PageRequest, PageRoute } from './page-route.js';
import type { RateDoor, RatedThing, Standing } from './rate-door.js';
import { readAct } from './read-act.js';
import { ratedPage, receivedPage } from './told-page.js';

/** The form's cookie: which act this browser made. It is shown to the slip's own address only. */
export const ACT_COOKIE = 'pjq-act';
/** As long as somebody may want to read how far their matter is. */
const COOKIE_SECONDS = 60 * 86_400;

/** A receipt's code, or what a window's code was exchanged for. */
const PASS = /^[A-Za-z0-9_.-]{8,200}$/;

export interface RatingPagesParts {
  readonly door: RateDoor;
  readonly clock: Clock;
  readonly randomness: Randomness;
  /** Path of the public address, without a slash at its end. */
  readonly basePath: string;
  /** Whether the public address is https. */
  readonly secure: boolean;
  /** Address of the province's own page with `{token}` in it, which takes the place of ours. */
  readonly handOver: string | null;
  /** What the policy has rated beside the whole. */
  readonly indicators: readonly Indicator[];
  /** The reasons in force. */
  readonly reasons: () => readonly Reason[];
}

export function ratingPages(parts: RatingPagesParts): PageRoute[] {
  return [
    { method: 'GET', path: '/:pass', handle: (request) => show(parts, request) },
    { method: 'POST', path: '/:pass', handle: (request) => take(parts, request) },
  ];
}

async function show(parts: RatingPagesParts, request: PageRequest): Promise<PageAnswer> {
  const { door, handOver } = parts;
  const pass = passOf(request);
  const standing = await door.look(pass, request.caller);
  if (standing.state === 'open' && handOver !== null)
    return { status: 303, headers: { location: handOver.replaceAll('{token}', pass) } };
  const replaces = standing.state === 'changeable' && request.query.get('change') !== null ? standing.actId : undefined;
  if (standing.state !== 'open' && replaces === undefined)
    return { status: 200, html: standingPage(parts, request.language, standing) };
  return {
    status: 200,
    html: formPage({
      language: request.language,
      thing: standing.thing,
      actId: parts.randomness.newId(),
      ...(replaces === undefined ? {} : { replaces }),
      singles: singlesOf(parts, standing.thing, request.language),
      reasons: parts.reasons(),
    }),
  };
}

async function take(parts: RatingPagesParts, request: PageRequest): Promise<PageAnswer> {
  const { door, basePath, secure } = parts;
  const pass = passOf(request);
  const act = readAct(request.form);
  const standing = await door.rate(pass, act, request.caller);
  const cookie = `${ACT_COOKIE}=${act.id}; Path=${basePath}/${pass}; Max-Age=${COOKIE_SECONDS}; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;
  return {
    status: 200,
    html: standingPage(parts, request.language, standing),
    headers: { 'set-cookie': cookie },
  };
}

function standingPage({ clock }: RatingPagesParts, language: Language, standing: Standing): Html {
  if (standing.state === 'changeable') return receivedPage(language, standing.thing, standing.untilMs - clock.wallMs());
  return ratedPage(language, standing.thing, standing.state === 'rated' ? standing.progress : null);
}

function singlesOf({ indicators }: RatingPagesParts, thing: RatedThing, language: Language): readonly SinglePoint[] {
  const { stage, matters } = thing;
  if (stage === undefined) return [];
  const labelled = matters.map(({ code, name }) => ({ code, label: name }));
  return thingsOf(indicators, 'phone', stage, labelled).map(({ of, code, ...phrase }) => ({
    of,
    code,
    name: phrase[language],
  }));
}

/** @throws PjqError `token-malformed`. */
function passOf({ params }: PageRequest): string {
  const { pass = '' } = params;
  if (!PASS.test(pass)) throw new PjqError('token-malformed');
  return pass;
}
