/** A live view, or the last one, dimmed: what can be done now, and to whom a scan goes. */
import { useEffect, useState } from 'preact/hooks';
import { CurrentService } from './current-service.js';
import type { DeskView } from './desk.js';
import { useDesk, type Message } from './desk-context.js';
import { MessageLine } from './message-line.js';
import { OpenForm } from './open-form.js';
import { PauseDialog } from './pause-dialog.js';
import { OutOfService, PausedService } from './paused-service.js';
import { PartAdvice, PartStrip } from './part-panel.js';
import { RecentServices } from './recent-services.js';
import { SignOn } from './sign-on.js';
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
  const signOn = useSignOn();
  const { state, pausedFor } = view;
  const working = state === 'idle' || state === 'inSession';
  const canPause = live && working && !(state === 'inSession' && pausedFor !== null);

  useScans((scanned) => {
    setPausing(false);
    if (working) opening.take(scanned);
    else if (!live) return;
    else if (state === 'offDuty') signOn(scanned);
    else tell({ code: state === 'paused' ? 'terminal-paused' : 'terminal-out-of-service', title: '', hint: '' });
  });

  useEffect(() => {
    if (!working || !live) setPausing(false);
  }, [working, live]);

  useEffect(() => {
    const heard = (event: KeyboardEvent) => {
      if (event.key !== 'F8' || !live) return;
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
        <TopBar view={view} pause={canPause ? () => setPausing(true) : null} switchLanguage={switchLanguage} />
        <main class="doing">
          <MessageLine message={message} />
          {working ? <OpenForm view={view} opening={opening} /> : null}
          {working ? <CurrentService view={view} /> : null}
          {state === 'offDuty' ? <SignOn roster={view.roster} signOn={signOn} /> : null}
          {state === 'paused' ? <PausedService reason={pausedFor} /> : null}
          {state === 'outOfService' ? <OutOfService /> : null}
        </main>
        <aside class="watching">
          <PartAdvice view={view} />
          <RecentServices recent={view.recent} canPrint={view.parts.printer !== 'absent'} view={view} />
        </aside>
        <PartStrip view={view} />
      </div>
      {pausing ? <PauseDialog close={() => setPausing(false)} inSession={state === 'inSession'} /> : null}
    </div>
  );
}
