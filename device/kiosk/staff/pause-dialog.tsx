/** Why service is paused. The citizen's screen shows it. */
import { useDesk } from './desk-context.js';
import { ReasonDialog } from './reason-dialog.js';
import type { WordKey } from './words.js';

const USUAL = [
  'pauseBreak',
  'pauseMeal',
  'pauseHandover',
  'pauseTraining',
  'pauseFault',
  'pauseUpkeep',
] as const satisfies readonly WordKey[];

export function PauseDialog({ close, inSession }: { readonly close: () => void; readonly inSession: boolean }) {
  const { ask } = useDesk();
  const pauseFor = (reason: string) =>
    void ask('POST', '/v1/pause', { reason }, inSession ? 'pausesLater' : 'pausedNow').then(close);
  return (
    <ReasonDialog title="pauseTitle" hint="pauseHint" usual={USUAL} commit="pause" take={pauseFor} close={close} />
  );
}
