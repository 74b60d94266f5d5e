/**
 * The reasons of the level that was pressed: up to eight for each level, the core three first and larger. Their words
 * tell the level, so they are here only while the citizen asked for them (the terminal closes them after a while).
 */
import { reasonsOf } from '../../../protocol/reasons.js';
import { wordsOf } from '../shared/catalogue.js';
import { BetweenWords } from './between-words.js';
import { firstUnmarked } from './rating-screen.js';
import type { Model } from './screen-model.js';
import type { TerminalSession } from './terminal-session.js';
import type { Say } from './words.js';

interface ReasonsScreenProps {
  readonly session: TerminalSession;
  readonly model: Model;
  readonly say: Say;
}

export function ReasonsScreen({ session, model, say }: ReasonsScreenProps) {
  const { choice, wanted, language, view } = model;
  if (choice === null || view?.reasons == null) return null;
  const reasons = reasonsOf(choice.level, view.reasons);
  const chosen = wanted ?? choice.reasons;
  const toggle = (code: string) =>
    void session.choose(
      reasons.map((reason) => reason.code).filter((known) => chosen.includes(known) !== (known === code)),
    );
  return (
    <section class="reasons">
      <div class="question">
        <h1 class="question-title">{say('reasons')}</h1>
        <p class="question-facts">{say('reasonsHow')}</p>
      </div>
      <div class="reason-grid">
        {reasons.map((reason) => (
          <button
            key={reason.code}
            type="button"
            class="reason"
            aria-pressed={chosen.includes(reason.code)}
            onClick={() => toggle(reason.code)}
          >
            <span class="reason-box" aria-hidden="true">
              <svg viewBox="0 0 20 20">
                <path d="M4.5 10.5l4 4 7.5-9" />
              </svg>
            </span>
            <span class="reason-words">
              <BetweenWords text={wordsOf(reason, language)} language={language} />
            </span>
          </button>
        ))}
        <div class="reason-end">
          {view.things.length > 0 && (
            <button type="button" class="button" onClick={() => void session.openThing(firstUnmarked(view))}>
              {say('openThings')}
            </button>
          )}
          <button type="button" class="button button-main" onClick={() => void session.finish()}>
            {say('done')}
          </button>
        </div>
      </div>
    </section>
  );
}
