/** The scripts of the kiosk's session, with the real program that makes the secret and the real Chromium. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const SECRET = 'a-secret-of-this-boot';

test('it waits for the secret, and writes the address for its user only', async () => {
  const folder = temporary();
  const config = configure(folder, 7401);
  const file = join(folder, 'address');
  const { username } = userInfo();
  const script = promisify(execFile)(join(ROOT, 'hw/os/kiosk-address'), [config, file, username], { timeout: 50_000 });
  mkdirSync(join(folder, 'data'));
  writeFileSync(join(folder, 'data/kiosk-secret'), `${SECRET}\n`);
  writeFileSync(join(folder, 'data/staff-secret'), 'another\n');
  await script;
  expect(readFileSync(file, 'utf8')).toBe(`http://127.0.0.1:7401/kiosk/#${SECRET}\n`);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('the browser opens that address, and no argument of a process tells the secret', async () => {
  const folder = temporary();
  const told: string[] = [];
  const server = createServer((request, response) => {
    told.push(request.url ?? '');
    response.setHeader('content-type', 'text/html');
    response.end('<script>fetch("/told/" + location.hash.slice(1))</script>');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.closeAllConnections());
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  writeFileSync(join(folder, 'address'), `http://127.0.0.1:${port}/kiosk/#${SECRET}\n`);
  // Without a screen, and as root, it needs two arguments more.
  const browser = join(folder, 'chromium');
  writeFileSync(browser, '#!/bin/sh\nexec /usr/bin/chromium --headless --no-sandbox "$@"\n', { mode: 0o755 });
  const session = spawn(join(ROOT, 'hw/os/kiosk-session'), [join(folder, 'address')], {
    env: { ...process.env, PJQ_CHROMIUM: browser },
    stdio: 'ignore',
    detached: true,
  });
  const ended = once(session, 'exit');
  onTestFinished(async () => {
    // A browser is many processes, and its helpers write into its folder after the first of them is gone.
    process.kill(-(session.pid ?? 0), 'SIGKILL');
    await ended;
  });
  await expect.poll(() => told, { timeout: 40_000 }).toContain(`/told/${SECRET}`);
  expect(readFileSync(`/proc/${session.pid}/cmdline`, 'utf8')).toContain('--kiosk');
  expect(readFileSync(`/proc/${session.pid}/cmdline`, 'utf8')).not.toContain(SECRET);
});

function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pjq-kiosk-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }));
  return folder;
}

function configure(folder: string, port: number): string {
  const file = join(folder, 'terminal.yaml');
  writeFileSync(
    file,
    [
      'hall: h',
      'terminal: t1',
      `dataDir: ${join(folder, 'data')}`,
      'policyFile: p',
      `http: { port: ${port} }`,
      'mqtt: { url: mqtt://127.0.0.1:1 }',
      'board: { url: tcp://127.0.0.1:1, profile: uno-five-keys }',
      '',
    ].join('\n'),
  );
  return file;
}
