import { createServer, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { decodeMessage } from '../../protocol/index.js';
import { nodeSuite } from '../../protocol/runtime/node-suite.js';
import { MqttLink } from '../../device/sync/mqtt-link.js';
import { rated, testFolder } from '../device-log/log-at-work.js';
import { FAKED, syncAtWork } from './sync-at-work.js';

describe('behind a broker that takes everything and answers nothing', () => {
  beforeEach(() => void vi.useFakeTimers(FAKED));
  afterEach(() => void vi.useRealTimers());

  it('each time in vain is waited for twice as long, up to the longest wait', async () => {
    const atWork = await syncAtWork({ folder: testFolder() });
    for (let n = 0; n < 150; n += 1) atWork.log.append(rated(`S${n}`));
    let away = false;
    // The gateway goes away right after the handshake; the broker stays.
    atWork.link.carryUp = (message) => (away ? [] : [message]);
    atWork.link.carryDown = (message) => {
      away = true;
      return [message];
    };
    atWork.sync.start();
    await atWork.settle();
    const batches = () => atWork.link.sent.filter(({ channel }) => channel === 'log').length;
    const sentAt: number[] = [];
    for (let second = 3; second <= 216; second += 3) {
      const before = batches();
      await atWork.pass(3_000, 3_000);
      if (batches() > before) sentAt.push(second);
    }
    // After 3, 6, 12, 24, 48 and then each 60 seconds.
    expect(sentAt).toEqual([3, 9, 21, 45, 93, 153, 213]);
    expect(batches()).toBeLessThanOrEqual(8 * 3);
  });

  it('and a gateway that comes back and reads the state is answered at once', async () => {
    const atWork = await syncAtWork({ folder: testFolder() });
    for (let n = 0; n < 150; n += 1) atWork.log.append(rated(`S${n}`));
    let away = false;
    atWork.link.carryUp = (message) => (away ? [] : [message]);
    atWork.link.carryDown = (message) => {
      away ||= decodeMessage(nodeSuite, 'ack', message.payload).session !== undefined;
      return [message];
    };
    atWork.sync.start();
    await atWork.settle();
    await atWork.pass(100_000, 1_000);
    expect(await atWork.level()).toBe(false);
    // A broker keeps the last state of a terminal, and gives it to whoever subscribes.
    const kept = atWork.link.sent.filter(({ channel }) => channel === 'state').at(-1);
    if (kept === undefined) throw new Error('no state was published');
    atWork.link.carryUp = (message) => [message];
    atWork.link.carryDown = (message) => [message];
    atWork.hall.hear(kept);
    await atWork.settle();
    expect(await atWork.level()).toBe(true);
  });
});

/** Answers as MQTT 3.1.1 has it (sections 3.2, 3.9, 3.13), all but PUBACK. */
function answer(socket: Socket, packet: Buffer): void {
  const kind = (packet[0] ?? 0) >> 4;
  if (kind === 1) socket.write(Buffer.from([0x20, 2, 0, 0]));
  if (kind === 8) socket.write(Buffer.from([0x90, 5, packet[2] ?? 0, packet[3] ?? 0, 1, 1, 1]));
  if (kind === 12) socket.write(Buffer.from([0xd0, 0]));
}

describe('a broker that never says that it has anything', () => {
  it('is left after a bounded number of messages', async () => {
    const server = createServer((socket) => {
      socket.on('data', (packet) => answer(socket, packet));
      socket.on('error', () => undefined);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as { port: number };
    const link = new MqttLink({
      url: `mqtt://127.0.0.1:${port}`,
      hall: 'hall',
      terminal: 't1',
      connectTimeoutMs: 5_000,
      keepaliveSeconds: 60,
    });
    let up = false;
    let down: string | null = null;
    const connection = link.connect(
      {
        up: () => (up = true),
        message: () => undefined,
        down: (reason) => (down = reason),
      },
      Buffer.from('{}'),
    );
    await vi.waitFor(() => expect(up).toBe(true));
    for (let n = 0; n < 64; n += 1) connection.publish('log', Buffer.alloc(3_000), { retain: false });
    expect(down).toBeNull();
    for (let n = 0; n < 1_000; n += 1) connection.publish('log', Buffer.alloc(3_000), { retain: false });
    await vi.waitFor(() => expect(down).toBe('the broker takes nothing'));
  });
});
