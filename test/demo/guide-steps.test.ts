import { expect, test } from 'vitest';
import type { HallView, JourneyRow, SessionState } from '../../simulator/demo/hall-view.js';
import { followGuide, GUIDE_STEPS, startGuide } from '../../simulator/demo/page/guide-steps.js';

const journey = (serviceId: string, atCentre: boolean, outcome: JourneyRow['outcome'] = 'rated'): JourneyRow => ({
  serviceId,
  caseNo: serviceId,
  window: '1',
  matter: null,
  at: 0,
  outcome,
  atGateway: atCentre,
  atCentre,
});

function hall(
  state: SessionState,
  { cut = false, total = 0, journeys = [] }: { cut?: boolean; total?: number; journeys?: JourneyRow[] } = {},
): HallView {
  return {
    v: 1,
    hall: { zh: '', en: '' },
    timeZone: 'Asia/Shanghai',
    starting: [],
    counters: [
      {
        number: 1,
        terminal: 't1',
        staff: null,
        answers: true,
        pagesId: 'a',
        session: { state, caseNo: null, matter: null },
        parts: null,
        since: {},
        selfCheck: null,
        lamps: null,
        paper: 'ok',
        printerFault: null,
        slip: null,
        slips: [],
        backlog: 0,
        switches: { network: 'on', board: 'on', printer: 'on', screen: 'on' },
        bench: { board: null, printer: null },
      },
    ],
    gateway: { answers: !cut, network: cut ? 'cut' : 'on', connected: 1, waiting: 0 },
    centre: { answers: true, network: 'on', total },
    processes: [],
    journeys,
    matters: [],
    staff: [],
  };
}

test('the guide goes on when the hall shows that a step was done, and not before', () => {
  const first = journey('first', true);
  const story: [HallView, number][] = [
    [hall('idle'), 0],
    [hall('invited'), 1],
    [hall('invited'), 1],
    [hall('pressed'), 2],
    [hall('idle', { journeys: [journey('first', false)] }), 2],
    [hall('idle', { total: 1, journeys: [first] }), 3],
    [hall('idle', { total: 1, journeys: [first] }), 3],
    [hall('idle', { cut: true, total: 1, journeys: [first] }), 4],
    [hall('pressed', { cut: true, total: 1, journeys: [first] }), 4],
    // A session that ended unrated is not what is asked for.
    [hall('idle', { cut: true, total: 1, journeys: [journey('missed', false, 'not-rated'), first] }), 4],
    [hall('idle', { cut: true, total: 1, journeys: [journey('second', false), first] }), 5],
    [hall('idle', { total: 1, journeys: [journey('second', false), first] }), 5],
    [hall('idle', { total: 2, journeys: [journey('second', true), first] }), 6],
    [hall('invited', { total: 2 }), 6],
  ];
  let state = startGuide(hall('idle'));
  for (const [index, [view, step]] of story.entries()) {
    state = followGuide(state, view);
    expect(state.step, `view ${index}`).toBe(step);
  }
  expect(state.step).toBe(GUIDE_STEPS.length);
});
