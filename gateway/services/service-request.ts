/** The records of services that were asked for: made, found again by their serviceId, given a new validity. */
import { createHash } from 'node:crypto';
import {
  matterSchema,
  PjqError,
  serviceReferenceOf,
  stageSchema,
  type EntryBody,
  type Matter,
  type ServiceCase,
  type ServiceFacts,
} from '../../protocol/index.js';
import { nodeSuite } from '../../protocol/runtime/node-suite.js';
import type { Evaluator } from '../core/evaluator.js';
import type { OpenRequest } from '../core/open-request.js';
import { canonicalMore, serviceMoreOf } from '../core/service-form.js';
import { themeMatters } from '../core/theme-matters.js';
import type { EvaluatorSafe } from '../evaluator/evaluator-safe.js';
import type { ProjectRules } from '../ingest/placed.js';
import { refuseProvisional } from '../ingest/project-provisional.js';
import { SERVICE } from '../ingest/projection-columns.js';
import { isAnyWaiting } from '../ingest/provisionals.js';
import { resolveRequested } from '../ingest/resolve-requested.js';
import { BLANK_SERVICE } from '../store/blank-rows.js';
import { insertMany, selectMany } from '../store/bulk.js';
import { keptQuery } from '../store/kept-query.js';
import type { ServiceTable, TerminalTable } from '../store/schema.js';
import type { Store, Trx } from '../store/store.js';
import { admitFollowUp } from './follow-up.js';
import { moreColumns, moreOf } from './service-more.js';

export type ServiceRow = ServiceTable;

/** The identity that the gateway gives: of the key, so that a request sent again meets its own record. */
export function serviceIdFor(hall: string, idempotencyKey: string): string {
  return `g-${createHash('sha256').update(`pjq/service/v1\n${hall}\n${idempotencyKey}`).digest('hex').slice(0, 32)}`;
}

/** The command's identity: of the record, so that it outlives a crash; a new validity is a new command. */
export function openCommandId(serviceId: string, validUntil: number): string {
  return createHash('sha256')
    .update(`pjq/service.open/v1\n${serviceId}\n${validUntil}`)
    .digest()
    .subarray(0, 8)
    .toString('base64url');
}

export function factsOf(row: ServiceRow): ServiceFacts {
  const matter = matterOf(row);
  return {
    serviceId: row.serviceId,
    caseNo: row.caseNo,
    stage: stageSchema.parse(row.stage),
    ...(matter === undefined ? {} : { matter }),
  };
}

/** What the terminal is told: of a theme also what may be rated one by one. */
export function factsToldOf(row: ServiceRow): ServiceFacts {
  const cases = row.cases === null ? null : (JSON.parse(row.cases) as ServiceCase[]);
  const matters = themeMatters(row.form, cases);
  return { ...factsOf(row), ...(matters === undefined ? {} : { matters: [...matters] }) };
}

export interface RequestParts {
  readonly store: Store;
  readonly evaluators?: EvaluatorSafe | undefined;
  /** Which act of rating counts, where a code of the service was used before it was told of. */
  readonly rules?: ProjectRules | undefined;
  /** How long a command to a terminal is valid. */
  readonly commandValidMs: number;
}

/** A request under the identity that its service has, or gets. */
export interface AskedService {
  readonly request: OpenRequest;
  readonly serviceId: string;
}

type Target = Pick<TerminalTable, 'terminal' | 'window' | 'state'>;

const TARGET = ['terminal', 'window', 'state'] as const;

const renew = keptQuery((db, serviceId: string, validUntil: number | null) =>
  db.updateTable('service').set({ validUntil }).where('serviceId', '=', serviceId),
);

/**
 * The records for the requests of one transaction, and the own log's word of each: made now, or found by their
 * serviceId with the same facts. What they need to know is read together, and what they mean is written together.
 */
export class RequestedServices {
  readonly #trx: Trx;
  readonly #parts: RequestParts;
  readonly #nowMs: number;
  readonly #services = new Map<string, ServiceRow>();
  readonly #byName = new Map<string, Target[]>();
  readonly #byWindow = new Map<string, Target[]>();
  #new: ServiceRow[] = [];
  #renewed: ServiceRow[] = [];
  #said: { readonly serviceId: string; readonly evaluator: Evaluator }[] = [];

  constructor(trx: Trx, parts: RequestParts, nowMs: number) {
    this.#trx = trx;
    this.#parts = parts;
    this.#nowMs = nowMs;
  }

  async load(asked: readonly AskedService[]): Promise<void> {
    const trx = this.#trx;
    const names = asked.flatMap(({ request }) => request.terminal ?? []);
    const windows = asked.flatMap(({ request }) => request.window ?? []);
    for (const target of await selectMany(trx, 'terminal', TARGET, ['terminal'], keys(names)))
      this.#byName.set(target.terminal, [target]);
    for (const target of await selectMany(trx, 'terminal', TARGET, ['window'], keys(windows)))
      this.#byWindow.set(target.window, [...(this.#byWindow.get(target.window) ?? []), target]);
    const ids = keys(asked.map(({ serviceId }) => serviceId));
    for (const row of await selectMany(trx, 'service', SERVICE, ['serviceId'], ids))
      this.#services.set(row.serviceId, { ...row });
  }

