/** What a route is. The table of them is the one source of what is registered and of what is documented. */
import type { z } from 'zod';
import type { Registry } from 'prom-client';
import type { ErrorCode } from '../../protocol/index.js';
import type { TerminalCare } from '../core/terminal-care.js';
import type { ServiceDesk } from '../services/service-desk.js';
import type { Store } from '../store/store.js';

/** What the handlers work with. */
export interface RouteParts {
  readonly desk: ServiceDesk;
  readonly store: Store;
  /** How every terminal is now. */
  readonly terminals: () => Promise<TerminalCare[]>;
  readonly metrics: Registry;
  /** Further parts that must work before traffic is wanted, such as `broker`; by name. */
  readonly readiness: () => Promise<Record<string, boolean>>;
  readonly openApi: string;
  readonly nowMs: () => number;
}

export interface RouteRequest {
  readonly requestId: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

export interface RouteAnswer {
  readonly status: number;
  /** Text as it goes out. */
  readonly body: string;
  /** Default application/json. */
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface AnswerDescription {
  readonly description: string;
  readonly contentType?: string;
  /** Absent where the body has no schema of ours. */
  readonly schema?: z.ZodType;
  readonly headers?: Readonly<Record<string, { description: string; schema: z.ZodType }>>;
}

export interface Route {
  readonly method: 'get' | 'post';
  /** As in OpenAPI: `/v1/services/{serviceId}`. */
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  /** Whether the secret is asked for. */
  readonly secured: boolean;
  /** Whether the manager's secret serves as well: it reads what names no service and no case. */
  readonly forManagers?: true;
  readonly params?: Readonly<Record<string, z.ZodType>>;
  readonly headers?: Readonly<Record<string, { description: string; schema: z.ZodType }>>;
  readonly body?: z.ZodType;
  readonly answers: Readonly<Record<number, AnswerDescription>>;
  readonly errors: readonly ErrorCode[];
  handle(parts: RouteParts, request: RouteRequest): Promise<RouteAnswer>;
}
