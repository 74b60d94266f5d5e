/**
 * The shipped configuration of nginx before the real page, with certificates on both sides. Where there is no nginx it
 * is not run, and says so; `npm test` installs one.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { delimiter, join } from 'node:path';
import { Agent, fetch, type RequestInit } from 'undici';
import { describe, expect, onTestFinished, test } from 'vitest';
import { nodeRandomness } from '../../protocol/runtime/node-suite.js';
import { temporaryFolder } from '../ingest/hall-log.js';
import { freePorts, until } from '../support/hall.js';
import { servePage } from './served-page.js';
import { CASE_NO } from './window-hall.js';

const SHIPPED = readFileSync(new URL('../../docs/hosting/nginx.conf', import.meta.url), 'utf8');
const NGINX = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']
  .map((folder) => join(folder, 'nginx'))
  .find((file) => existsSync(file));
/** What a proxy must not believe of a caller. */
const FORGED = '198.51.100.99';

/** An authority, and what it signs, made with the `openssl` of the system as an operator would. */
function certificates(folder: string): void {
  const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'pipe', cwd: folder });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'hall-ca.pem', '-subj', '/CN=hall');
  for (const [name, host] of [
    ['page', 'pj.example.gov.cn'],
    ['proxy', 'proxy'],
    ['gateway', 'gateway.pjq.internal'],
  ] as const)
    openssl(
      'req',
      '-x509',
      ...key,
      ...['-CA', 'hall-ca.pem', '-CAkey', 'ca.key', '-keyout', `${name}.key`, '-out', `${name}.pem`],
      ...['-subj', `/CN=${host}`, '-addext', `subjectAltName=DNS:${host}`, '-addext', 'basicConstraints=CA:FALSE'],
    );
}

/** The shipped file with the places that an operator changes, and nothing else. */
function configured(folder: string, ports: { http: number; https: number; gateway: number }): string {
  const changes: readonly (readonly [string, string])[] = [
    ['server 10.20.30.40:8443;', `server 127.0.0.1:${ports.gateway};`],
    ['listen 80;', `listen 127.0.0.1:${ports.http};`],
    ['listen 443 ssl;', `listen 127.0.0.1:${ports.https} ssl;`],
    ['/etc/pjq/', `${folder}/`],
    ['/var/log/nginx/', `${folder}/`],
    ['http {\n', `http {\n${TEMPORARY.map((kind) => `    ${kind}_temp_path ${folder}/${kind};\n`).join('')}`],
    ['worker_processes auto;', 'worker_processes 1;'],
  ];
  return changes.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`the shipped file has no ${from}`);
    return text.replaceAll(from, to);
  }, SHIPPED);
}

const TEMPORARY = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];

