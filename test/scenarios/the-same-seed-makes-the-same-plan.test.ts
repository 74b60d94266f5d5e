import { expect, test } from 'vitest';
import { planScenario, planText, type Planned } from '../../simulator/scenario/plan.js';
import { seededChoice } from '../../simulator/scenario/seeded-choice.js';
import { asFiles, HEAD, sim, valid } from './scenario-text.js';

const OPEN = `${HEAD}  - repeat:
      times: 20
      steps:
        - open: { caseNo: 'A-{n}' }
        - wait: { between: [200ms, 900ms] }
        - press: { level: any }
        - board: { do: garbage }
        - expect: { ledger: { ratings: 1, caseNo: 'A-{n}' } }
  - random:
      count: 30
      over: 10s
      faults:
        - break: { switch: { part: board, state: cut } }
          mend: { switch: { part: board, state: 'on' } }
          lasts: { between: [100ms, 2s] }
        - break: { printer: { do: garbage } }
        - break: { kill: terminal-1 }
      steps:
        - touch: { level: any }
        - printer: { do: garbage }
`;

const steps = (text: string, seed?: number): readonly Planned[] => planScenario(valid(text), seed).steps;

test('the plan is the same byte for byte, however often it is made', async () => {
  const [file] = asFiles(OPEN) as [string];
  const [first, second, other] = await Promise.all([
    sim('run', '--dry-run', file),
    sim('run', '--dry-run', file),
    sim('run', '--dry-run', '--seed', '8', file),
  ]);
  expect(first).toMatchObject({ code: 0, err: '' });
  expect(second.out).toBe(first.out);
  expect(first.out).toBe(planText(planScenario(valid(OPEN))));
  expect(other.out).not.toBe(first.out);
  expect(other.out.split('\n')[0]).toBe('told-by-a-test, seed 8');
});

test('nothing is left open in a plan', () => {
  const text = planText(planScenario(valid(OPEN)));
  expect(text).not.toMatch(/any|between|\{n\}/);
  expect(text).toContain('"A-20"');
  // Garbage is told by its seed.
  expect(text.match(/garbage/g)?.length).toBeGreaterThanOrEqual(20);
  expect(text.match(/"do":"garbage","terminal":1(?!,"seed":\d+)/g)).toBeNull();
});

test('every choice comes within its limits, and every one of them comes', () => {
  const planned = [1, 2, 3].flatMap((seed) => steps(OPEN, seed));
  const levels = planned.flatMap((step) => (step.name === 'press' ? [step.content.level] : []));
  const waits = planned.flatMap((step) => (step.name === 'wait' ? [step.content.ms] : []));
  expect(new Set(levels)).toEqual(new Set([1, 2, 3, 4, 5]));
  expect(Math.min(...waits)).toBeGreaterThanOrEqual(200);
  expect(Math.max(...waits)).toBeLessThanOrEqual(900);
  expect(new Set(waits).size).toBeGreaterThan(10);
});

test('random faults are in the order of time, and each cut is mended', () => {
  const [storm] = steps(OPEN).flatMap((step) => (step.name === 'random' ? [step] : []));
  const faults = storm?.faults ?? [];
  const times = faults.map(({ atMs }) => atMs);
  expect(times).toEqual([...times].sort((a, b) => a - b));
  const switched = (state: string) =>
    faults.filter(({ step }) => step.name === 'switch' && step.content.state === state).length;
  expect(switched('cut')).toBeGreaterThan(0);
  expect(switched('on')).toBe(switched('cut'));
  expect(faults.length - switched('on')).toBe(30);
});

test("the clock's scale stretches every wait, and changes no choice", () => {
  const ten = OPEN.replace('steps:', 'clock: { scale: 10 }\nsteps:');
  const waits = (text: string) => steps(text).flatMap((step) => (step.name === 'wait' ? [step.content.ms] : []));
  expect(waits(ten)).toEqual(waits(OPEN).map((ms) => ms * 10));
  const levels = (text: string) => steps(text).flatMap((step) => (step.name === 'press' ? [step.content.level] : []));
  expect(levels(ten)).toEqual(levels(OPEN));
});

test('the choices of a seed are these, for ever', () => {
  const choice = seededChoice(42);
  expect(Array.from({ length: 10 }, () => choice.between(1, 5))).toMatchInlineSnapshot(`
    [
      2,
      1,
      5,
      1,
      4,
      3,
      1,
      3,
      1,
      1,
    ]
  `);
});
