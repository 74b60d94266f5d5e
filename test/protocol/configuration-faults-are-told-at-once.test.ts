import { expect, test } from 'vitest';
import { z } from 'zod';
import { PjqError } from '../../protocol/index.js';
import { parseConfiguration, readConfiguration } from '../../protocol/runtime/configuration.js';

const schema = z.strictObject({
  name: z.string().min(1),
  http: z.strictObject({
    port: z.int().min(0).max(65_535),
    secretFile: z.string().optional(),
    apiKey: z.int().optional(),
  }),
  waits: z.array(z.int().min(10)).default([]),
  logLevel: z.enum(['info', 'error']).default('info'),
});

function faultsOf(text: string, read: () => unknown = () => parseConfiguration(text, schema)): string[] {
  try {
    read();
  } catch (error) {
    if (!(error instanceof PjqError)) throw error;
    expect(error.code).toBe('config-invalid');
    return (error.detail ?? '').split('\n').filter((line) => line !== '');
  }
  return [];
}

test('a good file is read with its defaults, as YAML or as JSON', () => {
  const wanted = { name: 'a', http: { port: 0 }, waits: [], logLevel: 'info' };
  expect(parseConfiguration('name: a # who\nhttp:\n  port: 0\n', schema)).toEqual(wanted);
  expect(parseConfiguration(JSON.stringify({ name: 'a', http: { port: 0 } }), schema)).toEqual(wanted);
});

test('every fault is told at once as path: reason (got …)', () => {
  const faults = faultsOf('name: ""\nhttp: {port: 70000, prot: 1}\nwaits: [20, 5]\nlogLevel: loud\nextra: {a: 1}\n');
  expect(faults).toHaveLength(6);
  for (const fault of faults) expect(fault).toMatch(/^[\w.]+: .+ \(got .+\)$/);
  const starts = faults.map((fault) => fault.slice(0, fault.indexOf(':'))).sort();
  expect(starts).toEqual(['extra', 'http.port', 'http.prot', 'logLevel', 'name', 'waits.1']);
  expect(faults).toContain('http.prot: unknown key (got 1)');
  expect(faults.find((fault) => fault.startsWith('http.port'))).toMatch(/65535 \(got 70000\)$/);
});

test('what is missing is told as nothing, and an empty file misses everything', () => {
  expect(faultsOf('http: {port: 1}')).toEqual([expect.stringMatching(/^name: .*\(got nothing\)$/)]);
  expect(faultsOf('').map((fault) => fault.split(':')[0])).toEqual(['name', 'http']);
  expect(faultsOf('5')).toEqual([expect.stringMatching(/^\(file\): .*\(got 5\)$/)]);
});

test('what is no YAML is told by its line; so are a key given twice and an alias of nothing', () => {
  expect(faultsOf('name: a\nhttp: {')[0]).toMatch(/^line 2: /);
  expect(faultsOf('name: a\nname: b')[0]).toMatch(/^line 2: .*unique/);
  expect(faultsOf('name: *nobody')[0]).toMatch(/^\(file\): .*alias/);
  const layers = Array.from(
    { length: 9 },
    (_, n) => `a${n + 1}: &a${n + 1} [${Array<string>(9).fill(`*a${n}`).join(', ')}]`,
  );
  expect(faultsOf(['a0: &a0 lol', ...layers].join('\n'))[0]).toMatch(/alias/);
});

test('a file that cannot be read is told by its name', () => {
  expect(faultsOf('', () => readConfiguration('/nowhere/pjq.yaml', schema))[0]).toMatch(
    /^\/nowhere\/pjq\.yaml: cannot be read \(got ENOENT/,
  );
});

test('a secret is never repeated, wherever the fault is', () => {
  const texts = [
    'name: a\nhttp: {port: 1, password: hunter2}',
    'name: a\nhttp: {port: 1, apiKey: hunter2}',
    'name: a\nhttp: {port: 1, sharedSecrets: [hunter2]}',
    'name: a\nhttp: [{secret: hunter2}]',
    'name: a\nhttp: {port: 1}\ncredentials: {user: me, password: hunter2}',
    'name: a\nhttp: {port: 1}\naddress: mqtt://me:hunter2@10.0.0.1:1883',
  ];
  for (const text of texts) {
    const faults = faultsOf(text);
    expect(faults, text).toHaveLength(text.includes('[{') ? 1 : faults.length);
    expect(faults.length, text).toBeGreaterThan(0);
    expect(faults.join('\n'), text).not.toContain('hunter2');
  }
});

test('a long value is cut short', () => {
  expect(faultsOf(`name: a\nhttp: {port: "${'x'.repeat(5_000)}"}`)[0]?.length).toBeLessThan(200);
});
