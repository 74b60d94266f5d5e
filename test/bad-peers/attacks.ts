/** What bad peers do to a hall, one after the other; each goes on until it is told to end. */
import { topicOf } from '../../protocol/index.js';
import { connect, packet, PINGREQ, publish, subscribe } from './mqtt-bytes.js';
import type { MqttTerminal } from './mqtt-terminal.js';
import { Wire } from './wire.js';

export interface Target {
  readonly mqttPort: number;
  readonly httpPort: number;
  /** A registered terminal; the attack speaks under its name. */
  readonly bad: MqttTerminal;
  readonly isOver: () => boolean;
}

export interface Attack {
  readonly what: string;
  run(target: Target): Promise<void>;
}

/** Says it over and over, as fast as the other side takes it; in a new connection when it was cut off. */
async function hammer(
  { isOver }: Target,
  open: () => Promise<Wire>,
  say: (wire: Wire, round: number) => boolean,
): Promise<void> {
  let wire = await open();
  for (let round = 0; !isOver(); round += 1) {
    if (wire.closed) wire = await open();
    say(wire, round);
    // A millisecond for the presses that are timed in this same process.
    do await pause(1);
    while (!wire.closed && !isOver() && wire.socket.writableLength > MOST_UNSAID_BYTES);
  }
  wire.end();
}

/** As many connections as there may be, at all times. */
async function crowd(
  total: number,
  { isOver }: Target,
  open: () => Promise<Wire>,
  say: (wire: Wire) => void,
): Promise<void> {
  let wires: Wire[] = [];
  while (!isOver()) {
    wires = wires.filter(({ closed }) => !closed);
    if (wires.length < total) {
      const wire = await open();
      wires.push(wire);
      say(wire);
    }
    await pause(1);
  }
  for (const wire of wires) wire.end();
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function asTerminal({ mqttPort, bad }: Target, options: { reads?: boolean } = {}): Promise<Wire> {
  const wire = await Wire.open(mqttPort, options);
  wire.say(connect(`pjq-demo-${bad.name}`));
  wire.say(subscribe([topicOf('demo', bad.name, 'ack')]));
  return wire;
}

const MOST_UNSAID_BYTES = 64 * 1024;
const GARBAGE = Buffer.alloc(60_000, 0x5a);
const MEGABYTE = Buffer.alloc(1_000_000, 0x5a);

export const ATTACKS: readonly Attack[] = [
  {
    what: 'right batches at full speed, again and again',
    run: async (target) => {
      const batches = Array.from({ length: 20 }, () => Buffer.from(target.bad.nextBatch(50)));
      const log = topicOf('demo', target.bad.name, 'log');
      await hammer(
        target,
        () => asTerminal(target),
        (wire, round) => wire.say(publish(log, batches[round % batches.length] ?? GARBAGE, { qos: 0 })),
      );
    },
  },
  {
    what: 'batches of garbage at full speed',
    run: (target) => {
      const said = Buffer.concat(
        Array.from({ length: 50 }, () => publish(topicOf('demo', target.bad.name, 'log'), Buffer.from('garbage'))),
      );
      return hammer(
        target,
        () => asTerminal(target),
        (wire) => wire.say(said),
      );
    },
  },
  {
    what: 'garbage as large as may be, and nothing of the answers is read',
    run: (target) => {
      const said = publish(topicOf('demo', target.bad.name, 'state'), GARBAGE, { retain: true });
      return hammer(
        target,
        () => asTerminal(target, { reads: false }),
        (wire) => wire.say(said),
      );
    },
  },
  {
    what: 'messages of a megabyte',
    run: (target) => {
      const said = publish(topicOf('demo', target.bad.name, 'log'), MEGABYTE);
      return hammer(
        target,
        () => asTerminal(target),
        (wire) => wire.say(said),
      );
    },
  },
  {
    what: 'headers of 256 MB, and bytes without end behind them',
    run: (target) =>
      hammer(
        target,
        () => asTerminal(target),
        (wire) => wire.say(publish('x', GARBAGE, { claimedBytes: 268_435_455 })),
      ),
  },
  {
    what: 'pings and subscriptions without end',
    run: (target) => {
      const said = Buffer.concat(
        Array.from({ length: 100 }, (_, n) => Buffer.concat([PINGREQ, subscribe([`made/up/${n}`])])),
      );
      return hammer(
        target,
        () => asTerminal(target),
        (wire) => wire.say(said),
      );
    },
  },
  {
    what: 'connections under one name, one after the other',
    run: async (target) => {
      while (!target.isOver()) {
        const wire = await asTerminal(target);
        await pause(1);
        wire.end();
      }
    },
  },
  {
    what: 'connections under made-up names',
    run: async (target) => {
      for (let round = 0; !target.isOver(); round += 1) {
        const wire = await Wire.open(target.mqttPort);
        wire.say(connect(`pjq-demo-made-up-${round}`));
        await pause(2);
        wire.end();
      }
    },
  },
  {
    what: 'a thousand connections whose CONNECT never ends',
    run: (target) =>
      crowd(
        1_000,
        target,
        () => Wire.open(target.mqttPort),
        (wire) => void wire.say(packet(0x10, [GARBAGE.subarray(0, 8_000)], 16_000)),
      ),
  },
  {
    what: 'a thousand HTTP requests whose headers never end',
    run: (target) =>
      crowd(
        1_000,
        target,
        () => Wire.open(target.httpPort),
        (wire) => void wire.say('GET /healthz HTTP/1.1\r\nx-slow: '),
      ),
  },
  {
    what: 'HTTP bodies of 100 MB',
    run: (target) => {
      const open = async () => {
        const wire = await Wire.open(target.httpPort);
        wire.say(
          'POST /v1/services HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: 100000000\r\n\r\n',
        );
        return wire;
      };
      return hammer(target, open, (wire) => wire.say(GARBAGE));
    },
  },
  {
    what: 'HTTP requests in one go, and nothing of the answers is read',
    run: (target) => {
      const said = 'GET /openapi.json HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n'.repeat(500);
      return hammer(
        target,
        () => Wire.open(target.httpPort, { reads: false }),
        (wire) => wire.say(said),
      );
    },
  },
  {
    what: 'HTTP requests that cost a commit each, without the secret',
    run: (target) =>
      crowd(
        50,
        target,
        () => Wire.open(target.httpPort),
        (wire) => {
          const ask = () => void (target.isOver() || wire.say('GET /readyz HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n'));
          wire.socket.on('data', ask);
          ask();
        },
      ),
  },
];
