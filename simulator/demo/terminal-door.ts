/** A terminal's local interface, as its own screen and its staff page use it. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { healthMessageSchema, PjqError, type Level, type Matter } from '../../protocol/index.js';
import { LOOPBACK } from './demo-ports.js';
import type { CounterPlace } from './hall-files.js';
import { PRINTER_FAULTS } from './hall-view.js';
import { call, jsonOf, type LoopbackAnswer } from './loopback-call.js';
import { sealLevel } from './sealed-level.js';

/** What the citizen's screen knows; it never holds a level. */
const sessionSchema = z.object({
  state: z.enum(['offDuty', 'idle', 'paused', 'outOfService', 'invited', 'pressed']),
  staffNo: z.string().optional(),
  pausedFor: z.string().optional(),
  serviceId: z.string().optional(),
  caseNo: z.string().optional(),
  matter: z.string().optional(),
  remainingMs: z.number().optional(),
});
export type TerminalSession = z.infer<typeof sessionSchema>;

const partsSchema = healthMessageSchema.pick({ parts: true });
export type TerminalParts = z.infer<typeof partsSchema>['parts'];

const stateOfPart = z.enum(['connected', 'degraded', 'lost', 'absent']);

/** The self-check of the day and the one that is going on; fields that are not named here are handed on as they are. */
const selfCheckSchema = z.looseObject({
  last: z.looseObject({ result: z.enum(['pass', 'limited', 'fail', 'skipped', 'missing']), since: z.number() }),
  running: z
    .looseObject({ step: z.looseObject({ name: z.string(), target: z.string().nullable() }).nullable() })
    .nullable(),
});
export type SelfCheck = z.infer<typeof selfCheckSchema>;

/** What the staff page knows; of a level, nothing. */
const deskSchema = z.object({
  staff: z.object({ staffNo: z.string(), name: z.string().nullable(), post: z.string().nullable() }).nullable(),
  service: z.object({ serviceId: z.string() }).nullable(),
  parts: z.record(z.string(), stateOfPart),
  paper: z.enum(['ok', 'near-end', 'out', 'unknown', 'absent']),
  printerFault: z.enum(PRINTER_FAULTS).nullable().default(null),
  backlog: z.number(),
  /** Null from a terminal that makes none. */
  selfCheck: selfCheckSchema.nullable().default(null),
  recent: z.array(
    z.object({
      serviceId: z.string(),
      caseNo: z.string(),
      matter: z.string().nullable(),
      at: z.number(),
      outcome: z.enum(['rated', 'not-rated']),
    }),
  ),
});
export type TerminalDesk = z.infer<typeof deskSchema>;

/** Addresses of the terminal's pages; what follows # is their secret, which is of this boot. */
export interface TerminalPages {
  readonly kiosk: string;
  readonly staff: string;
}

/** `kiosk`: as the citizen's screen; `staff`: as the staff page. */
export type Role = 'kiosk' | 'staff';

export interface LocalCall {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  /** A function when it depends on the secret of the moment. */
  readonly body?: unknown;
}

const TIMEOUT_MS = 2_000;

export class TerminalDoor {
  readonly #place: CounterPlace;

  constructor(place: CounterPlace) {
    this.#place = place;
  }

  /** `undefined` while the terminal does not answer. */
  async session(): Promise<TerminalSession | undefined> {
    return this.#read('kiosk', '/v1/session', sessionSchema);
  }

  /** How board, network and the like are; `undefined` while the terminal does not answer. */
  async parts(): Promise<TerminalParts | undefined> {
    return (await this.#read('staff', '/v1/health', partsSchema))?.parts;
  }

  /** The staff page's view; `undefined` while the terminal does not answer. */
  async desk(): Promise<TerminalDesk | undefined> {
    return this.#read('staff', '/v1/desk', deskSchema);
  }

  /** @throws PjqError `unreachable` while the terminal has made no secrets yet. */
  pages(): TerminalPages {
    const address = (role: Role) => `http://${LOOPBACK}:${this.#place.httpPort}/${role}/#${this.#secret(role)}`;
    return { kiosk: address('kiosk'), staff: address('staff') };
  }

  /** Tells the pages of one start from those of the next, without their secret; `undefined` before the first. */
  pagesId(): string | undefined {
    try {
      return createHash('sha256').update(this.#secret('kiosk')).digest('hex').slice(0, 12);
    } catch {
      return undefined;
    }
  }

  /** Opens a completion-stage service from the staff page. @throws PjqError `unreachable`. */
  open(service: { caseNo: string; matter?: Matter }): Promise<LoopbackAnswer> {
    return this.ask('staff', { method: 'POST', path: '/v1/services', body: { ...service, stage: 'completion' } });
  }

  /** 稍后用手机评, as the screen's target asks for it. @throws PjqError `unreachable`. */
  later(): Promise<LoopbackAnswer> {
    return this.ask('kiosk', { method: 'POST', path: '/v1/later', body: {} });
  }

  /** A touch on one of the five targets, as the screen tells it: sealed. @throws PjqError `unreachable`. */
  touch(level: Level): Promise<LoopbackAnswer> {
    const body = () => ({ sealed: sealLevel(this.#secret('kiosk'), level) });
    return this.ask('kiosk', { method: 'POST', path: '/v1/press', body });
  }

  /** @returns whether the terminal said yes. */
  async signOn(): Promise<boolean> {
    const { staffNo } = this.#place;
    const answer = await this.#call('staff', { method: 'POST', path: '/v1/duty', body: { staffNo } });
    return answer?.status === 200;
  }

  async #read<S extends z.ZodType>(role: Role, path: string, schema: S): Promise<z.infer<S> | undefined> {
    const answer = await this.#call(role, { method: 'GET', path });
    return answer?.status === 200 ? schema.safeParse(jsonOf(answer)).data : undefined;
  }

  /** @returns the terminal's own answer. @throws PjqError `unreachable` when it does not answer. */
  async ask(role: Role, what: LocalCall): Promise<LoopbackAnswer> {
    const answer = await this.#call(role, what);
    if (answer === undefined) throw new PjqError('unreachable');
    return answer;
  }

  async #call(role: Role, { method, path, body }: LocalCall): Promise<LoopbackAnswer | undefined> {
    try {
      return await call({
        method,
        path,
        body: typeof body === 'function' ? (body as () => unknown)() : body,
        port: this.#place.httpPort,
        headers: { authorization: `Bearer ${this.#secret(role)}` },
        timeoutMs: TIMEOUT_MS,
      });
    } catch {
      // A terminal that is down, or has not written its secrets yet, is a state here.
      return undefined;
    }
  }

  /** Read each time: the terminal may have made others. @throws PjqError `unreachable`. */
  #secret(role: Role): string {
    try {
      return readFileSync(join(this.#place.dataDir, `${role}-secret`), 'utf8').trim();
    } catch (cause) {
      throw new PjqError('unreachable', undefined, { cause });
    }
  }
}
