/** One terminal of the load: a real log and a real sync on a file of its own, and where it is asked for, citizens. */
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { answerCommand } from '../../../device/command-desk.js';
import { Counter } from '../../../device/counter/counter.js';
import { TerminalLog } from '../../../device/log/terminal-log.js';
import { GatewayTime } from '../../../device/sync/gateway-time.js';
import type { Link } from '../../../device/sync/link.js';
import { MqttLink } from '../../../device/sync/mqtt-link.js';
import { Sync } from '../../../device/sync/sync.js';
import { terminalSource } from '../../../protocol/index.js';
import { DEFAULT_RETRY } from '../../../protocol/runtime/config-parts.js';
import { openLogKey } from '../../../protocol/runtime/log-key.js';
import { createLogger } from '../../../protocol/runtime/logging.js';
import { nodeRandomness, nodeSuite, systemClock } from '../../../protocol/runtime/node-suite.js';
import { readPolicy } from '../../../protocol/runtime/policy-file.js';
import { HALL, LOG, LOG_KEY } from './hall-of-the-bench.js';

/** How soon an invited citizen presses. */
const PRESS_AFTER_MS = 300;

export interface HeldOptions {
  readonly folder: string;
  readonly terminal: string;
  readonly mqttPort: number;
  readonly bootId: string;
}

/** What citizens met, µs from the finger. */
export interface Pressed {
  readonly durableUs: number[];
  /** Until the gateway's signed answer covers the press. */
  readonly ackedUs: number[];
}

export class HeldTerminal {
  readonly #log: TerminalLog;
  readonly #sync: Sync;
  readonly #counter: Counter;
  readonly #waiting: { readonly seq: number; readonly sinceUs: number }[] = [];
  readonly #pressed: Pressed = { durableUs: [], ackedUs: [] };
  readonly #fingers: number[] = [];
  #citizens: Worker | undefined;
  #isServed = false;
  #serves = false;
  #services = 0;

