import { readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gatewayRows } from '../support/gateway-rows.js';
import { Hall, until } from '../support/hall.js';
import { seeded } from '../support/seeded.js';
import { Program } from '../support/program.js';

describe('a hall whose database was damaged', () => {
  let hall: Hall;
  const cases: string[] = [];
  beforeAll(async () => {
    hall = await new Hall({ terminals: 2 }).start();
  });
  afterAll(() => hall.stop());

  const database = () => join(hall.gatewayData, 'hall.db');
  const pjq = (...args: string[]) => Program.run(['dist/gateway/pjq.js', ...args]);
  const rate = async (n: number, level: 1 | 2 | 3 | 4 | 5) => {
    const caseNo = `case-${cases.length}`;
    await hall.openLocally(n, caseNo);
    expect(await hall.press(n, level)).toBe(true);
    cases.push(caseNo);
  };
  const rateSome = async () => {
    for (const n of [1, 2, 1, 2]) await rate(n, ((cases.length % 5) + 1) as 1 | 2 | 3 | 4 | 5);
    await until('everything is at the centre', async () => (await hall.ledger()).length === cases.length);
    await until(
      'the hall knows that it is',
      () => gatewayRows(hall, "SELECT 1 FROM forward WHERE state = 'delivered'").length === cases.length,
    );
  };
  const change = (work: (db: Database.Database) => void) => {
    const db = new Database(database());
    work(db);
    db.close();
  };

  /** @param harm is done while the gateway is down; `killed`: it went down by a power cut of its process. */
  async function repaired(harm: () => void, { killed = false } = {}): Promise<string> {
    await (killed ? hall.gateway.kill() : hall.gateway.stop());
    harm();
    const { code, stdout, stderr } = await pjq('store', 'repair', '--config', hall.gatewayConfig);
    expect([code, stderr]).toEqual([0, '']);
    await hall.gateway.start();
    await hall.connected();
    await until(
      'the terminals have sent again what was missing',
      () => gatewayRows(hall, 'SELECT 1 FROM rating').length === cases.length,
    );
    await rateSome();
    // Each once: in the hall, and at the centre.
    const rated = gatewayRows<{ caseNo: string }>(hall, 'SELECT caseNo FROM rating JOIN service USING (serviceId)');
    expect(rated.map(({ caseNo }) => caseNo).sort()).toEqual([...cases].sort());
    expect((await hall.ledger()).map(({ caseNo }) => caseNo).sort()).toEqual([...cases].sort());
    expect(gatewayRows(hall, "SELECT detail FROM alarm WHERE code IN ('log-fork', 'centre-conflict')")).toEqual([]);
    const proof = await pjq('verify', database());
    expect([proof.stdout.trim().split('\n').at(-1), proof.stderr]).toEqual([expect.stringMatching(/^verified/), '']);
    return stdout;
  }

  it('is repaired and goes on, whatever the damage, with every rating once', { timeout: 240_000 }, async () => {
    await rateSome();
    const refused = await pjq('store', 'repair', '--config', hall.gatewayConfig);
    expect([refused.code, refused.stderr]).toEqual([
      1,
      expect.stringMatching(/^store-locked: .* is open in process \d+/s),
    ]);

    const altered = await repaired(() =>
      change((db) => {
        const sql =
          'UPDATE entry SET bytes = CAST(replace(bytes, \'"via":"key"\', \'"via":"kez"\') AS BLOB) WHERE id = (SELECT min(id) FROM entry WHERE kind = \'press\')';
        expect(db.prepare(sql).run().changes).toBe(1);
      }),
    );
    expect(altered).toMatch(/proven through \d+, of \d+, entries \d+ to \d+ wait until the terminal has sent/);
    expect(altered).toMatch(/The damaged database is kept as .*hall\.db\.damaged-1\./);

    const uniform = seeded('repair-programs');
    await repaired(() => {
      const bytes = readFileSync(database());
      // Past the first pages, where the registry of two terminals stands: it is the operator's to fill again.
      const from = Math.floor(bytes.length / 2);
      for (let n = 0; n < 30; n += 1) {
        const at = from + Math.floor(uniform() * (bytes.length - from));
        bytes[at] = (bytes[at] ?? 0) ^ 0x55;
      }
      writeFileSync(database(), bytes);
    });

    await repaired(() => truncateSync(database(), Math.floor(statSync(database()).size * 0.85)));

    await repaired(() => truncateSync(`${database()}-wal`, Math.floor(statSync(`${database()}-wal`).size / 3)), {
      killed: true,
    });
  });
});
