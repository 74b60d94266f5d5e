import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Agent, request } from 'undici';
import { expect, onTestFinished, test } from 'vitest';
import { gatewayConfigurationSchema } from '../../gateway/configuration.js';
import { rateConfigurationSchema } from '../../gateway/rate/rate-configuration.js';
import { temporaryFolder } from '../ingest/hall-log.js';
import { PageHall } from './page-hall.js';

interface Pem {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/** An authority, and one certificate of it, made with the `openssl` of the system as an operator would. */
function certificateOf(authority: string): Pem {
  const folder = temporaryFolder();
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '2', '-subj', `/CN=${authority}`);
  openssl('req', ...key, '-keyout', 'own.key', '-out', 'own.csr', '-subj', '/CN=one');
  writeFileSync(join(folder, 'ext'), 'subjectAltName=IP:127.0.0.1\n');
  const signing = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', 'ext', '-days', '2'];
  openssl('x509', '-req', '-in', 'own.csr', '-out', 'own.pem', ...signing);
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');
  return { ca: read('ca.pem'), cert: read('own.pem'), key: read('own.key') };
}

test('off loopback the page speaks to whoever shows a certificate of its authority, and to nobody else', async () => {
  const [own, foreign] = [certificateOf('hall'), certificateOf('somebody')];
  const hall = await PageHall.open({ tls: own, limits: { maxConnections: 4 } });
  const token = await hall.serve('s-1');
  const address = hall.address(token).replace('http:', 'https:');
  const statusFor = async (connect: Partial<Pem>) => {
    const dispatcher = new Agent({ connect });
    onTestFinished(() => dispatcher.destroy());
    const answer = await request(address, { dispatcher });
    await answer.body.dump();
    return answer.statusCode;
  };
  expect(await statusFor(own)).toBe(200);
  await expect(statusFor({ ca: own.ca })).rejects.toThrow();
  await expect(statusFor({ ...foreign, ca: own.ca })).rejects.toThrow();
  await expect(fetch(hall.address(token))).rejects.toThrow();
  // Those who were turned away hold no place.
  for (let n = 0; n < 6; n += 1) expect(await statusFor(own)).toBe(200);
});

test.each([
  [{ host: '0.0.0.0' }, 'tls'],
  [{ publicUrl: 'http://pj.example.gov.cn/r' }, 'publicUrl'],
  [{ publicUrl: 'https://pj.example.gov.cn/r/' }, 'publicUrl'],
  [{ trustedProxies: ['proxy.example'] }, 'trustedProxies'],
])('a configuration with %o is refused', (wrong, path) => {
  const right = { port: 8080, publicUrl: 'https://pj.example.gov.cn/r' };
  expect(rateConfigurationSchema.safeParse(right).success).toBe(true);
  const { error } = rateConfigurationSchema.safeParse({ ...right, ...wrong });
  expect(error?.issues[0]?.path[0]).toBe(path);
  expect(gatewayConfigurationSchema.shape.rate.safeParse(undefined).success).toBe(true);
});
