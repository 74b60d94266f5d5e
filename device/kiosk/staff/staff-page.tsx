/** The page as a whole: who is at the counter, what is open, what ended, how the parts stand. */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { call, type Problem } from '../shared/call.js';
import { textOf } from '../shared/catalogue.js';
import { LANGUAGE_TAGS, languageOf, otherLanguage, type Language } from '../shared/language.js';
import { DeskProvider, type Desk, type Message } from './desk-context.js';
import { lastLanguage, rememberLanguage } from './memory.js';
import { focusHome, useHomeFocus } from './use-home-focus.js';
import { useDeskView } from './use-desk-view.js';
import { Waiting } from './waiting.js';
import { WORDS } from './words.js';
import { Workplace } from './workplace.js';

const DONE_SHOWN_MS = 6_000;

function firstLanguage(): Language {
  return location.search.includes('lang=') ? languageOf(location.search) : (lastLanguage() ?? languageOf(''));
}

export function StaffPage({ firstSecret }: { readonly firstSecret: string | null }) {
  const { secret, link, view } = useDeskView(firstSecret);
  const [language, setLanguage] = useState(firstLanguage);
  const [message, setMessage] = useState<Message | null>(null);
  const asking = useRef(false);
  const text = useMemo(() => textOf(WORDS, language), [language]);
  useHomeFocus();

  useEffect(() => {
    document.documentElement.lang = LANGUAGE_TAGS[language];
    const window = view?.window ?? null;
    document.title = window === null ? text('title') : `${text('windowTitle', { window })} · ${text('title')}`;
  }, [language, view?.window]);

  useEffect(() => {
    if (message?.kind !== 'done') return;
    const timer = setTimeout(() => setMessage(null), DONE_SHOWN_MS);
    return () => clearTimeout(timer);
  }, [message]);

  const tell = (problem: Problem) => setMessage({ kind: 'problem', problem });
  const desk: Desk = {
    language,
    text,
    tell,
    say: (kind, key, parameters = {}) => setMessage({ kind, key, parameters }),
    hush: () => setMessage(null),
    ask: async (method, path, body, done, own = () => false) => {
      if (asking.current || secret === null) return false;
      asking.current = true;
      const reply = await call(secret, method, path, body);
      asking.current = false;
      if (!reply.ok) {
        if (!own(reply.problem)) tell(reply.problem);
      } else setMessage(done === null ? null : { kind: 'done', key: done, parameters: {} });
      // A button that was pressed is done with; the next scan belongs in the field.
      if (reply.ok && document.activeElement instanceof HTMLButtonElement) focusHome();
      return reply.ok;
    },
  };
  const switchLanguage = () => {
    const next = otherLanguage(language);
    rememberLanguage(next);
    setLanguage(next);
  };

  return (
    <DeskProvider value={desk}>
      {view === null || link === 'refused' ? (
        <Waiting link={link} switchLanguage={switchLanguage} />
      ) : (
        <Workplace view={view} live={link === 'live'} message={message} switchLanguage={switchLanguage} />
      )}
    </DeskProvider>
  );
}
