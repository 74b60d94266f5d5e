import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { noSyscallFaults, SyscallFault, type SyscallFaultOptions } from './syscall-fault.js';

const unavailable = await noSyscallFaults();

/** Starting a program takes long on a busy machine. */
const BUSY = { timeout: 15_000 };

/** Writes a letter and syncs it for each line that it is told, and says what came of it. */
const WRITER = `
  const { openSync, writeSync, fsyncSync } = require('node:fs');
  const file = openSync(process.argv[1], 'w');
  let at = 0;
  require('node:readline').createInterface({ input: process.stdin }).on('line', () => {
    try {
      writeSync(file, 'x', at); at += 1; fsyncSync(file); console.log('done ' + at);
    } catch (error) { console.log('failed ' + at + ' ' + error.code); }
  });
  console.log('ready');
`;

describe.skipIf(unavailable !== undefined)('a fault at a call', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pjq-syscall-'));
  const file = join(folder, 'written');
  let writer: ChildProcess;
  let said: string[];
  let fault: SyscallFault | undefined;
  beforeAll(() => expect(process.platform).toBe('linux'));
  beforeEach(async () => {
    said = [];
    writer = spawn(process.execPath, ['-e', WRITER, file], { stdio: ['pipe', 'pipe', 'inherit'] });
    if (writer.stdout !== null) createInterface({ input: writer.stdout }).on('line', (line) => said.push(line));
    await expect.poll(() => said, BUSY).toContain('ready');
  });
  afterEach(async () => {
    await fault?.detach();
    if (writer.exitCode === null && writer.signalCode === null) {
      const ended = once(writer, 'exit');
      writer.kill('SIGKILL');
      await ended;
    }
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }));

  const attached = async (options: Pick<SyscallFaultOptions, 'call' | 'strike' | 'nth' | 'file'>) => {
    fault = new SyscallFault({ pid: writer.pid ?? 0, ...options });
    await fault.attach();
    return fault;
  };
  const tell = async (answer: string) => {
    writer.stdin?.write('\n');
    await expect.poll(() => said, BUSY).toContain(answer);
  };

  it('kills before the second sync: two letters were written, one was said to be safe', async () => {
    const one = await attached({ call: 'sync', strike: 'die-before', nth: 2 });
    await tell('done 1');
    writer.stdin?.write('\n');
    expect(await one.struck(5_000)).toBe(true);
    await expect.poll(() => writer.signalCode, BUSY).toBe('SIGKILL');
    expect([readFileSync(file, 'utf8'), said]).toEqual(['xx', ['ready', 'done 1']]);
  });

  it('kills before a write: the letter is not there', async () => {
    const one = await attached({ call: 'write', strike: 'die-before', nth: 2 });
    await tell('done 1');
    writer.stdin?.write('\n');
    expect(await one.struck(5_000)).toBe(true);
    await expect.poll(() => writer.signalCode, BUSY).toBe('SIGKILL');
    expect([readFileSync(file, 'utf8'), said]).toEqual(['x', ['ready', 'done 1']]);
  });

  it('kills after a write: the letter is there, and nothing came after it', async () => {
    const one = await attached({ call: 'write', strike: 'die-after', nth: 2 });
    await tell('done 1');
    writer.stdin?.write('\n');
    expect(await one.struck(5_000)).toBe(true);
    await expect.poll(() => writer.signalCode, BUSY).toBe('SIGKILL');
    expect([readFileSync(file, 'utf8'), said]).toEqual(['xx', ['ready', 'done 1']]);
  });

  it('fails the second sync only, and leaves the program to itself', async () => {
    const one = await attached({ call: 'sync', strike: 'fail', nth: 2 });
    await tell('done 1');
    await tell('failed 2 EIO');
    expect(await one.struck(5_000)).toBe(true);
    await tell('done 3');
    await one.detach();
    await tell('done 4');
  });

  it('says that the call did not come', async () => {
    const one = await attached({ call: 'sync', strike: 'fail', nth: 3 });
    await tell('done 1');
    expect(await one.struck(50)).toBe(false);
  });

  it('looks at the named file only', async () => {
    const one = await attached({ call: 'sync', strike: 'fail', nth: 1, file: '/dev/null' });
    await tell('done 1');
    expect(await one.struck(50)).toBe(false);
  });
});

describe('a program that is gone', () => {
  it.skipIf(unavailable !== undefined)('cannot be watched, and that is said', async () => {
    const gone = spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' });
    await once(gone, 'exit');
    const fault = new SyscallFault({ pid: gone.pid ?? 0, call: 'sync', strike: 'fail', nth: 1 });
    await expect(fault.attach()).rejects.toThrow('strace');
  });
});