  constructor({ folder, terminal, mqttPort, bootId }: HeldOptions) {
    const { signer } = openLogKey(join(folder, terminal, LOG_KEY));
    const source = terminalSource(HALL, terminal);
    const logger = createLogger(terminal, { level: 'silent' });
    const gatewayTime = new GatewayTime(systemClock, 2_000);
    const log = new TerminalLog({
      file: join(folder, terminal, LOG),
      source,
      bootId,
      suite: nodeSuite,
      signer,
      clock: systemClock,
      randomness: nodeRandomness,
      clockState: () => gatewayTime.clockState(),
    });
    const { policy, policyId } = readPolicy('gateway/policies/default.yaml');
    this.#log = log;
    this.#counter = new Counter({
      board: null,
      log,
      clock: systemClock,
      bootId,
      randomness: nodeRandomness,
      logger,
      policy: () => ({ policy: policy.terminal, policyId }),
      window: () => '1',
    });
    // As the device has them where its configuration says nothing (device/configuration.ts).
    this.#sync = new Sync({
      log,
      link: this.#heard(
        new MqttLink({
          url: `mqtt://127.0.0.1:${mqttPort}`,
          hall: HALL,
          terminal,
          connectTimeoutMs: 10_000,
          keepaliveSeconds: 15,
        }),
      ),
      suite: nodeSuite,
      signer,
      clock: systemClock,
      randomness: nodeRandomness,
      bootId,
      source,
      gatewayTime,
      retry: DEFAULT_RETRY,
      window: { batches: 3, minResendMs: 3_000, maxResendMs: 60_000 },
      logger,
      info: () => ({ v: 1, version: '0', keyId: signer.keyId }),
      health: () => ({
        v: 1,
        at: systemClock.wallMs(),
        parts: {},
        duty: 'on',
        service: 'idle',
        backlog: log.backlog(),
        rssBytes: process.memoryUsage.rss(),
      }),
      onCommand: (command) => {
        if (!this.#serves) return { v: 1, id: command.id, ok: true };
        const reply = answerCommand(this.#counter, command);
        if (reply.ok && command.type === 'service.open') setTimeout(() => this.#pressSoon(), PRESS_AFTER_MS);
        return reply;
      },
      onConfig: () => undefined,
      onLink: () => undefined,
    });
  }

  open(): void {
    this.#log.open();
  }

  connect(): void {
    this.#sync.start();
  }

  get connected(): boolean {
    return this.#sync.connected;
  }

  backlog(): number {
    return this.#log.backlog();
  }

  /**
   * From now on a citizen presses every so often, whatever this process is doing: the finger is a thread of its own,
   * and the time counts from there.
   */
  press(everyMs: number): void {
    this.#counter.start();
    this.#counter.dutyOn('1024');
    this.#openService();
    this.#citizens = new Worker(FINGER, { eval: true, workerData: everyMs });
    this.#citizens.on('message', (sinceNs: bigint) => this.#finger(Number(sinceNs / 1_000n)));
  }

  /** From now on it obeys the hall: it invites whoever it is told to, and each of them presses soon. */
  serve(): void {
    this.#counter.start();
    this.#counter.dutyOn('1024');
    this.#serves = true;
  }

  async rest(): Promise<void> {
    await this.#citizens?.terminate();
    this.#citizens = undefined;
  }

  async stop(): Promise<Pressed> {
    await this.rest();
    await this.#counter.stop();
    await this.#sync.stop();
    this.#log.close();
    return this.#pressed;
  }

  #finger(sinceUs: number): void {
    this.#fingers.push(sinceUs);
    if (this.#isServed) this.#pressNext();
  }

  #pressNext(): void {
    const sinceUs = this.#fingers.shift();
    if (sinceUs === undefined) return;
    const answer = this.#counter.press(((this.#services % 5) + 1) as 1 | 2 | 3 | 4 | 5, 'key');
    if (!answer.ok) throw new Error(`a press was not taken: ${answer.code}`);
    this.#pressed.durableUs.push(nowUs() - sinceUs);
    this.#waiting.push({ seq: this.#log.head().seq, sinceUs });
    // The next citizen comes once this one has been served; a finger that is there already has waited since then.
    this.#isServed = false;
    setImmediate(() => {
      if (this.#citizens === undefined) return;
      this.#openService();
      this.#pressNext();
    });
  }

  #pressSoon(): void {
    this.#services += 1;
    // Somebody else may be served by now: then nobody presses.
    this.#counter.press(((this.#services % 5) + 1) as 1 | 2 | 3 | 4 | 5, 'key');
  }

  #openService(): void {
    this.#services += 1;
    const serviceId = `s-${nodeRandomness.newId()}`;
    const opened = this.#counter.open({ serviceId, caseNo: `pressed-${this.#services}`, stage: 'completion' }, 'local');
    if (!opened.ok) throw new Error(`a service was not opened: ${opened.code}`);
    this.#isServed = true;
  }

  /** The link, with an ear at it for when the gateway has a press. */
  #heard(link: Link): Link {
    return {
      connect: (events, lastWill) =>
        link.connect(
          {
            up: () => events.up(),
            down: (reason) => events.down(reason),
            message: (channel, payload) => {
              events.message(channel, payload);
              if (channel === 'ack' && this.#waiting.length > 0) this.#acked();
            },
          },
          lastWill,
        ),
    };
  }

  #acked(): void {
    const throughSeq = this.#log.epochs().at(-1)?.ackedSeq ?? 0;
    const now = nowUs();
    while ((this.#waiting[0]?.seq ?? Infinity) <= throughSeq) {
      const { sinceUs } = this.#waiting.shift() as { sinceUs: number };
      this.#pressed.ackedUs.push(now - sinceUs);
    }
  }
}

/** Shared by all threads and programs of one boot. */
function nowUs(): number {
  return Number(process.hrtime.bigint() / 1_000n);
}

const FINGER = `
const { parentPort, workerData } = require('node:worker_threads');
setInterval(() => parentPort.postMessage(process.hrtime.bigint()), workerData);
`;
