/** Looks at the hall file: whether it names the staff, this member among them, and is not forgotten. */
import { stat } from 'node:fs/promises';
import type { HallFacts } from '../hall-file.js';
import { absent, finding, type Probe } from './probe.js';

const OLD_MS = 30 * 86_400_000;

/** @param file `undefined`: none is configured. */
export function rosterProbe(file: string | undefined, facts: HallFacts, wallMs: () => number): Probe {
  return {
    items: ['roster'],
    async run(staffNo) {
      if (file === undefined) return [absent('roster')];
      if (facts.staff.size === 0) return [finding('roster', 'limited', 'roster-empty')];
      if (staffNo !== null && !facts.staff.has(staffNo)) return [finding('roster', 'limited', 'staff-unknown')];
      try {
        const { mtimeMs } = await stat(file);
        const old = wallMs() - mtimeMs > OLD_MS;
        return [old ? finding('roster', 'limited', 'roster-old') : finding('roster', 'pass')];
      } catch {
        return [finding('roster', 'limited', 'roster-unreadable')];
      }
    },
  };
}
