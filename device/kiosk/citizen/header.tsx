/** Where one is and what time it is; the same on every screen. */
import { useEffect, useState } from 'preact/hooks';
import { wordsOf } from '../shared/catalogue.js';
import { LANGUAGE_TAGS, otherLanguage, type Language } from '../shared/language.js';
import type { KioskView } from './kiosk-view.js';
import { WORDS, type Say } from './words.js';

interface HeaderProps {
  readonly view: KioskView | null;
  readonly language: Language;
  readonly say: Say;
  readonly onLanguage: () => void;
}

export function Header({ view, language, say, onLanguage }: HeaderProps) {
  const window = view?.window ?? null;
  return (
    <header class="header">
      <p class="hall">{wordsOf(view?.hall ?? WORDS.hall, language)}</p>
      {window !== null && <p class="window-tag">{say('window', { window })}</p>}
      <Clock language={language} timeZone={view?.timeZone} />
      <button type="button" class="language" lang={LANGUAGE_TAGS[otherLanguage(language)]} onClick={onLanguage}>
        {say('otherLanguage')}
      </button>
    </header>
  );
}

interface ClockProps {
  readonly language: Language;
  /** Until the terminal has told the hall's: the machine's own. */
  readonly timeZone: string | undefined;
}

function Clock({ language, timeZone }: ClockProps) {
  const now = useMinute();
  const tag = LANGUAGE_TAGS[language];
  const month = language === 'zh' ? 'long' : 'short';
  const inHall = timeZone === undefined ? {} : { timeZone };
  return (
    <p class="clock">
      <span class="clock-day">
        {now.toLocaleDateString(tag, { ...inHall, month, day: 'numeric', weekday: 'short' })}
      </span>
      <time class="clock-time">
        {now.toLocaleTimeString('zh-CN', { ...inHall, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })}
      </time>
    </p>
  );
}

const MINUTE_MS = 60_000;

function useMinute(): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setTimeout(() => setNow(new Date()), MINUTE_MS - (Date.now() % MINUTE_MS));
    return () => clearTimeout(timer);
  }, [now]);
  return now;
}
