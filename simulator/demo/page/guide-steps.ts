/**
 * The guided first minute: what the visitor is asked to do, and how the hall itself tells that it was done.
 * Nothing is remembered: it begins anew with each load of the page.
 */
import type { HallView } from '../hall-view.js';
import type { TextKey } from './catalogue.js';

/** What is to be looked at or clicked; parts of the page are marked with these names. */
export type GuideTarget = 'open-1' | 'keys-1' | 'counter-1' | 'truth' | 'gateway-switch';

interface GuideStep {
  readonly text: TextKey;
  readonly targets: readonly GuideTarget[];
  /** @param since the hall as it was when the step began. */
  readonly isDone: (now: HallView, since: HallView) => boolean;
}

const isOpen = ({ session }: HallView['counters'][number]) =>
  session?.state === 'invited' || session?.state === 'pressed';
const total = ({ centre }: HallView) => centre.total ?? 0;
const ratedSince = (now: HallView, since: HallView) => {
  const known = new Set(since.journeys.map(({ serviceId }) => serviceId));
  return now.journeys.filter(({ serviceId, outcome }) => outcome === 'rated' && !known.has(serviceId));
};

export const GUIDE_STEPS: readonly GuideStep[] = [
  { text: 'guide.open', targets: ['open-1'], isDone: ({ counters }) => counters.some(isOpen) },
  {
    text: 'guide.press',
    targets: ['keys-1'],
    isDone: (now, since) =>
      now.counters.some(({ session }) => session?.state === 'pressed') || ratedSince(now, since).length > 0,
  },
  { text: 'guide.arrive', targets: ['truth'], isDone: (now, since) => total(now) > total(since) },
  { text: 'guide.cut', targets: ['gateway-switch'], isDone: ({ gateway }) => gateway.network === 'cut' },
  {
    text: 'guide.again-press',
    targets: ['open-1', 'keys-1'],
    isDone: (now, since) => ratedSince(now, since).some(({ atCentre }) => !atCentre),
  },
  {
    text: 'guide.restore',
    targets: ['gateway-switch', 'truth'],
    isDone: (now, since) => now.gateway.network === 'on' && total(now) > total(since),
  },
];

/** Where the visitor is; `step` is GUIDE_STEPS.length when all is done. */
export interface GuideState {
  readonly step: number;
  readonly since: HallView;
}

export function startGuide(now: HallView): GuideState {
  return { step: 0, since: now };
}

/** One step further when the hall says that the present one was done, else the same state. */
export function followGuide(state: GuideState, now: HallView): GuideState {
  const step = GUIDE_STEPS[state.step];
  return step?.isDone(now, state.since) === true ? { step: state.step + 1, since: now } : state;
}
