import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LEVELS } from '../../protocol/index.js';
import type { CounterRecord, Draft } from '../../device/log/session-log.js';
import { DrivenClock, openLog, rated, testFolder } from './log-at-work.js';

/** What stands at the counter, told without the log: a second, simpler reading of the same drafts. */
class Model {
  staffNo: string | null = null;
  pausedFor: string | null = null;
  serviceId: string | null = null;
  presses: { id: string; atMs: number }[] = [];
  readonly states = new Map<string, 'open' | 'ended'>();

  take(draft: Draft, atMs: number): void {
    if (draft.kind === 'duty.on') this.staffNo = draft.body.staffNo;
    if (draft.kind === 'duty.off') this.staffNo = null;
    if (draft.kind === 'pause') this.pausedFor = draft.body.reason;
    if (draft.kind === 'resume') this.pausedFor = null;
    if (draft.kind === 'service.opened') {
      [this.serviceId, this.presses] = [draft.body.serviceId, []];
      this.states.set(draft.body.serviceId, 'open');
    }
    if (draft.kind === 'press' && draft.body.serviceId === this.serviceId)
      this.presses.push({ id: draft.body.id, atMs });
    if (draft.kind === 'rating' || draft.kind === 'unrated') {
      this.states.set(draft.body.serviceId, 'ended');
      if (draft.body.serviceId === this.serviceId) [this.serviceId, this.presses] = [null, []];
    }
  }
}

const SERVICES = ['S1', 'S2', 'S3'];
const ids = fc.stringMatching(/^[A-Za-z0-9_-]{11}$/);
const service = fc.constantFrom(...SERVICES);
const level = fc.constantFrom(...LEVELS);
const draft: fc.Arbitrary<Draft> = fc.oneof(
  fc.constantFrom('1001', '1002').map((staffNo): Draft => ({ kind: 'duty.on', body: { staffNo } })),
  fc.constantFrom('1001', '1002').map((staffNo): Draft => ({ kind: 'duty.off', body: { staffNo } })),
  fc.constantFrom('lunch', '会议').map((reason): Draft => ({ kind: 'pause', body: { reason } })),
  fc.constant<Draft>({ kind: 'resume', body: {} }),
  service.map((serviceId) => rated(serviceId)[0] as Draft),
  fc
    .tuple(ids, service, level)
    .map(([id, serviceId, pressed]): Draft => ({ kind: 'press', body: { id, serviceId, level: pressed, via: 'key' } })),
  fc.tuple(ids, service, level).map(([id, serviceId, pressed]): Draft => ({
    kind: 'rating',
    body: { id, serviceId, level: pressed, cause: 'time-over' },
  })),
  service.map((serviceId): Draft => ({ kind: 'unrated', body: { serviceId, cause: 'later' } })),
  fc.constant<Draft>({ kind: 'boot', body: { version: '1' } }),
);

describe('the record of what stands at the counter', () => {
  it('is what the entries say, and the same after the program was started again', { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(fc.array(fc.array(draft, { maxLength: 4 }), { maxLength: 12 }), fc.boolean(), (appends, torn) => {
        const folder = testFolder();
        const clock = new DrivenClock();
        const log = openLog(folder, clock);
        const model = new Model();
        for (const drafts of appends) {
          clock.nowMs += 1_000;
          log.append(drafts);
          for (const one of drafts) model.take(one, clock.nowMs);
        }
        const before = log.record();
        // Half of them end without a word, so that the next start finds a write-ahead log.
        if (!torn) log.close();
        const again = openLog(folder, clock);
        expect(again.record()).toEqual(before);
        expect(told(before)).toEqual(toldBy(model));
        for (const id of SERVICES) expect(again.serviceState(id)).toBe(model.states.get(id) ?? 'unknown');
        log.close();
        again.close();
      }),
      { numRuns: 60, seed: 20_260_101 },
    );
  });
});

function told({ staffNo, pausedFor, service: open, press }: CounterRecord) {
  return {
    staffNo,
    pausedFor,
    serviceId: open?.serviceId ?? null,
    pressId: press?.id ?? null,
    firstMs: press?.first.at ?? null,
    lastMs: press?.last.at ?? null,
  };
}

function toldBy({ staffNo, pausedFor, serviceId, presses }: Model) {
  return {
    staffNo,
    pausedFor,
    serviceId,
    pressId: presses.at(-1)?.id ?? null,
    firstMs: presses[0]?.atMs ?? null,
    lastMs: presses.at(-1)?.atMs ?? null,
  };
}
