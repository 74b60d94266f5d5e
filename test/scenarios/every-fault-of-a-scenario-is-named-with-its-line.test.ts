import { expect, test } from 'vitest';
import { HEAD, read } from './scenario-text.js';

const faultsOf = (text: string) => read(text).faults.map(({ line, text: fault }) => [line, fault] as const);

test('all faults of a file are told at once, each with its line', () => {
  const text = `name: Not A Name
title: { zh: 测试 }
hall: { policy: { changeOfMindMs: 90000, mood: good }, roof: flat }
clock: { scale: 0 }
weather: fine
steps:
  - open: { caseNo: A-1 }
  - pres: { level: 4 }
  - press: { level: 6 }
  - press: { level: 4, result: maybe }
  - wait: soon
  - wait: { between: [2s, 1s] }
  - expect: { state: idle }
  - expect: { ledger: { ratings: many } }
  - open: { caseNo: A-2, colour: red }
  - switch: { part: roof, state: cut }
  - kill: everybody
  - repeat:
      times: 2
      steps:
        - touch: { level: 0 }
  - random:
      count: 1
      over: 1s
      faults:
        - break: { open: { caseNo: A-3 } }
      steps:
        - later: {}
  - { press: { level: 1 }, touch: { level: 1 } }
`;
  expect(faultsOf(text).map(([line, fault]) => `${line} ${fault.split(':')[0] ?? ''}`)).toEqual([
    '1 name',
    '2 title.en',
    '3 hall.roof',
    '4 clock.scale',
    '5 weather',
    '8 steps.1',
    '9 steps.2.press.level',
    '10 steps.3.press.result',
    '11 steps.4.wait',
    '12 steps.5.wait',
    '13 steps.6.expect',
    '14 steps.7.expect.ledger.ratings',
    '15 steps.8.open.colour',
    '16 steps.9.switch.part',
    '17 steps.10.kill',
    '21 steps.11.repeat.steps.0.touch.level',
    '26 steps.12.random.faults.0.break',
    '29 steps.13',
  ]);
});

test('a policy is faulty at its own line', () => {
  const head = HEAD.replace(
    '{ changeOfMindMs: 500 }',
    '{ changeOfMindMs: 90000, mood: good, receipt: { dropAfterMs: 1 } }',
  );
  expect(faultsOf(`${head}  - wait: 1s\n`)).toEqual([
    [4, expect.stringMatching(/^hall\.policy\.changeOfMindMs: /)],
    [4, expect.stringMatching(/^hall\.policy\.receipt\.dropAfterMs: /)],
    [4, 'hall.policy.mood: unknown key'],
  ]);
});

test.for([
  ['  - open: { terminal: 2, caseNo: A }\n', 'open: the hall has no terminal 2, only 1 to 1'],
  ['  - kill: board-3\n', 'kill: the hall has no terminal 3, only 1 to 1'],
  ['  - expect: { terminal: 4, state: idle }\n', 'expect: the hall has no terminal 4, only 1 to 1'],
  ['  - never: { slip: { terminal: 5, count: 1 } }\n', 'never: the hall has no terminal 5, only 1 to 1'],
])('a counter that the hall does not have is a fault: %s', ([step, fault]) => {
  expect(faultsOf(HEAD + step)).toEqual([[6, fault]]);
});

test('more services than the truth tells of cannot be judged', () => {
  const step = "  - repeat: { times: 50, steps: [{ repeat: { times: 2, steps: [{ open: { caseNo: 'A{n}' } }] } }] }\n";
  expect(faultsOf(HEAD + step)).toEqual([[6, 'steps: opens 100 services; at most 50 can be judged']]);
});

test('faults are told in the order of their lines, whatever is looked at first', () => {
  const text = `${HEAD.replace('500', '90000')}  - press: { level: 9 }\n`;
  expect(faultsOf(text).map(([line]) => line)).toEqual([4, 6]);
});

test('a text that is no YAML is a fault at its line', () => {
  expect(faultsOf(`${HEAD}  - open: { caseNo: A-1\n  - press: }\n`)[0]).toEqual([7, expect.any(String)]);
  expect(faultsOf('name: a\nname: b\n')).toEqual([[2, expect.stringContaining('unique')]]);
  expect(faultsOf('')).toEqual([[1, expect.any(String)]]);
});

test('what is not said has its default', () => {
  const { scenario } = read(`${HEAD}  - press: { level: any }\n  - expect: { terminal: 1, state: idle }\n`);
  expect(scenario).toMatchObject({
    hall: { terminals: 1, board: 'fast', screen: 'interface' },
    policy: { name: 'default', terminal: { changeOfMindMs: 500, invitationMs: 90_000 } },
    scale: 1,
    steps: [
      { name: 'press', line: 6, content: { terminal: 1, level: 'any', result: 'accepted' } },
      { name: 'expect', line: 7, content: { withinMs: 5_000, look: { kind: 'terminal', terminal: 1 } } },
    ],
  });
});
