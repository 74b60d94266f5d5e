/**
 * The reasons of the level that was pressed: eight for each level, the core three first and larger. Their words tell
 * the level, so they are here only while the citizen asked for them (the terminal closes them after a while).
 */
import { REASONS, reasonsOf } from '../../../protocol/reasons.js';
import { wordsOf } from '../shared/catalogue.js';
import type { Model } from './screen-model.js';
import type { TerminalSession } from './terminal-session.js';
import type { Say } from './words.js';

interface ReasonsScreenProps {
  readonly session: TerminalSession;
  readonly model: Model;
  readonly say: Say;
}

export function ReasonsScreen({ session, model, say }: ReasonsScreenProps) {
  const { choice, wanted, language } = model;
  if (choice === null) return null;
  const chosen = wanted ?? choice.reasons;
  const toggle = (code: string) =>
    void session.choose(
      REASONS.map((reason) => reason.code).filter((known) => chosen.includes(known) !== (known === code)),
    );
  return (
    <section class="reasons">
      <div class="question">
        <h1 class="question-title">{say('reasons')}</h1>
        <p class="question-facts">{say('reasonsHow')}</p>
      </div>
      <div class="reason-grid">
        {reasonsOf(choice.level).map((reason) => (
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
            <span class="reason-words">{wordsOf(reason, language)}</span>
          </button>
        ))}
        <button type="button" class="button button-main" onClick={() => void session.finish()}>
          {say('done')}
        </button>
      </div>
    </section>
  );
}
