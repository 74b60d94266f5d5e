import { spawn } from 'node:child_process';
import { expect, it, onTestFinished } from 'vitest';
import { DEFAULT_SESSION_TIMINGS } from '../../hw/firmata/firmata-session.js';
import { loadBoardProfile } from '../../hw/profiles/built-in.js';
import { driverAt, serves, until } from './bench-counter.js';

function startProgram(...args: string[]) {
  const child = spawn(process.execPath, ['--import', 'tsx', 'simulator/board/main.ts', ...args], {
    env: { ...process.env, PJQ_PARENT_PIPE: '1' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const said = { out: '', err: '', code: undefined as number | null | undefined };
  child.stdout.on('data', (chunk: Buffer) => (said.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said.err += chunk.toString()));
  child.on('exit', (code) => (said.code = code));
  onTestFinished(() => void child.kill('SIGKILL'));
  return { child, said };
}

it('serves a driver, and ends when the pipe of its parent closes', async () => {
  const { child, said } = startProgram('--port', '0', '--control-port', '0');
  await until(() => said.out.includes('listening'), 15_000);
  const line = JSON.parse(said.out) as { port: number; controlPort: number };
  expect((await fetch(`http://127.0.0.1:${line.controlPort}/healthz`)).status).toBe(200);
  const { driver, witness } = driverAt(`tcp://127.0.0.1:${line.port}`);
  driver.start(witness.events);
  await serves(driver);
  child.stdin.end();
  await until(() => said.code !== undefined);
  expect(said.code).toBe(0);
}, 20_000);

it('serves with the genuine firmware as well, to a terminal whose profile knows of the resistors', async () => {
  const { said } = startProgram('--firmware', 'avr', '--hurried-boot');
  await until(() => said.out.includes('listening'), 15_000);
  const line = JSON.parse(said.out) as { port: number; controlPort: number; firmware: string };
  expect(line.firmware).toBe('avr');
  const { driver, witness } = driverAt(`tcp://127.0.0.1:${line.port}`, {
    profile: loadBoardProfile('uno-outer-resistors'),
    timings: DEFAULT_SESSION_TIMINGS,
  });
  driver.start(witness.events);
  await until(() => driver.link === 'connected', 20_000);
  const body = JSON.stringify({ level: 4, down: true });
  await fetch(`http://127.0.0.1:${line.controlPort}/key`, { method: 'POST', body });
  await until(() => witness.presses.length === 1);
  expect(witness.presses).toEqual([4]);
}, 40_000);

it('tells all faults of its arguments and exits 78', async () => {
  const { said } = startProgram('--port', 'many', '--control-port', '70000', '--firmware', 'arm');
  await until(() => said.code !== undefined, 15_000);
  expect(said.code).toBe(78);
  expect(said.err).toContain('--port: must be a port, 0 for a free one (got "many")');
  expect(said.err).toContain('--control-port: must be a port, 0 for a free one (got "70000")');
  expect(said.err).toContain('--firmware: must be one of fast, avr (got "arm")');
}, 20_000);
