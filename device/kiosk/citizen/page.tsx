/** The frame of every screen: header, the time that is left, the screen, the one place for notices, the veil. */
import { useEffect } from 'preact/hooks';
import { LANGUAGE_TAGS } from '../shared/language.js';
import { Countdown } from './countdown.js';
import { Header } from './header.js';
import { NOTICE_WORDS } from './notice-words.js';
import { IdleScreen } from './idle-screen.js';
import { EndedScreen, MessageScreen, ThanksScreen } from './message-screen.js';
import { RatingScreen } from './rating-screen.js';
import { ReasonsScreen } from './reasons-screen.js';
import { screenOf, type Model } from './screen-model.js';
import { SelfCheckScreen } from './self-check-screen.js';
import type { TerminalSession } from './terminal-session.js';
import { ThingScreen } from './thing-screen.js';
import { useStaffPicture } from './staff-photo.js';
import { useLevelInput } from './use-level-input.js';
import { sayIn, type Say } from './words.js';

interface PageProps {
  readonly session: TerminalSession;
  readonly model: Model;
}

export function Page({ session, model }: PageProps) {
  const { language, view, link, notice } = model;
  const say = sayIn(language);
  const targets = useLevelInput(session);
  const picture = useStaffPicture(session.secret, view?.staff ?? null);
  useEffect(() => {
    document.documentElement.lang = LANGUAGE_TAGS[language];
  }, [language]);
  const veiled = link === 'lost';
  // Its colours and points reach to the very edge.
  const whole = screenOf(model) === 'selfCheck';
  return (
    <>
      <div class={whole ? 'panel panel-whole' : 'panel'} inert={veiled}>
        {!whole && <Header view={view} language={language} say={say} onLanguage={() => session.changeLanguage()} />}
        {!whole && <Countdown view={view} sinceMs={model.remainingAtMs} />}
        <main class="stage">
          <Shown session={session} model={model} picture={picture} say={say} targets={targets} />
        </main>
      </div>
      <p class={notice === null ? 'notice' : 'notice notice-said'} role="status">
        {notice === null ? '' : say(NOTICE_WORDS[notice])}
      </p>
      {veiled && (
        <div class="veil" role="alert">
          <div class="veil-card">
            <span class="veil-wheel" aria-hidden="true" />
            <p class="veil-title">{say('recovering')}</p>
            <p class="veil-more">{say('recoveringMore')}</p>
          </div>
        </div>
      )}
    </>
  );
}

interface ShownProps extends PageProps {
  readonly picture: string | null;
  readonly say: Say;
  readonly targets: ReturnType<typeof useLevelInput>;
}

function Shown({ session, model, picture, say, targets }: ShownProps) {
  const { view } = model;
  const screen = screenOf(model);
  if (screen === 'noSecret') return <MessageScreen mark="closed" title={say('noSecret')} />;
  if (screen === 'starting' || view === null) return <MessageScreen mark="wait" title={say('starting')} />;
  switch (screen) {
    case 'offDuty':
      return <MessageScreen mark="away" title={say('offDuty')} more={say('offDutyMore')} />;
    case 'outOfService':
      return <MessageScreen mark="closed" title={say('outOfService')} more={say('outOfServiceMore')} />;
    case 'paused':
      return (
        <MessageScreen
          mark="pause"
          title={say('paused')}
          reason={view.pausedFor ?? undefined}
          more={say('pausedMore')}
        />
      );
    case 'idle':
      return <IdleScreen view={view} picture={picture} say={say} />;
    case 'selfCheck':
      return view.selfCheck && <SelfCheckScreen session={session} check={view.selfCheck} language={model.language} />;
    case 'rating':
      return <RatingScreen session={session} model={model} view={view} picture={picture} say={say} targets={targets} />;
    case 'reasons':
      return <ReasonsScreen session={session} model={model} say={say} />;
    case 'thing': {
      const { marking } = view;
      if (marking === null) return null;
      return <ThingScreen session={session} model={model} view={view} index={marking} say={say} targets={targets} />;
    }
    case 'thanks':
      return <ThanksScreen say={say} />;
    case 'unrated':
    case 'later':
      return <EndedScreen how={screen} view={view} say={say} />;
  }
}
