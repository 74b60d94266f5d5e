import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { driverAt, pressAndSee, QUICK_TIMINGS, serves, startBoard, until } from './bench-counter.js';

function hasSocat(): boolean {
  try {
    execFileSync('socat', ['-V'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** A pty whose other end is the virtual board. @returns its path once it is there. */
async function startPty(port: number): Promise<{ path: string; cut: () => Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'pjq-pty-'));
  const path = join(folder, 'board');
  const socat = spawn('socat', [`PTY,link=${path},raw,echo=0`, `TCP:127.0.0.1:${port},nodelay`], { stdio: 'ignore' });
  const gone = new Promise<void>((resolve) => socat.once('exit', () => resolve()));
  const cut = async () => {
    socat.kill('SIGTERM');
    await gone;
  };
  onTestFinished(async () => {
    await cut();
    rmSync(folder, { recursive: true, force: true });
  });
  await until(() => existsSync(path));
  return { path, cut };
}

// Needs the program socat (Debian: apt-get install socat), which makes a serial port out of a TCP connection.
it.skipIf(!hasSocat())('brings presses and lamps, and loses the port when it is pulled out', async () => {
  const { board, port } = await startBoard();
  const { path, cut } = await startPty(port);
  // socat makes the port before it has reached the board; and a busy machine may take its time.
  await until(() => board.hasClient);
  const patient = { ...QUICK_TIMINGS, handshakeTimeoutMs: 10_000 };
  const { driver, witness } = driverAt(`serial:${path}?baud=57600`, { timings: patient });
  driver.start(witness.events);
  await serves(driver);
  driver.setLamps('accepted');
  await until(() => board.lamps().accepted);
  for (const level of [5, 1, 3] as const) await pressAndSee(board, witness, level);
  expect(witness.presses).toEqual([5, 1, 3]);
  await cut();
  await until(() => driver.link === 'lost');
  expect(witness.links).toEqual(['connected', 'lost']);
});

it.skipIf(!hasSocat())('darkens the lamps at the end of the driver', async () => {
  const { board, port } = await startBoard();
  const { path } = await startPty(port);
  const { driver, witness } = driverAt(`serial:${path}`);
  driver.start(witness.events);
  await serves(driver);
  driver.setLamps('fault');
  await until(() => board.lamps().fault);
  await driver.stop();
  await until(() => !board.lamps().fault);
});

it('says why when there is no such port', async () => {
  const { driver, witness } = driverAt('serial:/dev/pjq-nowhere');
  driver.start(witness.events);
  await until(() => witness.told.length > 0);
  expect(witness.told[0]).toMatchObject({
    kind: 'link',
    state: 'lost',
    reason: expect.stringContaining('/dev/pjq-nowhere') as string,
  });
});
