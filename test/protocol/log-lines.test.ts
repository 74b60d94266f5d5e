import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';

const module = (path: string) => JSON.stringify(new URL(`../../dist/protocol/${path}`, import.meta.url).href);

/** The lines that a program of ours prints when it runs `body` with `log`, `PjqError` and `RepeatedFault` at hand. */
function logged(body: string): Record<string, unknown>[] {
  const program = [
    `import { createLogger, RepeatedFault } from ${module('runtime/logging.js')};`,
    `import { PjqError } from ${module('index.js')};`,
    `const log = createLogger('probe', { level: 'info' });`,
    body,
    'void RepeatedFault; void PjqError;',
  ].join('\n');
  const output = execFileSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8' });
  return output
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

test('a line has its fixed keys', () => {
  const [line] = logged(`log.warn({ terminal: 't1' }, 'hall lost');`);
  expect(line).toEqual({
    severity: 'warn',
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    program: 'probe',
    pid: expect.any(Number),
    terminal: 't1',
    event: 'hall lost',
  });
});

test('levels of ratings and data of evaluators are redacted by name, at the top and within', () => {
  const keys = [
    'level',
    'satisfaction',
    'evaluator',
    'name',
    'phone',
    'mobile',
    'document',
    'certKey',
    'secret',
    'password',
    'authorization',
  ];
  const leaks = Object.fromEntries(keys.map((key) => [key, 'LEAK']));
  const [line] = logged(`const leaks = ${JSON.stringify(leaks)};
    log.info({ ...leaks, rating: leaks, request: { body: leaks }, kept: 'yes' }, 'rated');`);
  expect(JSON.stringify(line)).not.toContain('LEAK');
  for (const key of keys) {
    expect(line?.[key]).toBe('[redacted]');
    expect(line?.['rating']).toHaveProperty(key, '[redacted]');
    expect(line?.['request']).toHaveProperty(`body.${key}`, '[redacted]');
  }
  expect(line).toMatchObject({ severity: 'info', kept: 'yes', event: 'rated' });
  const [press] = logged(`log.info({ level: 1, entry: { body: { level: 5 } } }, 'press');`);
  expect(press).toMatchObject({ level: '[redacted]', entry: { body: { level: '[redacted]' } } });
});

test('an error is told with its code, its hint and its cause', () => {
  const [coded, plain] = logged(`
    log.error({ error: new PjqError('store-locked', 'pjq.db', { cause: new Error('SQLITE_BUSY') }) }, 'start');
    log.error({ error: new TypeError('broken') }, 'fault');`);
  expect(coded?.['error']).toMatchObject({
    code: 'store-locked',
    hint: expect.stringContaining('Stop the other program'),
    cause: 'SQLITE_BUSY',
  });
  expect(coded?.['error']).not.toHaveProperty('stack');
  expect(plain?.['error']).toMatchObject({ message: 'broken', stack: expect.stringContaining('TypeError') });
});

test('the same fault again is counted, not repeated', () => {
  const lines = logged(`
    const fault = new RepeatedFault(log, 'sync');
    for (let n = 0; n < 5; n += 1) fault.report(new PjqError('unreachable', 'try ' + n));
    fault.report(new Error('another'));
    fault.report(new Error('another'));
    fault.clear();
    fault.clear();
    fault.report(new PjqError('unreachable'));`);
  expect(lines.map(({ event, repeated }) => [event, repeated])).toEqual([
    ['sync', undefined],
    ['sync: repeated', 5],
    ['sync', undefined],
    ['sync: repeated', 2],
    ['sync: over', undefined],
    ['sync', undefined],
  ]);
  expect(lines[1]).toMatchObject({ code: 'unreachable' });
});

test('nothing below the level that was asked for is printed', () => {
  expect(logged(`log.debug({}, 'detail'); log.info({}, 'told');`).map(({ event }) => event)).toEqual(['told']);
});
