import { join } from 'node:path';
import { expect, test } from 'vitest';
import { asFiles, folder, HEAD, sim } from './scenario-text.js';

test('an invalid scenario ends with 2, every fault with its file and line, and nothing is run', async () => {
  const [good, bad, worse] = asFiles(
    `${HEAD}  - open: { caseNo: A-1 }\n`,
    `${HEAD}  - open: { caseNo: A-1 }\n  - press: { level: 9 }\n  - dance: {}\n`,
    `${HEAD}  - wait: long\n`,
  ) as [string, string, string];
  const missing = join(folder(), 'missing.yaml');
  const { code, out, err } = await sim('run', good, bad, worse, missing);
  expect([code, out]).toEqual([2, '']);
  expect(err.trim().split('\n')).toEqual([
    `${bad}:7: steps.1.press.level: must be a level 1 to 5, or any`,
    expect.stringContaining(`${bad}:8: steps.2: dance: no such step; there are open, press`),
    expect.stringContaining(`${worse}:6: steps.0.wait: must be a duration`),
    expect.stringContaining(`${missing}:0: cannot be read: ENOENT`),
  ]);
});

test.for([
  'run',
  'run --board wood a.yaml',
  'run --seed -1 a.yaml',
  'record --for ever',
  'record --url http://192.0.2.1:7300',
  'dance',
])('a command line that is not understood ends with 2: %s', async (line) => {
  const { code, out, err } = await sim(...line.split(' '));
  expect([code, out]).toEqual([2, '']);
  expect(err).toContain('error: ');
});

test('a demo that is not there cannot be recorded', async () => {
  // Port 9 discards; on this machine nobody listens there.
  const { code, err } = await sim('record', '--url', 'http://127.0.0.1:9', '--for', '1s');
  expect(code).toBe(1);
  expect(err).toContain('the demo does not answer');
});
