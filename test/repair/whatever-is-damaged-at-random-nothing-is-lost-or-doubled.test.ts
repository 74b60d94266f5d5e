import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DATABASE_FILE } from '../../gateway/store/store.js';
import { seeded } from '../support/seeded.js';
import { afterSendingAgain, copied, freshFolder, ratedLevels, repair, servedHall, verified } from './repairing.js';

/** Kinds of harm to a file. */
const HARMS = ['flip', 'flips', 'zero', 'cut'] as const;

/** Damages the file behind its first page: without that one SQLite finds nothing at all. */
function harm(bytes: Buffer, kind: (typeof HARMS)[number], uniform: () => number): Buffer {
  const at = () => 4096 + Math.floor(uniform() * (bytes.length - 4096));
  const changed = Buffer.from(bytes);
  const flip = () => {
    const place = at();
    changed[place] = (changed[place] ?? 0) ^ (1 + Math.floor(uniform() * 255));
  };
  switch (kind) {
    case 'flip':
      flip();
      return changed;
    case 'flips':
      for (let n = 0; n < 40; n += 1) flip();
      return changed;
    case 'zero': {
      const place = at();
      return changed.fill(0, place, Math.min(bytes.length, place + 4096));
    }
    case 'cut':
      return changed.subarray(0, at());
  }
}

test('many damages, each repaired, sent again and compared', { timeout: 120_000 }, async () => {
  const served = await servedHall(60);
  const bytes = readFileSync(join(served.folder, DATABASE_FILE));
  const uniform = seeded('repair');
  let registered = 0;
  for (let round = 0; round < 24; round += 1) {
    const kind = HARMS[round % HARMS.length] as (typeof HARMS)[number];
    const damaged = copied(served, freshFolder());
    writeFileSync(join(damaged.folder, DATABASE_FILE), harm(bytes, kind, uniform));
    const report = await repair(damaged);
    expect(existsSync(report.keptAs)).toBe(true);
    const proof = verified(damaged);
    expect([round, kind, proof.ok, proof.faults, proof.chains.filter(({ ok }) => !ok)]).toEqual([
      round,
      kind,
      true,
      [],
      [],
    ]);
    // A registry that was hit itself is the operator's to fill again.
    if (report.keys < 2 || report.terminals < 2) continue;
    registered += 1;
    const hall = await afterSendingAgain(damaged);
    expect([round, kind, ratedLevels(hall)]).toEqual([round, kind, served.levels]);
    expect([
      round,
      kind,
      hall.rows("SELECT code FROM alarm WHERE code IN ('log-fork', 'log-gap') AND subject NOT LIKE '%@%'"),
    ]).toEqual([round, kind, []]);
    await hall.close();
    const after = verified(damaged);
    expect([round, kind, after.ok, after.faults]).toEqual([round, kind, true, []]);
  }
  expect(registered).toBeGreaterThan(15);
});
