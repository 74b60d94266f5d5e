/**
 * The daily self-check on the citizen's side: what is to be touched, pressed or looked at, in both languages at once,
 * since whoever checks has not chosen one. Nothing of it belongs to a citizen.
 */
import { LANGUAGE_TAGS, otherLanguage, type Language } from '../shared/language.js';
import { LEVELS, type Level, type ShownCheck } from './kiosk-view.js';
import { LevelFace } from './level-face.js';
import { LEVEL_WORDS } from './level-targets.js';
import type { TerminalSession } from './terminal-session.js';
import { sayIn, type Word } from './words.js';

interface SelfCheckScreenProps {
  readonly session: TerminalSession;
  readonly check: ShownCheck;
  readonly language: Language;
}

const COLOURS: Readonly<Record<string, Word>> = {
  red: 'checkRed',
  green: 'checkGreen',
  blue: 'checkBlue',
  white: 'checkWhite',
  black: 'checkBlack',
};
/** The centre and the four corners, clockwise from the upper left. */
const POINTS = ['touch-1', 'touch-2', 'touch-3', 'touch-4', 'touch-5'];

export function SelfCheckScreen({ session, check: { step, target }, language }: SelfCheckScreenProps) {
  const colour = step === 'screen' && target !== null ? COLOURS[target] : undefined;
  if (colour !== undefined)
    return (
      <section class={`check-colour check-${target}`}>
        <h1 class="aloud">{sayIn(language)(colour)}</h1>
      </section>
    );
  const point = step === 'touch' ? POINTS.find((known) => known === target) : undefined;
  if (point !== undefined) return <TouchPoint key={point} point={point} session={session} language={language} />;
  const level = step === 'keys' ? LEVELS.find((known) => target === `key-${known}`) : undefined;
  return (
    <section class="check">
      <h1 class="check-title">{inBoth('checking', language)}</h1>
      {level === undefined ? (
        <p class="check-more">{inBoth('checkingMore', language)}</p>
      ) : (
        <AskedKey level={level} language={language} />
      )}
    </section>
  );
}

/** A phrase in both languages, one below the other. */
function inBoth(word: Word, language: Language, parameters: { readonly level?: Level } = {}) {
  const other = otherLanguage(language);
  return (
    <>
      <span>{sayIn(language)(word, parameters)}</span>
      <span class="check-other" lang={LANGUAGE_TAGS[other]}>
        {sayIn(other)(word, parameters)}
      </span>
    </>
  );
}

/** The keys in their order, the one to press among them. It is asked for, not chosen: it tells of nobody. */
function AskedKey({ level, language }: { readonly level: Level; readonly language: Language }) {
  return (
    <>
      <p class="check-more">{inBoth('checkKey', language, { level })}</p>
      <div class="check-keys" aria-hidden="true">
        {LEVELS.map((known) => (
          <span key={known} class={known === level ? `check-key check-key-asked level-${known}` : 'check-key'}>
            <LevelFace level={known} />
            <b>{known}</b>
          </span>
        ))}
      </div>
      <p class="check-level">{inBoth(LEVEL_WORDS[level], language)}</p>
    </>
  );
}

interface TouchPointProps {
  readonly point: string;
  readonly session: TerminalSession;
  readonly language: Language;
}

function TouchPoint({ point, session, language }: TouchPointProps) {
  return (
    <section class={`check check-touch check-${point}`}>
      <h1 class="check-title">{inBoth('checking', language)}</h1>
      <p class="check-more">{inBoth('checkTouch', language)}</p>
      {/* A finger only: Enter would prove nothing of the touch screen. */}
      <button
        type="button"
        class="check-point"
        aria-label={sayIn(language)('checkTouch')}
        onPointerDown={() => session.touchPoint(point)}
      />
    </section>
  );
}
