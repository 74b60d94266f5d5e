import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { topicOf } from '../../protocol/index.js';
import { Hall, until } from '../support/hall.js';
import { Program } from '../support/program.js';
import { HALL, Impostor } from './terminal-impostor.js';

interface Tls {
  readonly caFile: string;
  readonly certFile: string;
  readonly keyFile: string;
}

/** An authority and what it signs, made with the `openssl` of the system as an operator would. */
class Authority {
  readonly #folder: string;
  readonly #name: string;

  constructor(folder: string, name: string) {
    this.#folder = folder;
    this.#name = name;
    this.#openssl(
      'req',
      '-x509',
      ...NEW_KEY,
      '-keyout',
      this.#at('ca.key'),
      '-out',
      this.caFile,
      '-days',
      '2',
      '-subj',
      `/CN=${name}`,
    );
  }

  get caFile(): string {
    return this.#at('ca.pem');
  }

  /** @param commonName `hall/terminal`. */
  issue(commonName: string): Tls {
    const label = commonName.replace('/', '-');
    const [keyFile, certFile, request, extensions] = ['key', 'pem', 'csr', 'ext'].map((kind) =>
      this.#at(`${label}.${kind}`),
    ) as [string, string, string, string];
    writeFileSync(extensions, 'subjectAltName=IP:127.0.0.1\n');
    this.#openssl(
      'req',
      ...NEW_KEY,
      '-keyout',
      keyFile,
      '-out',
      request,
      '-subj',
      `/CN=${commonName.replace('/', '\\/')}`,
    );
    this.#openssl(
      'x509',
      '-req',
      '-in',
      request,
      '-CA',
      this.caFile,
      '-CAkey',
      this.#at('ca.key'),
      '-CAcreateserial',
      '-days',
      '2',
      '-extfile',
      extensions,
      '-out',
      certFile,
    );
    return { caFile: this.caFile, certFile, keyFile };
  }

  #at(name: string): string {
    return join(this.#folder, `${this.#name}-${name}`);
  }

  #openssl(...args: string[]): void {
    execFileSync('openssl', args, { stdio: 'pipe' });
  }
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

function read({ caFile, certFile, keyFile }: Tls) {
  return { ca: readFileSync(caFile), cert: readFileSync(certFile), key: readFileSync(keyFile) };
}

describe('with TLS, a certificate names its terminal', () => {
  let hall: Hall;
  let authority: Authority;
  let stranger: Authority;
  let url = '';
  beforeAll(async () => {
    hall = await new Hall().start();
    authority = new Authority(hall.folder, 'hall-ca');
    stranger = new Authority(hall.folder, 'other-ca');
    url = `mqtts://127.0.0.1:${hall.mqttPort}`;
    await hall.gateway.stop();
    await hall.counter(1).program.stop();
    edit(hall.gatewayConfig, { mqtt: { embedded: { port: hall.mqttPort, tls: authority.issue('demo/@gw') } } });
    edit(join(hall.folder, 't1.yaml'), { mqtt: { url, tls: authority.issue('demo/t1') } });
    const other = [
      'terminal',
      'add',
      't2',
      '--window',
      '2',
      '--public-key',
      'A'.repeat(43),
      '--config',
      hall.gatewayConfig,
    ];
    expect((await Program.run(['dist/gateway/pjq.js', ...other])).code).toBe(0);
    await hall.gateway.start();
    await hall.counter(1).program.start();
    await until('the terminal is connected', async () => (await connection()) === 'connected');
    await until('its board serves', async () => {
      const { body } = await hall.local(hall.counter(1), 'GET', '/v1/health');
      return (body as { parts: { board: string } }).parts.board === 'connected';
    });
  });
  afterAll(() => hall.stop());

  const connection = async () => ((await hall.api('GET', '/v1/windows/1')).body as { connection: string }).connection;

  it('and the right one carries ratings', async () => {
    await hall.open(1, 'sealed');
    expect(await hall.press(1, 5)).toBe(true);
    await until('it is in the ledger', async () => (await hall.ledger()).some(({ caseNo }) => caseNo === 'sealed'));
  });

  it("so that another terminal's name is refused, and the own one is not", async () => {
    const own = read(authority.issue('demo/t2'));
    await expect(Impostor.connect(url, 't1', own)).rejects.toThrow(/Not authorized/);
    await expect(Impostor.connect(url, 't2', read(authority.issue('other/t2')))).rejects.toThrow(/Not authorized/);
    await expect(Impostor.connect(url, 't2', read(authority.issue('t2')))).rejects.toThrow(/Not authorized/);
    const second = await Impostor.connect(url, 't2', own);
    expect(await second.subscribe(topicOf(HALL, 't2', 'ack'))).toBe(1);
    await second.end();
  });

  it("and nobody comes without one of the hall's authority", async () => {
    const { ca } = read(authority.issue('demo/t2'));
    await expect(Impostor.connect(url, 't2', { ca })).rejects.toThrow();
    const { cert, key } = read(stranger.issue('demo/t2'));
    await expect(Impostor.connect(url, 't2', { ca, cert, key })).rejects.toThrow();
    await expect(Impostor.connect(url.replace('mqtts', 'mqtt'), 't2')).rejects.toThrow();
    // Nor does a terminal trust a gateway of another authority.
    await expect(
      Impostor.connect(url, 't2', { ...read(authority.issue('demo/t2')), ca: readFileSync(stranger.caFile) }),
    ).rejects.toThrow(/certificate/);
    expect(hall.gateway.running).toBe(true);
    expect(await connection()).toBe('connected');
  });

  it('and a certificate that is exchanged in place is taken at the next connection', async () => {
    const config = JSON.parse(readFileSync(join(hall.folder, 't1.yaml'), 'utf8')) as { mqtt: { tls: Tls } };
    const before = readFileSync(config.mqtt.tls.certFile, 'utf8');
    authority.issue('demo/t1');
    expect(readFileSync(config.mqtt.tls.certFile, 'utf8')).not.toBe(before);
    await hall.gateway.stop();
    await hall.gateway.start();
    await until('the terminal is connected again', async () => (await connection()) === 'connected');
  });
});

function edit(file: string, change: Record<string, unknown>): void {
  writeFileSync(
    file,
    JSON.stringify({ ...(JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>), ...change }),
  );
}
