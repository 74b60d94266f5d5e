import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { recordedScenario } from '../../simulator/scenario/recording.js';
import { startDemo } from '../demo/demo-at-work.js';
import { folder, read, sim, startSim } from './scenario-text.js';

describe('a recording', () => {
  const hall = { terminals: 2, name: 'an-afternoon' };

  test('is a valid scenario with the waits between the steps', () => {
    const text = recordedScenario(
      [
        { atMs: 12_000, open: { terminal: 1, caseNo: 'A-1' } },
        { atMs: 12_020, switch: { part: 'printer', terminal: 2, state: 'cut' } },
        { atMs: 13_520, press: { terminal: 1, level: 4 } },
        { atMs: 14_000, kill: 'terminal-2' },
      ],
      hall,
    );
    expect(parse(text)).toMatchObject({
      hall: { terminals: 2 },
      steps: [
        { open: { terminal: 1, caseNo: 'A-1' } },
        { switch: { part: 'printer', terminal: 2, state: 'cut' } },
        { wait: '1500ms' },
        { press: { terminal: 1, level: 4 } },
        { wait: '480ms' },
        { kill: 'terminal-2' },
      ],
    });
    expect(read(text)).toMatchObject({ faults: [], scenario: { name: 'an-afternoon' } });
  });

  test('of a step that no scenario has is refused', () => {
    expect(() => recordedScenario([{ atMs: 0, dance: {} }], hall)).toThrow('no scenario has: {"dance":{}}');
    expect(() => recordedScenario([{ atMs: 0, press: { level: 9 } }], hall)).toThrow('no scenario has');
  });
});

test('what was done in a running demo is done again, and passes', { timeout: 240_000 }, async () => {
  const demo = await startDemo(1, { env: { PJQ_CHROMIUM: '' } });
  await demo.open(1, 'before the recording');
  await demo.tell('/api/terminals/1/staff', { do: 'cancel' });

  const out = join(folder(), 'recorded.yaml');
  const url = `http://127.0.0.1:${demo.ports.page}`;
  const recording = startSim('record', '--url', url, '--out', out, '--name', 'played-by-hand');
  await expect.poll(() => recording.err(), { timeout: 20_000 }).toContain('recording');
  const wanted: unknown[] = [];
  const play = async (path: string, body: object, step: unknown) => {
    expect((await demo.tell(path, body)).status, path).toBeLessThan(300);
    wanted.push(step);
  };
  await play('/api/terminals/1/service', { caseNo: 'X-1' }, { open: { terminal: 1, caseNo: 'X-1' } });
  await play('/api/terminals/1/press', { level: 2 }, { press: { terminal: 1, level: 2 } });
  await play('/api/terminals/1/paper', { paper: 'out' }, { printer: { terminal: 1, paper: 'out' } });
  await play('/api/terminals/1/service', { caseNo: 'X-2' }, { open: { terminal: 1, caseNo: 'X-2' } });
  await play('/api/terminals/1/touch', { level: 5 }, { touch: { terminal: 1, level: 5 } });
  recording.interrupt();
  expect(await recording.ended).toMatchObject({ code: 0, out: '' });
  const steps = (parse(readFileSync(out, 'utf8')) as { steps: object[] }).steps;
  expect(steps.filter((step) => !('wait' in step))).toEqual(wanted);
  await demo.end('SIGTERM');

  const again = await sim('run', out);
  expect(again.out).toMatch(/^pass {2}played-by-hand {2}seed 1 /m);
  expect(again.code).toBe(0);
});
