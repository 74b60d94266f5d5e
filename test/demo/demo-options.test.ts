import { expect, test } from 'vitest';
import { readDemoOptions } from '../../simulator/demo/demo-options.js';

test('without options the counters have quick boards and no keypad', () => {
  expect(readDemoOptions([])).toMatchObject({ board: 'fast', keypads: [], terminals: 3 });
  expect(readDemoOptions(['--board', 'avr', '--keypad', '2', '--keypad', '3'])).toMatchObject({
    board: 'avr',
    keypads: [2, 3],
  });
});

test.each([
  [['--board', 'slow'], /board: .*"fast"\|"avr".*"slow"/],
  [['--keypad', 'x'], /keypad\.0: /],
  [['--terminals', '2', '--keypad', '3'], /--keypad: must be a counter of the demo, 1 to 2 \(got 3\)/],
])('%j is refused, and why', (argv, why) => {
  expect(() => readDemoOptions(argv)).toThrow(why);
});
