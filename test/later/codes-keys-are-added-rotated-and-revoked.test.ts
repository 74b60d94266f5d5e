import { chmodSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { backupDatabase } from '../../gateway/backup/backup.js';
import { readReceiptKeys } from '../../gateway/registry/receipt-key-file.js';
import { ReceiptKeys } from '../../gateway/registry/receipt-keys.js';
import { nextReceiptKey, openReceiptKey } from '../../device/receipt/receipt-key.js';
import { parseReceiptKeyLine, receiptKeyDigest, receiptKeyLine } from '../../protocol/index.js';
import { nodeSuite } from '../../protocol/runtime/node-suite.js';
import { DAY_MS, opened } from '../rules/rated-hall.js';
import { temporaryFolder } from '../ingest/hall-log.js';
import { CodeHall, newKey } from './code-hall.js';

const base64url = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url');

describe("a terminal's receipt key", () => {
  it('is good from the moment it is registered, also for slips that were printed before', async () => {
    const codes = await CodeHall.open();
    const printer = await codes.printer({ registered: false });
    const code = printer.code('s');
    expect(await codes.looked(code)).toBe('token-foreign');
    await codes.register(printer.chain.terminal, printer.shared);
    expect(await codes.looked(code)).toBe('open');
  });

  it('rotated is good for the days until then, and for services of those days', async () => {
    const codes = await CodeHall.open();
    const { hall } = codes;
    const printer = await codes.printer();
    const { chain, shared, code } = printer;
    const next = newKey(shared.terminalNumber, 2);
    opened(chain, 'before');
    const slip = code('before');
    hall.advance(DAY_MS, chain);
    await codes.keyDesk.rotate(chain.terminal, next);
    codes.look();
    hall.advance(2 * DAY_MS, chain);
    opened(chain, 'after');

    // The terminal's log is away: only the day on the code is known.
    expect(await codes.looked(slip)).toBe('open');
    expect(await codes.looked(code('after', undefined, next))).toBe('open');
    expect(await codes.looked(code('after'))).toBe('token-key-revoked');
    await codes.arrive(printer);
    expect(await codes.rated(slip)).toBe('changeable');
    expect(await codes.rated(code('after', undefined, next))).toBe('changeable');
    // Somebody who has learnt the old key dates a code back: the service was of another day.
    opened(chain, 'later');
    await codes.arrive(printer);
    expect(await codes.rated(code('later', chain.clock.wallMs() - 3 * DAY_MS))).toBe('token-forged');
    expect(await codes.looked(code('later', undefined, next))).toBe('open');
  });

  it('revoked is good for nothing within a second or so, and the others of the terminal go on', async () => {
    const codes = await CodeHall.open();
    const { chain, shared, code } = await codes.printer();
    const second = newKey(shared.terminalNumber, 2);
    await codes.register(chain.terminal, second);
    expect(await codes.looked(code('s'))).toBe('open');
    await codes.keyDesk.revoke(chain.terminal, 1);
    codes.hall.advance(1_001);
    expect(await codes.looked(code('s'))).toBe('token-key-revoked');
    expect(await codes.looked(code('s', undefined, second))).toBe('open');
    await expect(codes.keyDesk.revoke(chain.terminal, 1)).rejects.toMatchObject({ code: 'receipt-key-unknown' });
    await expect(codes.keyDesk.add(chain.terminal, shared)).rejects.toMatchObject({ code: 'receipt-key-taken' });
  });

  it('is told by the own log with its digest, and stands in a file that only its owner reads, and in no backup', async () => {
    const codes = await CodeHall.open();
    const { chain, shared } = await codes.printer();
    await codes.keyDesk.add(chain.terminal, shared);
    await codes.keyDesk.revoke(chain.terminal, 1);
    const { terminal } = chain;
    const { terminalNumber, keyNumber, key } = shared;
    expect(codes.hall.log.ownBodies('receipt-key.added')).toEqual([
      { terminal, terminalNumber, keyNumber, digest: receiptKeyDigest(nodeSuite, key) },
    ]);
    expect(codes.hall.log.ownBodies('receipt-key.revoked')).toEqual([{ terminal, terminalNumber, keyNumber }]);
    expect(codes.keyDesk.list()).toMatchObject([
      { terminal, state: 'revoked', digest: receiptKeyDigest(nodeSuite, key) },
    ]);
    const { folder } = codes.hall.log;
    expect(statSync(join(folder, 'receipt-keys.json')).mode & 0o777).toBe(0o600);

    const backup = join(temporaryFolder(), 'backup.db');
    backupDatabase(join(folder, 'hall.db'), backup, { suite: nodeSuite, publicKey: codes.hall.log.key.publicKey });
    const spellings = [base64url(key), Buffer.from(key).toString('base64'), Buffer.from(key).toString('hex')];
    for (const file of [backup, ...readdirSync(folder).filter((name) => name.startsWith('hall.db'))]) {
      const bytes = readFileSync(file === backup ? file : join(folder, file));
      for (const spelling of spellings) expect(bytes.includes(spelling), file).toBe(false);
      expect(bytes.includes(Buffer.from(key)), file).toBe(false);
    }
    expect(codes.hall.verified().ok).toBe(true);
  });

  it('has a number of its own, and a terminal has one number', async () => {
    const codes = await CodeHall.open();
    const [one, other] = [await codes.printer(), await codes.printer({ registered: false })];
    const taken = [
      [other.chain.terminal, newKey(one.shared.terminalNumber, 9)],
      [one.chain.terminal, newKey(one.shared.terminalNumber)],
      [other.chain.terminal, { ...one.shared, terminalNumber: 77 }],
      [one.chain.terminal, { ...one.shared, keyNumber: 2 }],
    ] as const;
    for (const [terminal, shared] of taken)
      await expect(codes.keyDesk.add(terminal, shared)).rejects.toMatchObject({ code: 'receipt-key-taken' });
    await expect(codes.keyDesk.add('nobody', newKey(5))).rejects.toMatchObject({ code: 'terminal-unknown' });
    expect(codes.keyDesk.list()).toHaveLength(1);
    expect(codes.hall.log.ownBodies('receipt-key.added')).toHaveLength(1);
  });

  it('is given to many terminals at a time, and none is lost', async () => {
    const codes = await CodeHall.open();
    const printers = await Promise.all(Array.from({ length: 12 }, () => codes.printer({ registered: false })));
    await Promise.all(printers.map(({ chain, shared }) => codes.keyDesk.add(chain.terminal, shared)));
    expect(codes.keyDesk.list()).toHaveLength(12);
    expect(codes.hall.log.ownBodies('receipt-key.added')).toHaveLength(12);
  });

  it('stays in force while the file is broken, open to others or away, and is read again once it is mended', async () => {
    const codes = await CodeHall.open();
    const { code, chain } = await codes.printer();
    const file = join(codes.hall.log.folder, 'receipt-keys.json');
    const faults: string[] = [];
    const { clock } = codes.hall.log;
    const keys = new ReceiptKeys({ file, suite: nodeSuite, clock, onFault: (error) => faults.push(String(error)) });
    const whole = readFileSync(file, 'utf8');
    const look = () => {
      codes.look();
      return keys.verify(code('s')).terminal;
    };
    writeFileSync(file, whole.slice(0, -20));
    expect([look(), look()]).toEqual([chain.terminal, chain.terminal]);
    expect(faults).toHaveLength(1);
    writeFileSync(file, '{"v":1,"keys":[]} ');
    chmodSync(file, 0o644);
    expect(look()).toBe(chain.terminal);
    // No fault repeats what it read.
    expect(faults.join()).not.toContain(base64url((await codes.printer({ registered: false })).shared.key));
    expect(faults.join()).not.toMatch(/[A-Za-z0-9_-]{43}/);
    chmodSync(file, 0o600);
    expect(() => look()).toThrow(expect.objectContaining({ code: 'token-foreign' }) as Error);
    chmodSync(file, 0o640);
    expect(() => readReceiptKeys(file)).toThrow(expect.objectContaining({ code: 'config-invalid' }) as Error);
  });
});

describe('the terminal', () => {
  it('makes the next key on demand, of the next number, and after 255 comes 0', () => {
    const file = join(temporaryFolder(), 'receipt-key');
    const first = openReceiptKey(file);
    expect(first.keyNumber).toBe(1);
    const second = nextReceiptKey(file);
    expect(second.keyNumber).toBe(2);
    expect(base64url(second.key)).not.toBe(base64url(first.key));
    expect(openReceiptKey(file)).toEqual({ keyNumber: 2, key: Buffer.from(second.key) });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    writeFileSync(file, `255:${base64url(first.key)}\n`);
    expect(nextReceiptKey(file).keyNumber).toBe(0);
  });

  it('prints a line that the registry reads, and nothing else is one', () => {
    const shared = newKey(12, 3);
    const line = receiptKeyLine(nodeSuite, shared);
    expect(parseReceiptKeyLine(nodeSuite, `${line}\n`)).toEqual({ ...shared, key: Buffer.from(shared.key) });
    for (const wrong of [
      '',
      '12:3',
      `0:3:${line.slice(5)}`,
      `12:256:${line.slice(5)}`,
      `${line}A`,
      line.slice(0, -1),
    ]) {
      expect(() => parseReceiptKeyLine(nodeSuite, wrong)).toThrow(
        expect.objectContaining({ code: 'request-malformed' }) as Error,
      );
    }
  });
});
