import { spawn } from 'node:child_process';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadSerialKeypadProfile } from '../../hw/profiles/serial-keypad-built-in.js';
import { SerialKeypadBoard } from '../../hw/serial-keypad/serial-keypad-board.js';
import { BenchControl } from '../../simulator/bench/bench-control.js';
import { until, Witness } from '../hw/witness.js';
import { startCounter } from './keypad-rig.js';

function startProgram(...args: string[]) {
  const child = spawn(process.execPath, ['--import', 'tsx', 'simulator/keypad/main.ts', ...args], {
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

const call = async (port: number, path: string, body?: unknown) => {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
};

describe('the keypad as a program', () => {
  it('serves a driver with its real profile, and ends when the pipe of its parent closes', async () => {
    const { child, said } = startProgram('--port', '0', '--control-port', '0', '--profile', 'serial-keypad-events');
    await until(() => said.out.includes('listening'), 15_000);
    const { port, controlPort } = JSON.parse(said.out) as { port: number; controlPort: number };
    const driver = new SerialKeypadBoard({
      profile: loadSerialKeypadProfile('serial-keypad-events'),
      address: { kind: 'tcp', host: '127.0.0.1', port },
      monoMs: () => performance.now(),
      nextDelayMs: () => 20,
    });
    onTestFinished(() => driver.stop());
    const witness = new Witness();
    driver.start({
      ...witness.events,
      press: (level, atMonoMs) => {
        witness.events.press(level, atMonoMs);
        driver.setLamps('accepted');
      },
    });
    await until(() => driver.link === 'connected');
    expect(await call(controlPort, '/healthz')).toEqual({ status: 200, body: { ok: true, client: true } });
    expect(await call(controlPort, '/press', { level: 4 })).toEqual({ status: 200, body: { accepted: true } });
    expect(witness.presses).toEqual([4]);
    child.stdin.end();
    await until(() => said.code !== undefined);
    expect(said.code).toBe(0);
  }, 20_000);

  it('tells all faults of its arguments and exits 78', async () => {
    const { said } = startProgram('--port', 'many', '--control-port', '70000', '--profile', 'nec');
    await until(() => said.code !== undefined, 15_000);
    expect(said.code).toBe(78);
    expect(said.err).toContain('--port: must be a port, 0 for a free one (got "many")');
    expect(said.err).toContain('--control-port: must be a port, 0 for a free one (got "70000")');
    expect(said.err).toContain(
      '--profile: must be one of serial-keypad-ascii, serial-keypad-framed, serial-keypad-events (got "nec")',
    );
  }, 20_000);
});

describe('the finger on a keypad', () => {
  async function startFinger() {
    const counter = await startCounter('serial-keypad-events');
    const control = new BenchControl({ keys: counter.keypad, port: 0, lampTimeoutMs: 300 });
    onTestFinished(() => control.stop());
    const { port } = await control.start();
    return { ...counter, port };
  }

  it('says that a press was not accepted when no lamp is lit for it', async () => {
    const { port, witness } = await startFinger();
    expect(await call(port, '/press', { level: 2, holdMs: 20 })).toEqual({
      status: 504,
      body: { accepted: false, reason: 'no-lamp' },
    });
    expect(witness.presses).toEqual([2]);
  });

  it('holds, lets go, presses two at once, bounces and resets, and tells how many keys are held', async () => {
    const { port, witness, driver, keypad } = await startFinger();
    const state = { client: true, stalled: false, bouncing: false, heldKeys: 0 };
    expect((await call(port, '/key', { level: 5, down: true })).status).toBe(200);
    await until(() => witness.presses.length === 1);
    expect((await call(port, '/state')).body).toEqual({ ...state, heldKeys: 1 });
    await until(() => witness.total('stuck') === 1);
    await call(port, '/key', { level: 5, down: false });
    await until(() => witness.total('freed') === 1);
    expect((await call(port, '/chord', { levels: [1, 5], holdMs: 30 })).status).toBe(200);
    expect(witness.total('chord')).toBe(1);
    await call(port, '/bounce', { on: true });
    expect((await call(port, '/state')).body).toEqual({ ...state, bouncing: true });
    await call(port, '/bounce', { on: false });
    driver.setLamps('fault');
    await until(() => keypad.lamps().fault);
    expect((await call(port, '/lamps')).body).toEqual({ invited: false, accepted: false, fault: true });
    await call(port, '/reset', {});
    await until(() => witness.links.includes('lost'));
    await until(() => keypad.lamps().fault);
    expect(witness.presses).toEqual([5]);
  });

  it('makes noise that is the same for the same seed, stalls and drops', async () => {
    const { port, witness, driver } = await startFinger();
    await call(port, '/garbage', { length: 64, seed: 7 });
    await until(() => witness.links.includes('degraded'));
    await until(() => driver.link === 'connected');
    await call(port, '/stall', { on: true });
    expect((await call(port, '/state')).body).toMatchObject({ stalled: true });
    await call(port, '/stall', { on: false });
    await call(port, '/drop', {});
    await until(() => witness.links.includes('lost'));
    await until(() => driver.link === 'connected');
    expect(witness.presses).toEqual([]);
  });

  it.each([
    ['/press', { level: 6 }],
    ['/chord', { levels: [1] }],
    ['/bounce', { on: 'yes' }],
    ['/garbage', { length: 1e9 }],
    ['/key', { level: 1 }],
    ['/stall', {}],
  ])('refuses %s %j', async (path, body) => {
    const { port } = await startFinger();
    expect(await call(port, path, body)).toMatchObject({ status: 400, body: { code: 'request-malformed' } });
  });
});
