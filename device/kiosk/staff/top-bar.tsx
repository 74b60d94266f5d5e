/** Which window, who is there, and the two things that concern the person rather than a case. */
import { useEffect, useState } from 'preact/hooks';
import { wordsOf } from '../shared/catalogue.js';
import { AskOnce } from './current-service.js';
import type { DeskView } from './desk.js';
import { useDesk } from './desk-context.js';

export interface TopBarProps {
  readonly view: DeskView;
  /** `null` while there is nothing to pause. */
  readonly pause: (() => void) | null;
  /** `null` while nobody can be replaced. */
  readonly standIn: (() => void) | null;
  readonly switchLanguage: () => void;
}

export function TopBar({ view, pause, standIn, switchLanguage }: TopBarProps) {
  const { text, language, ask } = useDesk();
  const { hall, window, staff, state } = view;
  const [asking, setAsking] = useState(false);
  useEffect(() => setAsking(false), [state]);
  const signOff = () => void ask('DELETE', '/v1/duty', {}, 'signedOff');
  return (
    <header class="top-bar">
      <div class="place">
        <h1>{window === null ? text('title') : text('windowTitle', { window })}</h1>
        {hall === null ? null : <p>{wordsOf(hall, language)}</p>}
      </div>
      {staff === null ? null : (
        <p class="person">
          <span class="person-name">{staff.name ?? text('staffNo')}</span> <span>{staff.staffNo}</span>
        </p>
      )}
      <div class="top-actions">
        {pause === null ? null : (
          <button type="button" class="bar-button" onClick={pause}>
            {text('pause')} <kbd>F8</kbd>
          </button>
        )}
        {standIn === null ? null : (
          <button type="button" class="bar-button" onClick={standIn}>
            {text('standIn')}
          </button>
        )}
        {staff === null || state === 'outOfService' ? null : (
          <button
            type="button"
            class="bar-button"
            onClick={() => (state === 'inSession' ? setAsking(true) : signOff())}
          >
            {text('offDuty')}
          </button>
        )}
        <button type="button" class="bar-button" lang={language === 'zh' ? 'en' : 'zh-CN'} onClick={switchLanguage}>
          {text('language')}
        </button>
      </div>
      {asking ? (
        <div class="top-ask">
          <AskOnce question={text('offDutyAsk')} yes={signOff} no={() => setAsking(false)} />
        </div>
      ) : null}
    </header>
  );
}
