/** Runs one class of faults in a folder of its own, and judges what came of it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CHECKOUT } from '../support/program.js';
import { seeded } from '../support/seeded.js';
import { brokenCopy, type Break } from './breaks/break.js';
import { breaches, NOTHING_FOUND, type FaultClass, type FaultOutcome } from './fault-class.js';

export interface ClassResult extends FaultOutcome {
  readonly name: string;
  readonly title: string;
  readonly permitted: FaultClass['permitted'];
  readonly outcome: string;
  readonly seconds: number;
  /** Why what was found is not within what is permitted; empty where it is. */
  readonly breaches: readonly string[];
  /** Why it did not run here. */
  readonly skipped?: string;
}

/** The breach of a class in which nobody was served: it shows nothing. */
export const UNSERVED = 'no press was accepted';

const BROKEN_OFF: FaultOutcome = { injected: {}, findings: NOTHING_FOUND };

export interface RunOptions {
  readonly seed: string;
  readonly faults: number;
  readonly broken?: Break;
  readonly say?: (text: string) => void;
}

export async function runClass(fault: FaultClass, options: RunOptions): Promise<ClassResult> {
  const { name, title, permitted, outcome } = fault;
  const { seed, faults, broken, say = () => undefined } = options;
  const of = { name, title, permitted, outcome };
  const skipped = await fault.unavailable?.();
  if (skipped !== undefined) return { ...of, injected: {}, findings: NOTHING_FOUND, seconds: 0, breaches: [], skipped };
  const folder = mkdtempSync(join(tmpdir(), `pjq-faults-${name}-`));
  const began = performance.now();
  try {
    const root = broken === undefined ? CHECKOUT : brokenCopy(broken, folder);
    const random = seeded(`${seed} ${name}`);
    const run = fault.run({ seed, random, faults, root, folder: join(folder), say });
    // What does not come to its end is not within what is permitted, and the other classes have their turn.
    const found = await run.catch((error: unknown) => ({ ...BROKEN_OFF, brokenOff: String(error) }));
    const injected = Object.values(found.injected).reduce((sum, one) => sum + one, 0);
    return {
      ...of,
      ...found,
      seconds: Math.round((performance.now() - began) / 100) / 10,
      breaches: [
        ...('brokenOff' in found ? [`it did not come to its end: ${found.brokenOff}`] : []),
        ...breaches(fault, found.findings),
        ...(injected < faults ? [`only ${injected} of ${faults} faults were injected`] : []),
        ...(found.findings.accepted === 0 ? [UNSERVED] : []),
      ],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}