/** nginx as it is shipped, before a page of a hall of its own. */
async function hosted() {
  const folder = temporaryFolder();
  // nginx works as nobody.
  chmodSync(folder, 0o755);
  const at = (name: string) => join(folder, name);
  certificates(folder);
  const [http, https] = (await freePorts(2)) as [number, number];
  const page = await servePage({
    trustedProxies: ['127.0.0.1'],
    tls: { caFile: at('hall-ca.pem'), certFile: at('gateway.pem'), keyFile: at('gateway.key') },
  });
  writeFileSync(at('nginx.conf'), configured(folder, { http, https, gateway: page.port }));
  let said = '';
  const args = ['-p', folder, '-c', at('nginx.conf'), '-e', 'stderr', '-g', `daemon off; pid ${at('pid')};`];
  const nginx = spawn(NGINX ?? '', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  nginx.stderr.on('data', (bytes: Buffer) => (said += bytes.toString()));
  const agent = new Agent({ connect: { rejectUnauthorized: false } });
  onTestFinished(async () => {
    const ended = once(nginx, 'exit');
    nginx.kill('SIGTERM');
    if (nginx.exitCode === null) await ended;
    await agent.close();
  });
  await until('nginx listens', () => {
    if (nginx.exitCode !== null) throw new Error(`nginx ended: ${said}`);
    return answers(https);
  });
  return {
    page,
    http,
    ask: (path: string, options: RequestInit = {}) =>
      fetch(`https://127.0.0.1:${https}${path}`, { ...options, redirect: 'manual', dispatcher: agent }),
    /** All that nginx wrote. */
    logs: () => ['pjq-access.log', 'pjq-error.log'].map((name) => readFileSync(at(name), 'utf8')).join('') + said,
    gatewayAlone: () => fetch(`https://127.0.0.1:${page.port}/w/A12`, { dispatcher: agent }),
  };
}

describe.skipIf(NGINX === undefined)('nginx as it is shipped (not run where there is no nginx)', () => {
  test('a citizen rates through it; their address comes from the proxy, and the codes are in no log', async () => {
    const { page, ask, logs, gatewayAlone, http } = await hosted();
    await page.hall.serve();
    const entered = await ask('/w/A12', {
      method: 'POST',
      headers: { 'x-forwarded-for': FORGED },
      body: new URLSearchParams({ caseNo: CASE_NO, factor: '4321' }),
    });
    expect(entered.status).toBe(303);
    const pass = new URL(entered.headers.get('location') ?? '', 'https://x/w/A12').pathname;
    const form = await ask(pass, { headers: { 'x-forwarded-for': FORGED } });
    expect([form.status, form.headers.get('strict-transport-security')]).toEqual([200, 'max-age=31536000']);
    expect(form.headers.get('content-security-policy')).toContain("default-src 'none'");
    const id = nodeRandomness.newId();
    const sent = await ask(pass, {
      method: 'POST',
      headers: { 'x-forwarded-for': FORGED },
      body: new URLSearchParams({ id, level: '4' }),
    });
    expect(sent.status).toBeLessThan(400);
    const { db } = page.hall.edge.store;
    expect(await db.selectFrom('rating').select('ratingId').execute()).toEqual([{ ratingId: id }]);

    const code = `AQ${'B'.repeat(40)}A`;
    expect((await ask(`/${code}`)).status).toBeGreaterThanOrEqual(400);
    expect(logs()).toMatch(/ POST \/w\/:window 303 [\s\S]* POST \/:pass [23]\d\d [\s\S]* GET \/:code 4\d\d /);
    for (const secret of [pass.slice(1), CASE_NO, code]) {
      expect(logs()).not.toContain(secret);
      expect(page.logLines.join('')).not.toContain(secret);
    }

    const clear = await fetch(`http://127.0.0.1:${http}/w/A12`, { redirect: 'manual' });
    expect([clear.status, clear.headers.get('location')]).toEqual([301, 'https://127.0.0.1/w/A12']);
    // Without the proxy nobody gets in: the gateway wants a certificate of the hall.
    await expect(gatewayAlone()).rejects.toThrow();

    // 127.0.0.1 is a network of the hall by itself; the forged address is none.
    await page.stop();
    expect(await db.selectFrom('sighting').select('inHall').execute()).toEqual([{ inHall: 1 }]);
  });

  test('nothing else of the hall is to be had; when it cannot be reached, a plain sentence says so', async () => {
    const { page, ask, logs } = await hosted();
    for (const path of [
      '/',
      '/v1/services',
      '/metrics',
      '/health',
      '/board/',
      '/w/',
      '/w/A12/more',
      `/${'A'.repeat(42)}`,
      `/${'A'.repeat(44)}`,
      `/x/${'A'.repeat(43)}`,
      `/${'A'.repeat(43)}/`,
      '/w/..%2fv1',
      '/.git/config',
    ])
      expect([path, (await ask(path)).status]).toEqual([path, 404]);
    for (const method of ['PUT', 'DELETE', 'OPTIONS', 'PATCH'])
      expect([method, (await ask('/w/A12', { method })).status]).toEqual([method, 405]);
    // More than a form holds.
    expect((await ask('/w/A12', { method: 'POST', body: 'x'.repeat(20_000) })).status).toBe(413);
    // Of all this the gateway heard nothing.
    expect(page.logLines).toEqual([]);

    await page.stop();
    const code = `AQ${'C'.repeat(40)}A`;
    const answer = await ask(`/${code}`);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '60']);
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await answer.text()).toContain('小票上的二维码仍然有效');
    expect(logs()).not.toContain(code);
  });
});

test('the shipped configuration forwards exactly the three addresses of the page', () => {
  const quoted = [...SHIPPED.matchAll(/location ~ "([^"]+)" \{\s+proxy_pass/g)].map(([, what]) => what);
  expect(quoted).toEqual(['^/[A-Za-z0-9_-]{43}$', '^/w[A-Za-z0-9_-]{38}$', '^/w/[^/]{1,80}$']);
  expect(SHIPPED.match(/proxy_pass/g)).toHaveLength(3);
});

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => end(true));
    const end = (answered: boolean) => {
      socket.destroy();
      resolve(answered);
    };
    socket.on('error', () => end(false));
  });
}
