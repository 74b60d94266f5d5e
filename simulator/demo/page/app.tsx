/** The page as a whole: what this is, the counters, the hall behind them, the truth, and the guided minute. */
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { HallView } from '../hall-view.js';
import { sayIn, type Language } from './catalogue.js';
import { CounterCard } from './counter-card.js';
import { Guide } from './guide.js';
import { GUIDE_STEPS, followGuide, startGuide, type GuideState, type GuideTarget } from './guide-steps.js';
import { ZoneContext } from './hall-clock.js';
import { useHall } from './hall-feed.js';
import { Journeys } from './journeys.js';
import { TruthBox } from './truth-box.js';
import { Way } from './way.js';
import { useWords, WordsContext } from './words.js';

export function App() {
  const [language, setLanguage] = useState<Language>('zh');
  const words = useMemo(() => ({ language, say: sayIn(language) }), [language]);
  const { say } = words;
  useEffect(() => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
    document.title = say('page.title');
  }, [language, say]);
  return (
    <WordsContext.Provider value={words}>
      <Hall onLanguage={() => setLanguage(language === 'zh' ? 'en' : 'zh')} />
    </WordsContext.Provider>
  );
}

/** The guide begins by itself; `null` after it was skipped or read to its end. */
function useGuide(view: HallView | undefined) {
  const [guide, setGuide] = useState<GuideState | null | undefined>();
  useEffect(() => {
    if (view === undefined || view.starting.length > 0) return;
    setGuide((state) => (state === undefined ? startGuide(view) : state === null ? null : followGuide(state, view)));
  }, [view]);
  return {
    guide,
    restart: () => view && setGuide(startGuide(view)),
    end: () => setGuide(null),
    targets: (guide && GUIDE_STEPS[guide.step]?.targets) ?? [],
  };
}

function Hall({ onLanguage }: { onLanguage: () => void }) {
  const { language, say } = useWords();
  const { view, live } = useHall();
  const { guide, restart, end, targets } = useGuide(view);
  const guided = (target: GuideTarget) => (targets.includes(target) ? 'guided' : '');
  return (
    <ZoneContext.Provider value={view?.timeZone}>
      <header class="bar">
        <img src="./mark.svg" alt="" width="36" height="36" />
        <h1>
          {say('page.title')}
          {view && <span class="hall-name">{view.hall[language]}</span>}
        </h1>
        <button class="quiet" type="button" onClick={restart}>
          {say('page.guide')}
        </button>
        <button class="quiet" type="button" lang={language === 'zh' ? 'en' : 'zh-CN'} onClick={onLanguage}>
          {say('page.language')}
        </button>
      </header>
      <main>
        <section class="intro">
          <p class="lead">{say('page.what')}</p>
          <p>{say('page.real')}</p>
        </section>
        <div role="status">
          {!live && <p class="notice bad">{say('page.lost')}</p>}
          {(view === undefined || view.starting.length > 0) && <p class="notice">{say('page.starting')}</p>}
        </div>
        {guide && <Guide step={guide.step} onAgain={restart} onEnd={end} />}
        {view && (
          <>
            <section class="counters" aria-label={say('counters.heading')}>
              {view.counters.map((counter) => (
                <CounterCard
                  key={counter.number}
                  counter={counter}
                  matters={view.matters}
                  staffList={view.staff}
                  guided={(part) => guided(`${part}-${counter.number}` as GuideTarget)}
                />
              ))}
            </section>
            <div class="behind">
              <div class="behind-hall">
                <Way view={view} guided={guided} />
                <Journeys view={view} />
              </div>
              <TruthBox total={view.centre.total} guided={guided('truth')} />
            </div>
          </>
        )}
      </main>
    </ZoneContext.Provider>
  );
}
