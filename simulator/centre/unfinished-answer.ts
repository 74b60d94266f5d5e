/** Answers that a centre at fault gives to a rating: cut off, dripping, or about another rating. */
import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { centreRatingSchema, type CentreRating, type Level } from '../../protocol/index.js';

/** Says how long the answer will be, sends half of it, and closes the connection. */
export function cutAnswer(response: ServerResponse, status: number, value: unknown): void {
  const text = begin(response, status, value);
  response.write(text.slice(0, text.length / 2), () => response.destroy());
}

/** A byte at a time. */
export async function dripAnswer(
  response: ServerResponse,
  status: number,
  value: unknown,
  gapMs: number,
  signal: AbortSignal,
): Promise<void> {
  for (const byte of begin(response, status, value)) {
    if (response.destroyed) return;
    response.write(Buffer.of(byte));
    await delay(gapMs, undefined, { signal });
  }
  response.end();
}

/** What came, with another level and another id, as if a centre had mistaken it; `null` where nothing readable came. */
export function anotherRating(body: Uint8Array | null): CentreRating | null {
  if (body === null) return null;
  try {
    const { data } = centreRatingSchema.safeParse(JSON.parse(Buffer.from(body).toString('utf8')));
    if (data === undefined) return null;
    const satisfaction = ((data.satisfaction % 5) + 1) as Level;
    return { ...data, satisfaction, ratingId: [...data.ratingId].reverse().join('') };
  } catch {
    return null;
  }
}

function begin(response: ServerResponse, status: number, value: unknown): Buffer {
  const text = Buffer.from(JSON.stringify(value));
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': String(text.length),
  });
  return text;
}
