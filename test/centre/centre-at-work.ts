/** What the tests of the centre's wire stand on: a real centre and a real gateway port, over HTTP on 127.0.0.1. */
import { createHmac, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { z } from 'zod';
import { GenericCentre, type GenericCentreOptions } from '../../gateway/centre/generic-centre.js';
import { GENERIC_WINDOW_CHANNEL } from '../../gateway/centre/generic-mapping.js';
import { CENTRE_HEADERS, centreSigningText, type CentreRating } from '../../protocol/index.js';
import { createLogger } from '../../protocol/runtime/logging.js';
import { nodeRandomness } from '../../protocol/runtime/node-suite.js';
import { CentreServer } from '../../simulator/centre/centre-server.js';
import type { LedgerEntry, Recognition, SupersededEntry } from '../../simulator/centre/ledger.js';
import type { misbehaviourSchema } from '../../simulator/centre/misbehaviour.js';

export const SECRET = 'a secret that both sides read from a file';
/** A caller that never gives up. */
export const never: AbortSignal = new AbortController().signal;

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pjq-centre-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }));
  return folder;
}

export function makeRating(changes: Partial<CentreRating> = {}): CentreRating {
  return {
    ratingId: nodeRandomness.newId(),
    serviceId: 'svc-1',
    hall: 'tongde',
    terminal: 't01',
    window: '1号窗口',
    caseNo: `案-${nodeRandomness.newId()}`,
    serviceNumber: 2,
    assessNumber: 1,
    stage: 'completion',
    satisfaction: 4,
    channel: GENERIC_WINDOW_CHANNEL,
    attributedTo: 'window',
    matter: { code: 'M-7', name: '社会保障卡申领' },
    staffNo: 'A-17',
    serviceTime: 1_780_000_000_000,
    assessTime: 1_780_000_060_000,
    ...changes,
  };
}

/** A centre of this process; `wallMs` is its clock. */
export async function startCentre(
  options: { dataDir?: string; wallMs?: () => number; recognition?: Recognition; refusesBareNegative?: boolean } = {},
): Promise<RunningCentre> {
  const server = new CentreServer({
    host: '127.0.0.1',
    port: 0,
    dataDir: options.dataDir ?? temporaryFolder(),
    secret: SECRET,
    ...(options.recognition === undefined ? {} : { recognition: options.recognition }),
    refusesBareNegative: options.refusesBareNegative ?? false,
    clock: { wallMs: options.wallMs ?? Date.now },
    log: createLogger('centre', { level: 'fatal' }),
  });
  const port = await server.start();
  onTestFinished(() => server.stop());
  return { ...reach(`http://127.0.0.1:${port}`), stop: () => server.stop() };
}

export interface Reached {
  readonly url: string;
  ledger(caseNo?: string): Promise<LedgerEntry[]>;
  superseded(): Promise<SupersededEntry[]>;
  misbehave(misbehaviour: z.input<typeof misbehaviourSchema>): Promise<void>;
}
export interface RunningCentre extends Reached {
  stop(): Promise<void>;
}

/** A centre as its wire shows it. */
export function reach(url: string): Reached {
  return {
    url,
    async ledger(caseNo) {
      const query = caseNo === undefined ? '' : `?caseNo=${encodeURIComponent(caseNo)}`;
      return (await (await fetch(`${url}/ledger${query}`)).json()) as LedgerEntry[];
    },
    async superseded() {
      return (await (await fetch(`${url}/superseded`)).json()) as SupersededEntry[];
    },
    async misbehave(misbehaviour) {
      const response = await fetch(`${url}/_faults`, { method: 'POST', body: JSON.stringify(misbehaviour) });
      if (response.status !== 200) throw new Error(`the switch answered ${response.status}`);
    },
  };
}

/** The gateway's side, started. */
export function startPort(url: string, options: Partial<GenericCentreOptions> = {}): GenericCentre {
  const port = new GenericCentre({
    url,
    secret: SECRET,
    timeoutMs: 5_000,
    connectTimeoutMs: 2_000,
    connections: 2,
    clock: { wallMs: Date.now },
    ...options,
  });
  port.start();
  onTestFinished(() => port.stop());
  return port;
}

export interface SignedRequest {
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** A request as the gateway would make it, for tests that change or repeat one. */
export function signRequest(
  body: string,
  options: { key?: string; timestampMs?: number; nonce?: string; secret?: string } = {},
): SignedRequest {
  const { key, timestampMs = Date.now(), nonce = randomBytes(16).toString('hex'), secret = SECRET } = options;
  const text = centreSigningText({
    method: 'POST',
    path: '/ratings',
    timestampMs,
    nonce,
    idempotencyKey: key ?? '',
    body,
  });
  return {
    headers: {
      ...(key === undefined ? {} : { [CENTRE_HEADERS.key]: key }),
      [CENTRE_HEADERS.timestamp]: String(timestampMs),
      [CENTRE_HEADERS.nonce]: nonce,
      [CENTRE_HEADERS.signature]: `v1=${createHmac('sha256', secret).update(text).digest('hex')}`,
    },
    body,
  };
}

/** Status and JSON of the centre's answer. */
export async function post(url: string, request: SignedRequest): Promise<{ status: number; answer: unknown }> {
  const response = await fetch(`${url}/ratings`, { method: 'POST', ...request });
  return { status: response.status, answer: await response.json() };
}
