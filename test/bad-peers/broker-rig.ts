/** The real embedded broker in this process, with little patience, and raw peers at its socket. */
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { brokerLimitsSchema, type BrokerLimits } from '../../gateway/broker/broker-limits.js';
import { EmbeddedBroker } from '../../gateway/broker/embedded-broker.js';
import { until } from '../support/hall.js';
import { connect, type ConnectOptions } from './mqtt-bytes.js';
import { Wire } from './wire.js';

export const HALL = 'demo';
const CONNACK_ACCEPTED = Buffer.of(0x20, 2, 0, 0);

export interface BadPeerLine {
  readonly event: string;
  readonly code: string;
  readonly address?: string;
  readonly terminal?: string;
  readonly detail?: string;
}

export class BrokerRig {
  readonly lines: BadPeerLine[] = [];
  readonly messages: { terminal: string; channel: string; bytes: number }[] = [];
  readonly refusals: { terminal: string; code: string }[] = [];
  /** Names that were looked up, in order. */
  readonly asked: string[] = [];
  readonly broker: EmbeddedBroker;

  constructor(limits: Partial<Record<keyof BrokerLimits, unknown>> = {}) {
    this.broker = new EmbeddedBroker({
      hall: HALL,
      host: '127.0.0.1',
      port: 0,
      isKnown: async (terminal) => {
        this.asked.push(terminal);
        return /^t\d+$/.test(terminal);
      },
      limits: brokerLimitsSchema.parse(limits),
      logger: pino(
        { messageKey: 'event' },
        { write: (line: string) => void this.lines.push(JSON.parse(line) as BadPeerLine) },
      ),
    });
  }

  async start(): Promise<this> {
    await this.broker.start({
      message: (terminal, channel, { length }) => void this.messages.push({ terminal, channel, bytes: length }),
      refused: (terminal, code) => void this.refusals.push({ terminal, code }),
      down: () => undefined,
    });
    onTestFinished(() => this.broker.stop());
    return this;
  }

  open(options: { reads?: boolean } = {}): Promise<Wire> {
    return this.#keep(Wire.open(this.broker.port, options));
  }

  /** A peer that was let in under the name of a registered terminal. */
  async terminal(name: string, options: ConnectOptions = {}): Promise<Wire> {
    const wire = await this.open();
    wire.say(connect(`pjq-${HALL}-${name}`, options));
    await until(`${name} is let in`, () => wire.heard.subarray(0, 4).equals(CONNACK_ACCEPTED));
    return wire;
  }

  /** Bytes that wait for peers to read them. */
  unreadBytes(): number {
    return this.broker.load.unreadBytes;
  }

  codes(terminal?: string): string[] {
    return this.lines.filter((line) => line.terminal === terminal).map(({ code }) => code);
  }

  async #keep(opening: Promise<Wire>): Promise<Wire> {
    const wire = await opening;
    onTestFinished(() => wire.end());
    return wire;
  }
}
