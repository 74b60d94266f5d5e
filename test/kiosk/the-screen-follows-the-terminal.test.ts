/** What is shown follows from what the terminal said; of a choice nothing outlasts its moment (I6). */
import { describe, expect, it } from 'vitest';
import type { KioskView } from '../../device/kiosk/citizen/kiosk-view.js';
import { firstModel, reduce, screenOf, type Model, type ModelEvent } from '../../device/kiosk/citizen/screen-model.js';
import { IDLE, INVITED, LATER, OFF_DUTY, PRESSED } from './stand-in.js';

function view(shown: KioskView): ModelEvent {
  return { type: 'view', view: shown, timeTold: true, nowMs: 0 };
}

function after(...events: readonly ModelEvent[]): Model {
  return events.reduce(reduce, firstModel());
}

const OPEN = { ...PRESSED, reasonsOpen: true };
const CHOICE = { type: 'choice', choice: { level: 2, reasons: ['207'] } } as const;

describe('the screen', () => {
  it.each([
    [OFF_DUTY, 'offDuty'],
    [{ ...OFF_DUTY, state: 'outOfService' }, 'outOfService'],
    [IDLE, 'idle'],
    [{ ...IDLE, state: 'paused' }, 'paused'],
    [INVITED, 'rating'],
    [PRESSED, 'rating'],
    [{ ...IDLE, ended: 'rated' }, 'thanks'],
    [{ ...IDLE, state: 'paused', ended: 'rated' }, 'thanks'],
    [{ ...IDLE, ended: 'unrated', later: LATER }, 'unrated'],
    [{ ...IDLE, ended: 'later', slip: 'failed' }, 'later'],
  ] as const)('of %o is %s', (shown, screen) => expect(screenOf(after(view(shown)))).toBe(screen));

  it('shows the reasons only when the choice could be opened', () => {
    expect(screenOf(after(view(OPEN)))).toBe('rating');
    expect(screenOf(after(view(OPEN), CHOICE))).toBe('reasons');
  });

  it('thanks as soon as the terminal agreed to 完成, unless another press comes', () => {
    expect(screenOf(after(view(PRESSED), { type: 'finished' }))).toBe('thanks');
    expect(screenOf(after(view(PRESSED), { type: 'finished' }, { type: 'accepted' }))).toBe('rating');
    expect(after(view(IDLE), { type: 'finished' }).finished).toBe(false);
  });

  it.each([
    ['the session is over', view(IDLE)],
    ['the terminal is not heard any more', { type: 'link', link: 'lost' }],
    ['the citizen has finished', { type: 'finished' }],
  ] as const)('forgets the choice when %s', (_when, event) => {
    const seen = after(view(OPEN), CHOICE, { type: 'wanted', codes: ['208'] }, { type: 'shown', level: 2 });
    expect(seen).toMatchObject({ shown: 2, choice: { level: 2 }, wanted: ['208'] });
    expect(reduce(seen, event)).toMatchObject({ shown: null, choice: null, wanted: null });
  });

  it('forgets the reasons when the terminal closes them', () => {
    expect(after(view(OPEN), CHOICE, view(PRESSED))).toMatchObject({ choice: null, wanted: null });
  });

  it('takes no level for shown, and no choice, when the session is over by then', () => {
    expect(after(view(IDLE), { type: 'shown', level: 3 }).shown).toBeNull();
    expect(after(view(PRESSED), CHOICE).choice).toBeNull();
  });

  it('speaks the first language again to the next citizen', () => {
    const english = { type: 'language', language: 'en' } as const;
    const kept = after(view(IDLE), english, view(INVITED), view(PRESSED), view({ ...IDLE, ended: 'rated' }));
    expect(kept.language).toBe('en');
    expect(reduce(kept, view(IDLE)).language).toBe('zh');
    const next = { ...INVITED, service: { caseNo: '2', matter: null, stage: 'intake' } } as const;
    expect(after(view(INVITED), english, view(next)).language).toBe('zh');
  });
});
