import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, dirname, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';

/** What the compiler cannot see: which packages appear where. Imports between folders are checked by the compiler. */
const PACKAGES: readonly (readonly [folder: string, packages: readonly string[]])[] = [
  ['protocol/runtime/', ['pino', 'yaml', 'zod']],
  ['protocol/', ['zod']],
  ['hw/firmata/', ['johnny-five', 'firmata-io']],
  ['hw/link/', ['serialport']],
  ['hw/profiles/', ['zod', 'yaml']],
  ['hw/escpos/encode-commands.ts', ['@node-escpos/core']],
  ['hw/escpos/qr-symbol.ts', ['qrcode']],
  ['hw/escpos/text-drawer.ts', ['sharp']],
  ['hw/', []],
  ['device/core/', []],
  ['device/log/', ['better-sqlite3']],
  ['device/sync/mqtt-link.ts', ['mqtt']],
  ['device/kiosk/vite.config.ts', ['vite']],
  ['device/kiosk/', ['preact']],
  ['device/local/pages.ts', ['@fastify/static', 'fastify']],
  ['device/local/', ['fastify', 'zod']],
  ['device/receipt/code-picture.ts', ['qrcode']],
  ['device/hall-file.ts', ['zod']],
  ['device/configuration.ts', ['zod']],
  ['device/main.ts', ['commander']],
  ['device/', []],
  ['gateway/core/', ['zod']],
  ['gateway/store/dialect.ts', ['better-sqlite3', 'kysely']],
  ['gateway/store/checkpoint-worker.ts', ['better-sqlite3']],
  ['gateway/store/store-metrics.ts', ['prom-client']],
  ['gateway/store/', ['kysely']],
  ['gateway/forward/forward-metrics.ts', ['prom-client']],
  ['gateway/ingest/provisionals.ts', ['kysely']],
  ['gateway/services/first-answers.ts', ['kysely']],
  ['gateway/services/reason-metric.ts', ['prom-client']],
  ['gateway/services/codes-without-service.ts', ['prom-client']],
  ['gateway/evaluator/key-ring-file.ts', ['zod']],
  ['gateway/registry/receipt-key-file.ts', ['zod']],
  ['gateway/backup/', ['better-sqlite3']],
  ['gateway/verify/heads.ts', ['better-sqlite3', 'zod']],
  ['gateway/verify/', ['better-sqlite3']],
  ['gateway/repair/', ['better-sqlite3']],
  ['gateway/operate/window-code.ts', ['commander', 'qrcode']],
  ['gateway/operate/', ['commander']],
  ['gateway/misuse/seen-acts.ts', ['kysely']],
  ['gateway/rate/window-code-services.ts', ['kysely']],
  ['gateway/broker/broker-limits.ts', ['zod']],
  ['gateway/peers/', ['zod']],
  ['gateway/broker/embedded-broker.ts', ['aedes']],
  ['gateway/broker/external-broker.ts', ['mqtt']],
  ['gateway/centre/generic-centre.ts', ['undici']],
  ['gateway/reminders/http-sms.ts', ['undici']],
  ['gateway/reminders/sms-configuration.ts', ['zod']],
  ['gateway/api/', ['fastify', 'prom-client', 'zod']],
  ['gateway/rate/rate-server.ts', ['fastify']],
  ['gateway/rate/rate-configuration.ts', ['zod']],
  ['gateway/console/board/vite.config.ts', ['vite']],
  ['gateway/console/board/', ['preact']],
  ['gateway/console/', ['@fastify/static', 'fastify']],
  ['gateway/metrics.ts', ['prom-client']],
  ['gateway/configuration.ts', ['zod']],
  ['gateway/pjq.ts', ['commander']],
  ['gateway/main.ts', ['commander']],
  ['gateway/', []],
  ['simulator/board/avr-uno.ts', ['avr8js']],
  ['simulator/centre/ledger.ts', ['better-sqlite3']],
  ['simulator/demo/page/vite.config.ts', ['vite']],
  ['simulator/demo/page/', ['preact']],
  ['simulator/demo/kiosk-hand.ts', ['playwright-core']],
  ['simulator/scenario/code-check.ts', ['jsqr', 'zod']],
  ['simulator/printer/qr-modules.ts', ['qrcode']],
  ['simulator/printer/', ['fastify', 'sharp', 'zod']],
  ['simulator/', ['commander', 'fastify', 'zod', 'yaml']],
];

/** Folder → folders of ours that it may import (the layer table of docs/architecture.md). */
const FOLDERS: Readonly<Record<string, readonly string[]>> = {
  protocol: ['protocol'],
  hw: ['hw'],
  device: ['device', 'protocol', 'hw'],
  gateway: ['gateway', 'protocol'],
  simulator: ['simulator', 'protocol'],
};

function sources(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? sources(path) : /(?<!\.d)\.tsx?$/.test(name) ? [path] : [];
  });
}

function importsOf(file: string): string[] {
  return [...readFileSync(file, 'utf8').matchAll(/(?:from|import)\s*\(?\s*'([^'"]+)'/g)].map(
    ([, name]) => name as string,
  );
}

const files = Object.keys(FOLDERS).flatMap(sources);

describe('walls', () => {
  it('there is something behind them', () => expect(files.length).toBeGreaterThan(100));

  it.each(files)('%s imports the packages that its place may', (file) => {
    const allowed = PACKAGES.find(([prefix]) => file.startsWith(prefix))?.[1];
    const packages = importsOf(file)
      .filter((name) => !name.startsWith('.') && !name.startsWith('node:'))
      .map((name) =>
        name
          .split('/')
          .slice(0, name.startsWith('@') ? 2 : 1)
          .join('/'),
      );
    expect(packages.filter((name) => !allowed?.includes(name))).toEqual([]);
  });

  it.each(files)('%s stays on its side', (file) => {
    const own = file.split('/')[0] as string;
    const folders = importsOf(file)
      .filter((name) => name.startsWith('.'))
      .map((name) => relative('.', normalize(join(dirname(file), name))).split('/')[0] as string);
    expect(folders.filter((name) => !FOLDERS[own]?.includes(name))).toEqual([]);
  });

  it.each(files.filter((file) => /^(protocol\/(?!runtime)|[a-z]+\/core\/)/.test(file)))('%s is pure', (file) => {
    const text = readFileSync(file, 'utf8');
    expect(text).not.toMatch(
      /\bDate\.now\b|new Date\(\)|Math\.random|\bprocess\.(?:env|pid|cwd|exit|hrtime|std)|\bconsole\.(?:log|error|warn|info)|setTimeout|setInterval/,
    );
    expect(importsOf(file).filter((name) => name.startsWith('node:') || name.includes('/runtime/'))).toEqual([]);
  });
});
