/** A host that speaks Firmata byte by byte, without our driver. */
import { connect } from 'node:net';
import { onTestFinished } from 'vitest';
import { until } from './until.js';

export async function firmataHost(port: number) {
  const heard: number[] = [];
  let closed = false;
  const socket = connect({ host: '127.0.0.1', port, noDelay: true });
  socket.on('data', (bytes) => heard.push(...bytes));
  socket.on('error', () => undefined);
  socket.on('close', () => (closed = true));
  onTestFinished(() => void socket.destroy());
  await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
  return {
    send: (...bytes: number[]) => void socket.write(Uint8Array.from(bytes)),
    /** The next so many bytes. */
    take: async (total: number) => {
      await until(() => heard.length >= total, 20_000);
      return heard.splice(0, total);
    },
    /** The next bytes up to the end of a sysex. */
    takeSysex: async () => {
      await until(() => heard.includes(0xf7), 20_000);
      return heard.splice(0, heard.indexOf(0xf7) + 1);
    },
    heard,
    isClosed: () => closed,
  };
}
