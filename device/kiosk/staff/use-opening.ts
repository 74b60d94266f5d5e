/** The case that is about to be opened: from the scan to the terminal's yes. */
import { useRef, useState } from 'preact/hooks';
import { narrow } from './choices.js';
import type { DeskView, Stage } from './desk.js';
import { useDesk } from './desk-context.js';
import { lastMatter, lastStage, matterId, rememberOpening } from './memory.js';

const LONGEST_CASE_NO = 50;

export interface Opening {
  readonly caseNo: string;
  readonly matter: string;
  readonly stage: Stage;
  /** The case number stands; matter and stage are looked at before Enter opens. */
  readonly ready: boolean;
  /** Counts the scans, so that a second one begins anew wherever the first had come. */
  readonly turn: number;
  readonly type: (caseNo: string) => void;
  readonly choose: (matter: string) => void;
  readonly setStage: (stage: Stage) => void;
  /** A whole case number: scanned, or typed and ended with Enter. */
  readonly take: (caseNo: string) => void;
  readonly backToCase: () => void;
  /** @param matter when it was chosen with the same key. */
  readonly open: (matter?: string) => void;
}

interface Draft {
  readonly caseNo: string;
  readonly matter: string;
  readonly stage: Stage;
  readonly ready: boolean;
  readonly turn: number;
}

export function useOpening(view: DeskView, live: boolean): Opening {
  const { ask, say, hush } = useDesk();
  const known = (matter: string) => (view.matters.some((one) => matterId(one) === matter) ? matter : '');
  const [draft, setDraft] = useState<Draft>(() => ({
    caseNo: '',
    matter: lastMatter(),
    stage: lastStage(),
    ready: false,
    turn: 0,
  }));
  const lastTry = useRef({ of: '', serviceId: '' });

  const open = async (caseNo: string, matter: string, stage: Stage) => {
    const chosen = view.matters.find((one) => matterId(one) === matter);
    const of = JSON.stringify([caseNo, matter, stage]);
    // The same wish again, after an answer that did not come, is the same service: it is never opened twice.
    if (lastTry.current.of !== of) lastTry.current = { of, serviceId: `desk-${crypto.randomUUID()}` };
    const { serviceId } = lastTry.current;
    const body = { serviceId, caseNo, stage, ...(chosen === undefined ? {} : { matter: chosen }) };
    if (!(await ask('POST', '/v1/services', body, 'opened'))) return;
    lastTry.current = { of: '', serviceId: '' };
    rememberOpening(matter, stage);
    setDraft((was) => ({ ...was, caseNo: '', ready: false, turn: was.turn + 1 }));
  };

  const take = (typed: string) => {
    const caseNo = narrow(typed).trim();
    if (caseNo === '') return say('slip', 'caseNoMissing');
    if (caseNo.length > LONGEST_CASE_NO) return say('slip', 'caseNoLong');
    hush();
    const matter = known(lastMatter());
    setDraft((was) => ({ ...was, caseNo, matter, ready: live, turn: was.turn + 1 }));
    // With nothing to choose and nothing to end, there is nothing to look at either.
    if (live && view.matters.length === 0 && view.state === 'idle') void open(caseNo, '', draft.stage);
  };

  return {
    ...draft,
    matter: known(draft.matter),
    type: (caseNo) => setDraft((was) => ({ ...was, caseNo, ready: false })),
    choose: (matter) => setDraft((was) => ({ ...was, matter })),
    setStage: (stage) => setDraft((was) => ({ ...was, stage })),
    take,
    backToCase: () => setDraft((was) => ({ ...was, ready: false })),
    open: (matter = known(draft.matter)) => {
      const caseNo = narrow(draft.caseNo).trim();
      if (caseNo === '') return say('slip', 'caseNoMissing');
      if (caseNo.length > LONGEST_CASE_NO) return say('slip', 'caseNoLong');
      void open(caseNo, matter, draft.stage);
    },
  };
}
