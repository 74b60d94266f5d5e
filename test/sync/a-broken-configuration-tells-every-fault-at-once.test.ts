import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const EXIT_CONFIG = 78;
const HIDDEN = 'hunter2-hunter2';

describe('a broken configuration', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'pjq-config-'));
    writeFileSync(join(folder, 'secret'), 'a-secret-that-is-long');
    writeFileSync(join(folder, 'short'), HIDDEN.slice(0, 7));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }));

  const write = (name: string, value: unknown) => {
    writeFileSync(join(folder, name), typeof value === 'string' ? value : JSON.stringify(value));
    return join(folder, name);
  };
  /** Ends one that takes its configuration after all. */
  const started = (program: 'device' | 'gateway', file: string) =>
    spawnSync(process.execPath, [`dist/${program}/main.js`, '--config', file], {
      encoding: 'utf8',
      timeout: 20_000,
      killSignal: 'SIGKILL',
    });
  const run = (program: 'device' | 'gateway', config: unknown) => {
    const { status: code, stdout, stderr } = started(program, write('config.yaml', config));
    expect(stdout).toBe('');
    expect(stderr).not.toContain(HIDDEN);
    return { code, faults: stderr.trim().split('\n').slice(1, -1), stderr };
  };
  const device = (change: Record<string, unknown> = {}) => ({
    hall: 'demo',
    terminal: 't1',
    dataDir: join(folder, 't1'),
    policyFile: 'gateway/policies/default.yaml',
    http: { port: 0 },
    mqtt: { url: 'mqtt://127.0.0.1:1' },
    board: { url: 'tcp://127.0.0.1:1', profile: 'uno-five-keys' },
    ...change,
  });
  const gateway = (change: Record<string, unknown> = {}) => ({
    hall: 'demo',
    gateway: 'gw',
    dataDir: join(folder, 'gw'),
    policyFile: 'gateway/policies/default.yaml',
    http: { port: 0, secretFile: join(folder, 'secret') },
    mqtt: { embedded: { port: 0 } },
    centre: { url: 'http://127.0.0.1:1', secretFile: join(folder, 'secret') },
    ...change,
  });

  it('of a terminal tells every fault as path: reason (got …), hides secrets, and exits with 78', () => {
    const { code, faults, stderr } = run('device', {
      hall: 'Hall!',
      terminal: 5,
      dataDir: '',
      http: { port: 70_000, password: HIDDEN },
      mqtt: { url: 'mqtt://10.0.0.1:1883' },
      board: { url: 'tcp://127.0.0.1:1' },
      sync: { windowBatches: 9 },
      secret: HIDDEN,
      logLevel: 'loud',
    });
    expect(code).toBe(EXIT_CONFIG);
    expect(stderr).toMatch(/^config-invalid: /);
    for (const fault of faults) expect(fault).toMatch(/^[\w.()]+: .+ \(got .+\)$/);
    expect(faults.map((fault) => fault.slice(0, fault.indexOf(':'))).sort()).toEqual([
      'board.profile',
      'dataDir',
      'hall',
      'http.password',
      'http.port',
      'logLevel',
      'mqtt.url',
      'policyFile',
      'secret',
      'sync.windowBatches',
      'terminal',
    ]);
    expect(faults.find((fault) => fault.startsWith('mqtt.url'))).toBe(
      'mqtt.url: must be mqtts:// with tls unless the broker is on loopback (got "mqtt://10.0.0.1:1883")',
    );
    expect(faults.find((fault) => fault.startsWith('http.port'))).toContain('(got 70000)');
  });

  it('of a gateway as well', () => {
    const { code, faults } = run(
      'gateway',
      gateway({
        gateway: 'GW',
        dataDir: undefined,
        http: { port: -1, secretFile: 5 },
        mqtt: { embedded: { port: 'x', tls: { caFile: 'ca', password: HIDDEN } } },
        centre: { url: 'ftp://centre', secretFile: join(folder, 'secret'), timeoutMs: 1, key: HIDDEN },
        more: { token: { password: HIDDEN } },
      }),
    );
    expect(code).toBe(EXIT_CONFIG);
    for (const fault of faults) expect(fault).toMatch(/^[\w.()]+: .+ \(got .+\)$/);
    expect(faults.map((fault) => fault.slice(0, fault.indexOf(':'))).sort()).toEqual([
      'centre.key',
      'centre.timeoutMs',
      'centre.url',
      'dataDir',
      'gateway',
      'http.port',
      'http.secretFile',
      'more',
      'mqtt',
    ]);
    const mqtt = faults.find((fault) => fault.startsWith('mqtt: ')) ?? '';
    for (const part of ['embedded.port: ', 'embedded.tls.certFile: ', 'embedded.tls.keyFile: ', '"password"'])
      expect(mqtt).toContain(part);
  });

  it('refuses the clear away from loopback, and mqtts without certificates', () => {
    const cases = [
      [
        'gateway',
        gateway({ mqtt: { embedded: { port: 0, host: '0.0.0.0' } } }),
        'mqtt.embedded.tls: is needed unless host is loopback (got nothing)',
      ],
      [
        'gateway',
        gateway({ mqtt: { url: 'mqtt://broker.hall:1883' } }),
        'mqtt.url: must be mqtts:// with tls unless the broker is on loopback (got "mqtt://broker.hall:1883")',
      ],
      ['gateway', gateway({ mqtt: {} }), 'mqtt: must have either embedded or url (got {})'],
      ['device', device({ mqtt: { url: 'mqtts://10.0.0.1:8883' } }), 'mqtt.tls: is needed for mqtts:// (got nothing)'],
    ] as const;
    for (const [program, config, fault] of cases)
      expect(run(program, config)).toMatchObject({ code: EXIT_CONFIG, faults: [fault] });
  });

  it('names every file that it cannot read', () => {
    const tls = {
      caFile: join(folder, 'ca.pem'),
      certFile: join(folder, 'cert.pem'),
      keyFile: join(folder, 'key.pem'),
    };
    const told = run(
      'gateway',
      gateway({
        http: { port: 0, secretFile: join(folder, 'nowhere') },
        mqtt: { embedded: { port: 0, tls } },
        centre: { url: 'http://127.0.0.1:1', secretFile: join(folder, 'short') },
      }),
    );
    expect(told.code).toBe(EXIT_CONFIG);
    expect(told.faults.map((fault) => fault.slice(0, fault.indexOf(':')))).toEqual([
      'http.secretFile',
      'centre.secretFile',
      'mqtt.embedded.tls.caFile',
      'mqtt.embedded.tls.certFile',
      'mqtt.embedded.tls.keyFile',
    ]);
    expect(told.faults[1]).toBe('centre.secretFile: the secret must have at least 16 characters (got 7)');
    const terminal = run('device', device({ mqtt: { url: 'mqtts://10.0.0.1:8883', tls } }));
    expect(terminal.code).toBe(EXIT_CONFIG);
    expect(terminal.faults.map((fault) => fault.slice(0, fault.indexOf(':')))).toEqual([
      'mqtt.tls.caFile',
      'mqtt.tls.certFile',
      'mqtt.tls.keyFile',
    ]);
    const missing = started('device', join(folder, 'nowhere.yaml'));
    expect([missing.status, missing.stderr.split('\n')[1]]).toEqual([
      EXIT_CONFIG,
      expect.stringContaining('nowhere.yaml: cannot be read'),
    ]);
  });

  it('that is no YAML names the line', () => {
    const { code, faults } = run('device', 'hall: demo\nhall: again\nterminal: [');
    expect(code).toBe(EXIT_CONFIG);
    expect(faults.length).toBeGreaterThan(1);
    for (const fault of faults) expect(fault).toMatch(/^line \d+: /);
  });

  it('in its policy is one as well, for either program', () => {
    const text = readFileSync('gateway/policies/default.yaml', 'utf8')
      .replace(/changeOfMindMs: \d+/, 'changeOfMindMs: 99999')
      .replace(/invitationMs: \d+/, 'invitationMs: 59999')
      .replace('name: default', 'name: Default\nautomatic: 5');
    const policyFile = write('policy.yaml', text);
    for (const [program, config] of [
      ['device', device({ policyFile })],
      ['gateway', gateway({ policyFile })],
    ] as const) {
      const { code, faults, stderr } = run(program, config);
      expect(code).toBe(EXIT_CONFIG);
      expect(stderr).toMatch(/^policy-invalid: /);
      expect(faults.map((fault) => fault.slice(0, fault.indexOf(':'))).sort()).toEqual([
        'automatic',
        'name',
        'terminal.changeOfMindMs',
        'terminal.invitationMs',
      ]);
    }
  });

  it('in profiles of several parts is told of each, by the part', () => {
    const parts = {
      board: { url: 'gpio:', profile: 'uno-five-keys' },
      printer: { url: 'lpt1', profile: 'escpos-58' },
      keypad: { profile: 'no-such-keypad' },
    };
    const { code, faults } = run('device', device(parts));
    expect(code).toBe(EXIT_CONFIG);
    expect(faults.map((fault) => fault.split(':')[0])).toEqual(['board', 'printer', 'keypad']);
  });

  it('in its board profile is one as well', () => {
    const profile = write('board.yaml', 'name: Board!\nkeys: []\nextra: 1\n');
    const { code, faults, stderr } = run('device', device({ board: { url: 'tcp://127.0.0.1:1', profile } }));
    expect(code).toBe(EXIT_CONFIG);
    expect(stderr).toMatch(/^profile-invalid: /);
    expect(faults.length).toBeGreaterThan(1);
    for (const fault of faults) expect(fault).toMatch(/^[\w.()]+: .+/);
    const unknown = run('device', device({ board: { url: 'tcp://127.0.0.1:1', profile: 'no-such-board' } }));
    expect([unknown.code, unknown.faults[0]]).toEqual([
      EXIT_CONFIG,
      expect.stringMatching(/^board: profile: must be one of .+ \(got "no-such-board"\)$/),
    ]);
  });
});
