/**
 * A single thing beside the whole: an indicator, or one matter of a theme. The same five targets as for the whole, so that
 * keys and fingers do what they always do; which level it was given is shown for a moment only (I6).
 */
import { wordsOf } from '../shared/catalogue.js';
import type { KioskView } from './kiosk-view.js';
import { LevelTargets } from './level-targets.js';
import { ChosenLevel, Hidden } from './chosen-level.js';
import type { Model } from './screen-model.js';
import type { TerminalSession } from './terminal-session.js';
import type { Targets } from './use-level-input.js';
import type { Say } from './words.js';

interface ThingScreenProps {
  readonly session: TerminalSession;
  readonly model: Model;
  readonly view: KioskView;
  readonly index: number;
  readonly say: Say;
  readonly targets: Targets;
}

export function ThingScreen({ session, model, view, index, say, targets }: ThingScreenProps) {
  const thing = view.things[index];
  if (thing === undefined) return null;
  const { shown, language } = model;
  const isLast = index === view.things.length - 1;
  return (
    <section class="rating">
      <div class="question thing">
        <div class="thing-words">
          <h1 class="question-title matter">{wordsOf(thing, language)}</h1>
          <p class="question-facts">
            <span class="stage-tag">
              {index + 1} / {view.things.length}
            </span>
            <span>{say('thingHow')}</span>
          </p>
        </div>
        <div class="chosen">
          {shown !== null && <ChosenLevel level={shown} say={say} />}
          {shown === null && thing.isMarked && <Hidden say={say} />}
        </div>
      </div>
      <LevelTargets say={say} targets={targets} />
      <div class="after">
        <button type="button" class="button" disabled={isLast} onClick={() => void session.openThing(index + 1)}>
          {say('nextThing')}
        </button>
        <button type="button" class="button" onClick={() => void session.openReasons()}>
          {say('openReasons')}
        </button>
        <button type="button" class="button button-main" onClick={() => void session.finish()}>
          {say('done')}
        </button>
      </div>
    </section>
  );
}
