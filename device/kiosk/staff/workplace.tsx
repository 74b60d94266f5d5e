/** A live view, or the last one, dimmed: what can be done now, and to whom a scan goes. */
import { useEffect, useState } from 'preact/hooks';
import { answersSlip } from './check-question.js';
import { CheckedList } from './checked-list.js';
import { CurrentService } from './current-service.js';
import type { DeskView } from './desk.js';
import { useDesk, type Message } from './desk-context.js';
import { MessageLine } from './message-line.js';
import { OpenForm } from './open-form.js';
import { PauseDialog } from './pause-dialog.js';
import { OutOfService, PausedService } from './paused-service.js';
import { PartAdvice, PartStrip } from './part-panel.js';
import { RecentServices } from './recent-services.js';
import { SHORTEST_BADGE } from './scan-reader.js';
import { SelfCheckBanner, useJustEnded } from './self-check-banner.js';
import { SelfCheckPanel } from './self-check-panel.js';
import { SignOnPanel } from './sign-on.js';
import { StandInDialog } from './stand-in-dialog.js';
import { TopBar } from './top-bar.js';
import { useOpening } from './use-opening.js';
import { useScans } from './use-scans.js';
import { useSignOn } from './use-sign-on.js';

export interface WorkplaceProps {
  readonly view: DeskView;
  readonly live: boolean;
  readonly message: Message | null;
  readonly switchLanguage: () => void;
}

export function Workplace({ view, live, message, switchLanguage }: WorkplaceProps) {
  const { text, ask, tell } = useDesk();
  const [pausing, setPausing] = useState(false);
  const opening = useOpening(view, live);
  const [standingIn, setStandingIn] = useState(false);
  const signing = useSignOn(view.roster, () => setStandingIn(false));
  const [checkEnded, checkSeen] = useJustEnded(view);
  const { state, pausedFor } = view;
  const { last, running } = view.selfCheck;
  const onDuty = state === 'idle' || state === 'paused' || state === 'inSession';
  const working = state === 'idle' || state === 'inSession';
  const canPause = live && working && !(state === 'inSession' && pausedFor !== null);

  const signsOn = state === 'offDuty' || standingIn;

  useScans(
    (scanned) => {
      setPausing(false);
      if (live && signsOn) signing.badge(scanned);
      else if (live && running !== null && answersSlip(running.step, scanned)) answerSlip(scanned);
      else if (working) opening.take(scanned);
      else if (!live) return;
      else tell({ code: state === 'paused' ? 'terminal-paused' : 'terminal-out-of-service', title: '', hint: '' });
    },
    signsOn ? SHORTEST_BADGE : undefined,
  );
  const answerSlip = (scanned: string) =>
    void ask('POST', '/v1/self-check/answer', { step: 'printer', target: 'slip', ok: true, scanned }, null);

  useEffect(() => {
    if (!working || !live) setPausing(false);
  }, [working, live]);
  useEffect(() => {
    if (onDuty && live) return;
    setStandingIn(false);
    signing.back();
  }, [onDuty, live]);

  useEffect(() => {
    const heard = (event: KeyboardEvent) => {
      if (event.key !== 'F8' || !live || standingIn) return;
      event.preventDefault();
      if (state === 'paused') void ask('POST', '/v1/resume', {}, 'resumed');
      else if (canPause) setPausing(true);
    };
    addEventListener('keydown', heard);
    return () => removeEventListener('keydown', heard);
  });

  return (
    <div class="page">
      {live ? null : (
        <main class="recovering">
          <div role="status">
            <h1>{text('recovering')}</h1>
            <p>{text('recoveringHint')}</p>
            {opening.caseNo === '' ? null : <p class="scan-kept">{text('scanKept', { caseNo: opening.caseNo })}</p>}
          </div>
        </main>
      )}
      <div class={live ? 'workplace' : 'workplace dimmed'} inert={!live}>
        <TopBar
          view={view}
          pause={canPause ? () => setPausing(true) : null}
          standIn={onDuty ? () => setStandingIn(true) : null}
          switchLanguage={switchLanguage}
        />
        <main class="doing">
          {standingIn ? null : <MessageLine message={message} />}
          {working ? <OpenForm view={view} opening={opening} short={running !== null && !opening.ready} /> : null}
          {working && running === null ? <CurrentService view={view} /> : null}
          {state === 'offDuty' ? <SignOnPanel roster={view.roster} signing={signing} /> : null}
          {running === null ? null : <SelfCheckPanel running={running} />}
          {state === 'paused' ? <PausedService reason={pausedFor} /> : null}
          {running === null && (state === 'idle' || state === 'paused') ? (
            <SelfCheckBanner last={last} justEnded={checkEnded} seen={checkSeen} />
          ) : null}
          {state === 'outOfService' ? <OutOfService /> : null}
        </main>
        <aside class="watching">
          <PartAdvice view={view} />
          {running === null ? (
            <RecentServices recent={view.recent} canPrint={view.parts.printer !== 'absent'} view={view} />
          ) : (
            <CheckedList done={running.done} />
          )}
        </aside>
        <PartStrip view={view} />
      </div>
      {standingIn ? (
        <StandInDialog
          view={view}
          signing={signing}
          message={message}
          close={() => {
            setStandingIn(false);
            signing.back();
          }}
        />
      ) : null}
      {pausing ? <PauseDialog close={() => setPausing(false)} inSession={state === 'inSession'} /> : null}
    </div>
  );
}
