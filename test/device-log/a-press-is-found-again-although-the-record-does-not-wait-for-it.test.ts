import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LEVELS } from '../../protocol/index.js';
import { nodeRandomness } from '../../protocol/runtime/node-suite.js';
import type { CounterRecord, Draft } from '../../device/log/session-log.js';
import type { TerminalLog } from '../../device/log/terminal-log.js';
import { DAY_MS, DrivenClock, live, onFile, openLog, promised, rated, testFolder } from './log-at-work.js';

const ON_DUTY: Draft = { kind: 'duty.on', body: { staffNo: '1001' } };

function opening(serviceId: string): Draft {
  const [opened] = rated(serviceId);
  if (opened === undefined) throw new Error('the draft is missing');
  return opened;
}

function pressOf(serviceId: string, level: (typeof LEVELS)[number] = 4): Draft {
  return { kind: 'press', body: { id: nodeRandomness.newId(), serviceId, level, via: 'key' } };
}

/** The row as it stands in the file. */
function storedRow(folder: string): { record: CounterRecord; epoch_id: number | null; seq: number | null } {
  return onFile(folder, (db) => {
    const row = db.prepare('SELECT * FROM counter').get() as {
      record: string;
      epoch_id: number | null;
      seq: number | null;
    };
    return { ...row, record: JSON.parse(row.record) as CounterRecord };
  });
}

/** A log that died with a press which its row does not know. */
function died(): { folder: string; shown: CounterRecord; log: TerminalLog; clock: DrivenClock } {
  const folder = testFolder();
  const clock = new DrivenClock();
  const log = openLog(folder, clock);
  log.append([ON_DUTY, opening('S1')]);
  clock.nowMs += 1_000;
  log.append([pressOf('S1', 2)]);
  clock.nowMs += 1_000;
  log.append([pressOf('S1', 5)]);
  return { folder, shown: log.record(), log, clock };
}

describe('a press does not write the record of the counter', () => {
  it('and yet a start after a kill finds what was shown', () => {
    const { folder, shown } = died();
    expect(shown.press).toMatchObject({ level: 5 });
    expect(storedRow(folder)).toMatchObject({ seq: 3, record: { press: null } });
    expect(openLog(folder).record()).toEqual(shown);
  });

  it('but whatever comes next does', () => {
    const { folder, shown, log } = died();
    log.append([{ kind: 'boot', body: { version: '1' } }]);
    expect(storedRow(folder)).toMatchObject({ seq: 6, record: shown });
  });

  it('and entries that change nothing do so before long, so that a start reads a bounded tail', () => {
    const { folder, log } = died();
    for (let n = 0; n < 450; n += 1) log.append([{ kind: 'boot', body: { version: '1' } }]);
    const { seq } = storedRow(folder);
    expect(live(log).endSeq - (seq ?? 0)).toBeLessThan(200);
  });

  it('and it is found again when its entry was pruned, also by a program that dies in that moment', () => {
    const { folder, shown, log, clock } = died();
    log.acknowledge(live(log), promised(log, live(log).endSeq));
    clock.wallMs = () => {
      throw new Error('dies before the checkpoint is appended');
    };
    expect(() => log.prune(clock.nowMs + DAY_MS, 100)).toThrow('dies');
    expect(openLog(folder).record()).toEqual(shown);
  });

  it('and it is found again when its epoch was left', () => {
    const { folder, shown, log } = died();
    log.leave(live(log), 'fork');
    expect(openLog(folder).record()).toEqual(shown);
  });

  it('and copies of past services are no news', () => {
    const folder = testFolder();
    const log = openLog(folder);
    log.append(rated('old'));
    log.acknowledge(live(log), promised(log, 4));
    log.leave(live(log), 'fork');
    log.append([ON_DUTY, opening('S1')]);
    log.append([pressOf('S1')]);
    const shown = log.record();
    const { epoch_id: epochId, seq } = storedRow(folder);
    log.forgetAcknowledgements();
    const [past] = log.epochs();
    if (past === undefined) throw new Error('no past epoch');
    log.leave(past, 'fork');
    // An older version leaves the place of the row where it was.
    onFile(folder, (db) => db.prepare('UPDATE counter SET epoch_id = ?, seq = ?').run(epochId, seq));
    expect(openLog(folder).record()).toEqual(shown);
  });

  it('and a database of an older version, whose row names no place, is taken up', () => {
    const { folder, log } = died();
    log.append([{ kind: 'boot', body: { version: '1' } }]); // it wrote its row at every change
    const shown = log.record();
    log.close();
    onFile(folder, (db) => {
      db.exec(
        `ALTER TABLE counter DROP COLUMN epoch_id; ALTER TABLE counter DROP COLUMN seq;
         DROP INDEX service_ended; DROP TABLE receipt;
         ALTER TABLE service DROP COLUMN opened_at; ALTER TABLE service DROP COLUMN facts;
         ALTER TABLE service DROP COLUMN rated; PRAGMA user_version = 1`,
      );
    });
    const newer = openLog(folder);
    expect(newer.record()).toEqual(shown);
    newer.append([pressOf('S1', 1)]);
    expect(newer.record().press).toMatchObject({ level: 1 });
    expect(openLog(folder).record()).toEqual(newer.record());
  });

  it('and reading entries again that the row knows already changes nothing', { timeout: 60_000 }, () => {
    const service = fc.constantFrom('S1', 'S2');
    const pressId = fc.constantFrom('pressfirst0', 'presssecond');
    const draft: fc.Arbitrary<Draft> = fc.oneof(
      fc.constant(ON_DUTY),
      fc.constant<Draft>({ kind: 'duty.off', body: { staffNo: '1001' } }),
      fc.constant<Draft>({ kind: 'pause', body: { reason: 'lunch' } }),
      fc.constant<Draft>({ kind: 'resume', body: {} }),
      service.map(opening),
      fc
        .tuple(service, pressId, fc.constantFrom(...LEVELS))
        .map(([serviceId, id, level]): Draft => ({ kind: 'press', body: { id, serviceId, level, via: 'key' } })),
      fc.tuple(service, pressId, fc.constantFrom('510', '406')).map(([serviceId, id, code]): Draft => ({
        kind: 'reasons',
        body: { pressId: id, serviceId, codes: [code], list: 'l' },
      })),
      service.map((serviceId): Draft => ({
        kind: 'receipt',
        body: { serviceId, copy: 1, occasion: 'later', state: 'queued' },
      })),
      service.map((serviceId): Draft => ({ kind: 'unrated', body: { serviceId, cause: 'later' } })),
    );
    fc.assert(
      fc.property(fc.array(draft, { minLength: 1, maxLength: 10 }), fc.nat(), (drafts, back) => {
        const folder = testFolder();
        const clock = new DrivenClock();
        const log = openLog(folder, clock);
        for (const one of drafts) {
          clock.nowMs += 1_000;
          log.append([one]);
        }
        log.append([{ kind: 'boot', body: { version: '1' } }]);
        const shown = log.record();
        onFile(folder, (db) => db.prepare('UPDATE counter SET seq = ?').run(back % (drafts.length + 1)));
        expect(openLog(folder, clock).record()).toEqual(shown);
        log.close();
      }),
      { numRuns: 80, seed: 20_260_102 },
    );
  });
});