  /**
   * The record for one of the requests that were loaded; it stands with `write`. One that still waits for its terminal
   * gets a new validity when the old is over. What throws leaves nothing.
   * @throws PjqError `terminal-unknown`, `service-exists`; `service-unknown`, `follow-up-unfit`, `follow-up-exists`.
   */
  async record({ request, serviceId }: AskedService): Promise<ServiceRow> {
    const row = await this.#recordService(request, serviceId);
    // Also of a service that is over: a phone number may be corrected for the reminder.
    if (request.evaluator !== undefined) this.#said.push({ serviceId, evaluator: request.evaluator });
    return row;
  }

  async #recordService(request: OpenRequest, serviceId: string): Promise<ServiceRow> {
    const terminals = this.#targetsOf(request);
    const [first] = terminals;
    if (first === undefined) throw new PjqError('terminal-unknown');
    const known = this.#services.get(serviceId);
    const validUntil = this.#nowMs + this.#parts.commandValidMs;
    const more = serviceMoreOf(request);
    if (known === undefined) {
      refuseProvisional(serviceId);
      if (more?.followsUp !== undefined) {
        // It looks for others in the tables: those of its own moment must be there.
        await this.write();
        await admitFollowUp(this.#trx, { ...request, serviceId }, more);
      }
      const row = newRow(request, serviceId, first, this.#nowMs, validUntil);
      this.#services.set(serviceId, row);
      this.#new.push(row);
      return row;
    }
    const same =
      known.caseNo === request.caseNo &&
      known.stage === request.stage &&
      terminals.some(({ terminal }) => terminal === known.terminal) &&
      sameMatter(matterOf(known), request.matter) &&
      canonicalMore(moreOf(known)) === canonicalMore(more);
    if (!same) throw new PjqError('service-exists');
    if (known.state !== 'requested') return known;
    // Not past either end: after a clock was set back, "valid" could mean for hours.
    const valid = known.validUntil !== null && this.#nowMs < known.validUntil && known.validUntil <= validUntil;
    if (valid) return known;
    known.validUntil = validUntil;
    this.#renewed.push(known);
    return known;
  }

  /** The terminals that a request may mean, the best first: a window may have a spare one that is not connected. */
  #targetsOf({ terminal, window = '' }: OpenRequest): Target[] {
    const targets = (terminal === undefined ? this.#byWindow.get(window) : this.#byName.get(terminal)) ?? [];
    const sorted = [...targets].sort((a, b) => (a.terminal < b.terminal ? -1 : 1));
    const connected = sorted.filter(({ state }) => state === 'connected');
    return [...connected, ...sorted.filter(({ state }) => state !== 'connected')];
  }

  /** Writes what was recorded since the last time. */
  async write(): Promise<void> {
    const { store, evaluators, rules } = this.#parts;
    const [trx, added, renewed, said] = [this.#trx, this.#new, this.#renewed, this.#said];
    [this.#new, this.#renewed, this.#said] = [[], [], []];
    const appended = await store.own.appendAll(trx, 'service.requested', [...added, ...renewed].map(requestBody));
    // The days count from the entry's own time, so that the log alone tells it.
    added.forEach((row, at) => {
      row.requestedAt = appended[at]?.at ?? row.requestedAt;
      row.daysFrom = row.requestedAt;
    });
    await insertMany(
      trx,
      'service',
      SERVICE,
      added.map((row) => SERVICE.map((column) => row[column])),
    );
    for (const { serviceId, validUntil } of renewed) await renew(trx, serviceId, validUntil);
    if (added.length > 0 && (await isAnyWaiting(trx)))
      for (const row of added) await resolveRequested(trx, { suite: nodeSuite, rules }, row);
    for (const { serviceId, evaluator } of said) await evaluators?.record(trx, serviceId, evaluator);
  }
}

function newRow(
  request: OpenRequest,
  serviceId: string,
  target: { terminal: string; window: string },
  nowMs: number,
  validUntil: number,
): ServiceRow {
  return {
    serviceId,
    terminal: target.terminal,
    window: target.window,
    caseNo: request.caseNo,
    stage: request.stage,
    matter: request.matter === undefined ? null : JSON.stringify(request.matter),
    staffNo: null,
    state: 'requested',
    origin: 'command',
    openedAt: null,
    closedAt: null,
    endCause: null,
    closedSeenAt: null,
    ratingId: null,
    requestedAt: nowMs,
    validUntil,
    ...BLANK_SERVICE,
    ...moreColumns(serviceMoreOf(request)),
    reference: serviceReferenceOf(nodeSuite, serviceId),
  };
}

/** What the own log says of a request. */
function requestBody(row: ServiceRow): EntryBody<'service.requested'> {
  const more = moreOf(row);
  return {
    ...factsOf(row),
    terminal: row.terminal,
    validUntil: row.validUntil ?? 0,
    ...(more === undefined ? {} : { more }),
  };
}

function matterOf(row: ServiceRow): Matter | undefined {
  return row.matter === null ? undefined : matterSchema.parse(JSON.parse(row.matter));
}

function sameMatter(a: Matter | undefined, b: Matter | undefined): boolean {
  return a?.code === b?.code && a?.name === b?.name && a?.label === b?.label;
}

function keys(values: readonly string[]): [string][] {
  return Array.from(new Set(values), (value) => [value]);
}
