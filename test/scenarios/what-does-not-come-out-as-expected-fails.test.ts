import { expect, test } from 'vitest';
import { asFiles, HEAD, sim } from './scenario-text.js';

test(
  'each way of failing ends with 1 and tells what was seen instead, with its line',
  { timeout: 180_000 },
  async () => {
    const named = (name: string) => HEAD.replace('told-by-a-test', name);
    const open = '  - open: { caseNo: A-1 }\n';
    const files = asFiles(
      `${named('expects-another-state')}${open}  - expect: { terminal: 1, state: pressed, within: 300ms }\n`,
      `${named('never-sees-what-is-there')}${open}  - never: { terminal: 1, state: invited, for: 300ms }\n`,
      `${named('never-sees-what-cannot-be')}  - never: { terminal: 1, statte: pressed, for: 300ms }\n`,
      `${named('presses-without-a-service')}  - press: { level: 5 }\n`,
      `${named('expects-a-rating-of-another-level')}${open}  - press: { level: 2 }
  - expect: { ledger: { ratings: 1, caseNo: A-1, level: 5 }, within: 3s }\n`,
      `${named('expects-a-refusal')}${open.replace('A-1', 'A-1, refused: terminal-paused')}`,
      `${named('goes-through-a-storm')}  - random:
      count: 1
      over: 0ms
      faults: [{ break: { board: { do: reset } } }]
      steps:
        - expect: { slip: { count: 1 }, within: 300ms }\n`,
      `${named('passes-in-the-same-hall')}${open}  - press: { level: 3 }
  - expect: { ledger: { ratings: 1, caseNo: A-1, level: 3 }, within: 10s }\n`,
    );
    const { code, out } = await sim('run', ...files);
    const lines = out.split('\n');
    const toldOf = (name: string) => lines[lines.findIndex((line) => line.startsWith(`FAIL  ${name}  `)) + 1] ?? '';
    const place = (n: number, line: number) => `      ${files[n] ?? ''}:${line}: `;
    expect(toldOf('expects-another-state')).toBe(
      `${place(0, 7)}expect terminal 1 {"state":"pressed"} within 300 ms: seen instead: session.state: "invited"`,
    );
    expect(toldOf('never-sees-what-is-there')).toContain(
      `${place(1, 7)}never terminal 1 {"state":"invited"} for 300 ms: seen after `,
    );
    expect(toldOf('never-sees-what-cannot-be')).toContain(`${place(2, 6)}never terminal 1 {"statte":"pressed"}`);
    expect(toldOf('never-sees-what-cannot-be')).toContain('there is nothing of that name: statte: nothing');
    expect(toldOf('presses-without-a-service')).toMatch(/:6: press .* the press was to be accepted, and was refused$/);
    expect(toldOf('expects-a-rating-of-another-level')).toMatch(/:8: expect ledger .* level of A-1\.005: 2$/);
    expect(toldOf('expects-a-refusal')).toMatch(/:6: open .* was to be refused with terminal-paused: 201$/);
    expect(toldOf('goes-through-a-storm')).toMatch(/:11: expect slip .* slips: 0$/);
    // One hall for all of them: after each failure it is put back to where it was.
    expect(lines.filter((line) => line.startsWith('hall'))).toHaveLength(1);
    expect(lines.filter((line) => line.startsWith('pass  '))).toEqual([
      expect.stringMatching(/^pass {2}passes-in-the-same-hall /),
    ]);
    expect(lines.at(-2)).toMatch(/^1 of 8 passed in \d+ s$/);
    expect(code).toBe(1);
  },
);
