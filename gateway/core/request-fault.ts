/** A request that is not of its documented form, with every fault at once. */
import type { z } from 'zod';
import { PjqError } from '../../protocol/index.js';

/** Where a request is wrong and why. Never the value that was sent: it may be a person's. */
export interface Fault {
  readonly path: string;
  readonly reason: string;
}

export class RequestFault extends PjqError {
  readonly faults: readonly Fault[];

  constructor(faults: readonly Fault[]) {
    super('request-malformed');
    this.faults = faults;
  }
}

/**
 * Reads a value against a schema.
 * @throws RequestFault
 */
export function readRequest<S extends z.ZodType>(schema: S, value: unknown): z.infer<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new RequestFault(
    parsed.error.issues.flatMap((issue) => {
      if (issue.code === 'unrecognized_keys') {
        return issue.keys.map((key) => ({ path: [...issue.path, key].join('.'), reason: 'unknown key' }));
      }
      return [{ path: issue.path.length > 0 ? issue.path.join('.') : '(body)', reason: issue.message }];
    }),
  );
}
