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
      <Clock language={language} />
      <button type="button" class="language" lang={LANGUAGE_TAGS[otherLanguage(language)]} onClick={onLanguage}>
        {say('otherLanguage')}
      </button>
    </header>
  );
}

function Clock({ language }: { readonly language: Language }) {
  const now = useMinute();
  const tag = LANGUAGE_TAGS[language];
  return (
    <p class="clock">
      <span class="clock-day">
        {now.toLocaleDateString(tag, { month: language === 'zh' ? 'long' : 'short', day: 'numeric', weekday: 'short' })}
      </span>
      <time class="clock-time">
        {now.toLocaleTimeString('zh-CN', { hour: '2-digit', minute: '2-digit', hour12: false })}
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
