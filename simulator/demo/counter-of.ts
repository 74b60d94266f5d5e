/** The counter that a request names in its path. */
import type { FastifyRequest } from 'fastify';
import { PjqError } from '../../protocol/index.js';
import type { Counter, DemoHall } from './demo-hall.js';

/** @throws PjqError `terminal-unknown`. */
export function counterOf({ counters }: DemoHall, { params }: FastifyRequest): Counter {
  const { n } = params as { n: string };
  const counter = counters.find(({ place }) => String(place.number) === n);
  if (counter === undefined) throw new PjqError('terminal-unknown', `The demo has 1 to ${counters.length}.`);
  return counter;
}
