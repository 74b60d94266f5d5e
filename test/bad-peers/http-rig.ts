/** The hall's real HTTP interface on a real store in this process, with little patience. */
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { onTestFinished } from 'vitest';
import { HttpApi } from '../../gateway/api/http-api.js';
import { httpLimitsSchema, type HttpLimits } from '../../gateway/api/http-limits.js';
import { ServiceDesk } from '../../gateway/services/service-desk.js';
import { nodeRandomness, systemClock } from '../../protocol/runtime/node-suite.js';
import { HallEdge, POLICY, SECRET } from '../api/hall-edge.js';
import { Wire } from './wire.js';

export class HttpRig {
  readonly lines: { event: string; code?: string; address?: string; status?: number }[] = [];
  readonly #limits: HttpLimits;
  #port = 0;

  constructor(limits: Partial<Record<keyof HttpLimits, unknown>> = {}) {
    this.#limits = httpLimitsSchema.parse(limits);
  }

  async start(): Promise<this> {
    const edge = await new HallEdge().start();
    const { store, terminals: commands } = edge;
    const log = pino(
      { messageKey: 'event' },
      { write: (line: string) => void this.lines.push(JSON.parse(line) as { event: string }) },
    );
    const desk = new ServiceDesk({
      store,
      commands,
      policy: POLICY,
      clock: systemClock,
      randomness: nodeRandomness,
      hall: 'hall-1',
    });
    const api = new HttpApi(
      {
        desk,
        store,
        clock: systemClock,
        randomness: nodeRandomness,
        log,
        metrics: new Registry(),
        terminals: () => Promise.resolve([]),
        readiness: () => Promise.resolve({ broker: true }),
        secret: SECRET,
      },
      { limits: this.#limits },
    );
    this.#port = (await api.start({ host: '127.0.0.1', port: 0 })).port;
    onTestFinished(async () => {
      await api.stop();
      await edge.stop();
    });
    return this;
  }

  async open(options: { reads?: boolean } = {}): Promise<Wire> {
    const wire = await Wire.open(this.#port, options);
    onTestFinished(() => wire.end());
    return wire;
  }

  /** Asks as the business system does, which has the secret. */
  async asks(path = '/v1/windows'): Promise<number> {
    const response = await fetch(`http://127.0.0.1:${this.#port}${path}`, {
      headers: { authorization: `Bearer ${SECRET}` },
    });
    await response.text();
    return response.status;
  }

  codes(): string[] {
    return this.lines.filter(({ event }) => event === 'bad peer').map(({ code }) => code ?? '');
  }
}

/** A request as text, without the secret unless it is asked for. */
export function request(path: string, { secret = false, body = '' } = {}): string {
  return [
    `${body === '' ? 'GET' : 'POST'} ${path} HTTP/1.1`,
    'host: 127.0.0.1',
    ...(secret ? [`authorization: Bearer ${SECRET}`] : []),
    ...(body === '' ? [] : ['content-type: application/json', `content-length: ${body.length}`]),
    '',
    body,
  ].join('\r\n');
}
