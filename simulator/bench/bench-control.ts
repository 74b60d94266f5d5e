/**
 * The hand at the keys and lamps of a virtual counter, over HTTP on the loopback.
 *
 * POST /press {"level":1..5,"holdMs"?:120} moves the key down and up. 200 {"accepted":true} when the accepted lamp
 * was seen going on after the key moved; 504 {"accepted":false,"reason":"no-lamp"} when it was not in time.
 * POST /key {"level","down"} leaves the key there · POST /chord {"levels":[a,b],"holdMs"?:120} two at once ·
 * POST /bounce {"on","edges"?:6,"spreadMs"?:5} from now on every edge bounces · POST /garbage {"length"?:32,"seed"?:1}
 * noise to the terminal · POST /stall {"on"} hangs: connected, nothing read or said · POST /reset · POST /drop (cuts the
 * cable) · GET /lamps · GET /healthz · GET /state {client, stalled, bouncing, heldKeys}
 */
import { PjqError } from '../../protocol/index.js';
import { LoopbackControl } from '../process/loopback-control.js';
import { BenchHand } from './bench-hand.js';
import type { BenchKeys } from './bench-keys.js';
import { benchRoutes } from './bench-routes.js';

export interface BenchControlOptions {
  readonly keys: BenchKeys;
  /** 0 takes a free one. */
  readonly port: number;
  /** How long the accepted lamp is waited for, ms. */
  readonly lampTimeoutMs?: number;
}

export class BenchControl {
  readonly #hand: BenchHand;
  readonly #http: LoopbackControl;

  constructor(options: BenchControlOptions) {
    this.#hand = new BenchHand(options);
    const routes = benchRoutes(options.keys, this.#hand);
    this.#http = new LoopbackControl({
      port: options.port,
      answer: (route, read) => {
        const found = Object.hasOwn(routes, route) ? routes[route] : undefined;
        if (!found) throw new PjqError('route-unknown');
        return found(read);
      },
    });
  }

  /** @returns the port that was taken. */
  start(): Promise<{ port: number }> {
    return this.#http.start();
  }

  async stop(): Promise<void> {
    this.#hand.stop();
    await this.#http.stop();
  }
}
