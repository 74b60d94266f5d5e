/**
 * From the invitation to the end of the time to change: the targets stay where they are, so that nothing moves under
 * a finger. The same for every level, apart from the moment in which the chosen one is shown (I6).
 */
import { ChosenLevel, Hidden } from './chosen-level.js';
import { CodePicture } from './code-picture.js';
import { useSecondsLeft } from './countdown.js';
import type { KioskView } from './kiosk-view.js';
import { LevelTargets } from './level-targets.js';
import { Phone, Tick } from './marks.js';
import type { Model } from './screen-model.js';
import { StaffPhoto } from './staff-photo.js';
import type { TerminalSession } from './terminal-session.js';
import type { Targets } from './use-level-input.js';
import type { Say } from './words.js';

interface RatingScreenProps {
  readonly session: TerminalSession;
  readonly model: Model;
  readonly view: KioskView;
  readonly picture: string | null;
  readonly say: Say;
  readonly targets: Targets;
}

export function RatingScreen({ session, model, view, picture, say, targets }: RatingScreenProps) {
  const pressed = view.state === 'pressed';
  return (
    <section class="rating">
      {pressed ? <Received model={model} view={view} say={say} /> : <Invitation view={view} say={say} />}
      <LevelTargets say={say} targets={targets} />
      {pressed ? (
        <div class="after">
          <button type="button" class="button" onClick={() => void session.openReasons()}>
            {say('openReasons')}
          </button>
          {view.things.length > 0 && (
            <button type="button" class="button" onClick={() => void session.openThing(firstUnmarked(view))}>
              {say('openThings')}
            </button>
          )}
          <button type="button" class="button button-main" onClick={() => void session.finish()}>
            {say('done')}
          </button>
        </div>
      ) : (
        <div class="below">
          {view.staff !== null && (
            <div class="served-by">
              <StaffPhoto staff={view.staff} picture={picture} say={say} />
              <p class="served-by-words">
                <span class="served-by-name">{view.staff.name ?? view.staff.staffNo}</span>
                {view.staff.post !== null && <span class="served-by-more">{view.staff.post}</span>}
                {view.staff.name !== null && (
                  <span class="served-by-more">{say('staffOf', { staffNo: view.staff.staffNo })}</span>
                )}
              </p>
            </div>
          )}
          {view.later !== null && <LaterTarget session={session} view={view} say={say} />}
        </div>
      )}
    </section>
  );
}

/** Where the citizen goes on; at the first again once all have their level. */
export function firstUnmarked({ things }: KioskView): number {
  return Math.max(
    0,
    things.findIndex(({ isMarked }) => !isMarked),
  );
}

function Invitation({ view, say }: { readonly view: KioskView; readonly say: Say }) {
  const { service } = view;
  return (
    <div class="question">
      <h1 class="question-title">{say('invitation')}</h1>
      {service !== null && (
        <p class="question-facts">
          <span class="stage-tag">{say(service.stage)}</span>
          <span class="matter">{service.matter ?? say('thisService')}</span>
          <span class="case">
            {say('caseNo')} <b>{service.caseNo}</b>
          </span>
        </p>
      )}
    </div>
  );
}

interface ReceivedProps {
  readonly model: Model;
  readonly view: KioskView;
  readonly say: Say;
}

function Received({ model, view, say }: ReceivedProps) {
  const seconds = useSecondsLeft(view.remainingMs, model.remainingAtMs);
  return (
    <div class="question received">
      <Tick key={model.accepted} />
      <div class="received-words">
        <h1 class="question-title">{say('received')}</h1>
        <p class="received-more">{say('changeWithin', { seconds })}</p>
      </div>
      <div class="chosen">
        {model.shown === null ? <Hidden say={say} /> : <ChosenLevel level={model.shown} say={say} />}
      </div>
    </div>
  );
}

function LaterTarget({
  session,
  view,
  say,
}: {
  readonly session: TerminalSession;
  readonly view: KioskView;
  readonly say: Say;
}) {
  const { printer } = view.parts;
  const prints = printer === 'connected' || printer === 'degraded';
  return (
    <button type="button" class="later" onClick={() => void session.later()}>
      <Phone />
      <span class="later-words">
        <span class="later-title">{say('later')}</span>
        <span class="later-more">{say(prints ? 'laterSlip' : 'laterScan')}</span>
      </span>
      {view.later !== null && <CodePicture code={view.later} say={say} />}
    </button>
  );
}
