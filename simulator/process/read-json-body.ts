/** The body of a request to the control of a virtual device. */
import type { IncomingMessage } from 'node:http';
import type { z } from 'zod';
import { PjqError } from '../../protocol/index.js';

/** @throws PjqError `request-too-large`, `request-malformed` with every fault. */
export async function readJsonBody<S extends z.ZodType>(
  request: IncomingMessage,
  schema: S,
  mostBytes: number,
): Promise<z.infer<S>> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    // Read to its end without keeping it: leaving off here would cut the connection before the answer.
    if (bytes <= mostBytes) chunks.push(chunk);
  }
  if (bytes > mostBytes) throw new PjqError('request-too-large');
  let value: unknown;
  try {
    value = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch (cause) {
    throw new PjqError('request-malformed', 'The body is no JSON.', { cause });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new PjqError(
    'request-malformed',
    parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '),
  );
}
