import { execFileSync, spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const OS = join(ROOT, 'hw/os');
const UNITS = ['pjq-device.service', 'pjq-kiosk.service', 'pjq-gateway.service'];
const rules = readFileSync(join(OS, '60-pjq.rules'), 'utf8');

test('every file of ours that a unit starts is there, and may be started', () => {
  const paths = UNITS.flatMap((unit) => readFileSync(join(OS, unit), 'utf8').match(/\/opt\/pjq\/[\w/.-]+/g) ?? []);
  expect(paths.length).toBeGreaterThanOrEqual(6);
  for (const path of paths.filter((one) => !one.startsWith('/opt/pjq/dist/'))) {
    const file = path.replace('/opt/pjq', ROOT);
    expect(existsSync(file), path).toBe(true);
    if (!path.endsWith('.md')) accessSync(file, constants.X_OK);
  }
});

const analyze = spawnSync('systemd-analyze', ['--version']);
test.skipIf(analyze.error !== undefined)('systemd finds no fault in the units', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pjq-units-'));
  onTestFinished(() => rmSync(folder, { recursive: true, maxRetries: 20, retryDelay: 100 }));
  for (const unit of UNITS) {
    // It looks whether the commands are there; cage is not on a machine without a screen.
    const text = readFileSync(join(OS, unit), 'utf8')
      .replaceAll('/opt/pjq', ROOT)
      .replaceAll('/usr/bin/cage', '/bin/true');
    writeFileSync(join(folder, unit), text);
  }
  const { stdout, stderr, status } = spawnSync(
    'systemd-analyze',
    ['verify', '--man=no', ...UNITS.map((unit) => join(folder, unit))],
    { encoding: 'utf8' },
  );
  const ofOurs = `${stdout}${stderr}`.split('\n').filter((line) => line.includes('pjq'));
  expect(ofOurs).toEqual([]);
  expect(status).toBe(0);
});

test('the shell finds no fault in the scripts', () => {
  for (const script of ['kiosk-address', 'kiosk-session']) execFileSync('sh', ['-n', join(OS, script)]);
});

test('every rule is a list of matches and assignments, and names only devices that the documents know', () => {
  const lines = rules.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  expect(lines.length).toBeGreaterThan(8);
  const pair = /^[A-Z_]+(\{[^}]+\})?(==|!=|=|\+=|:=)"[^"]*"$/;
  for (const line of lines) for (const part of line.split(/, (?=[A-Z])/)) expect(part).toMatch(pair);
  const named = new Set([...rules.matchAll(/^[^#].*SYMLINK\+="([^"]+)"/gm)].map(([, name]) => name));
  expect([...named].sort()).toEqual(['pjq-board', 'pjq-keypad', 'pjq-printer', 'pjq-serial-keypad']);
  for (const name of named) expect(rules).toMatch(new RegExp(`^# /dev/${name} +\\w`, 'm'));
});
