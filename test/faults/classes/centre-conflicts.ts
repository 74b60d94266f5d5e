import type { FaultClass, Findings } from '../fault-class.js';
import { misbehaving } from './centre-misbehaves.js';

/** A conflict needs an earlier kind of trouble in between: a centre that was sound for every other rating hides a mixed-up queue. */
const SHARE_OF_CONFLICTS = 0.5;

export const centreConflicts: FaultClass = {
  name: 'centre-conflicts',
  title: 'the centre says "already" about another rating than the one that was sent',
  permitted: 'named-and-bounded',
  outcome: 'never a yes: the rating stands at the gateway as a conflict, named by an alarm; every other arrives',
  run: async (run) => {
    const outcome = await misbehaving(run, async (hall) => {
      const conflict = run.random() < SHARE_OF_CONFLICTS;
      await hall.misbehave({ mode: conflict ? 'already-another' : 'down-500', times: 1 });
      return conflict ? '"already" about another rating' : '500';
    });
    return { ...outcome, findings: bounded(outcome.findings, outcome.injected['"already" about another rating'] ?? 0) };
  },
};

/** What is not at the centre must be exactly what the gateway names as a conflict, and no more than there were lies. */
function bounded(findings: Findings, conflicts: number): Findings {
  const named = findings.named.filter((text) => text.includes('centre-conflict'));
  const missing = findings.lost.filter((text) => text.endsWith('is not at the centre'));
  if (named.length !== missing.length || missing.length > conflicts)
    return {
      ...findings,
      unexplained: [
        ...findings.unexplained,
        `${missing.length} are missing at the centre and ${named.length} are named, of ${conflicts} conflicts`,
      ],
    };
  return { ...findings, lost: findings.lost.filter((text) => !missing.includes(text)) };
}
