/** A program that holds terminals, one or hundreds: opened, then connected all at once when it is told. */
import { subscribe } from 'node:diagnostics_channel';
import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { currentBootId } from '../../../protocol/runtime/node-suite.js';
import { HeldTerminal } from './held-terminal.js';
import type { FromLoad, LoadOrder, ToLoad } from './load-messages.js';

const sockets: Socket[] = [];
// Every connection that this process makes is one of a terminal: bytes are counted where they leave.
subscribe('net.client.socket', (message) => sockets.push((message as { socket: Socket }).socket));

let order: LoadOrder | undefined;
let terminals: HeldTerminal[] = [];

function say(message: FromLoad): void {
  process.send?.(message);
}

/** Peak of resident memory, bytes. */
function peakRssBytes(): number {
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? 0) * 1024;
}

async function obey(message: ToLoad): Promise<void> {
  switch (message.type) {
    case 'open': {
      const { folder, mqttPort } = message.order;
      order = message.order;
      const bootId = currentBootId();
      terminals = order.terminals.map((terminal) => new HeldTerminal({ folder, terminal, mqttPort, bootId }));
      for (const terminal of terminals) terminal.open();
      if (order.serve === true) for (const terminal of terminals) terminal.serve();
      return say({ type: 'ready' });
    }
    case 'go':
      say({ type: 'begun', atMs: performance.timeOrigin + performance.now() });
      for (const terminal of terminals) terminal.connect();
      return;
    case 'press':
      if (order?.pressEveryMs !== undefined) terminals[0]?.press(order.pressEveryMs);
      return say({ type: 'pressing' });
    case 'end': {
      for (const terminal of terminals) await terminal.rest();
      while (terminals.some((terminal) => terminal.backlog() > 0)) await new Promise((done) => setTimeout(done, 20));
      const sentBytes = sockets.reduce((sum, socket) => sum + socket.bytesWritten, 0);
      const receivedBytes = sockets.reduce((sum, socket) => sum + socket.bytesRead, 0);
      const pressed = await Promise.all(terminals.map((terminal) => terminal.stop()));
      say({
        type: 'ended',
        figures: {
          sentBytes,
          receivedBytes,
          peakRssBytes: peakRssBytes(),
          pressed: {
            durableUs: pressed.flatMap(({ durableUs }) => durableUs),
            ackedUs: pressed.flatMap(({ ackedUs }) => ackedUs),
          },
        },
      });
      process.disconnect();
    }
  }
}

process.on('disconnect', () => process.exit(0));
process.on('message', (message: ToLoad) => {
  obey(message).catch((error: unknown) => {
    console.error(error);
    process.exit(1);
  });
});
