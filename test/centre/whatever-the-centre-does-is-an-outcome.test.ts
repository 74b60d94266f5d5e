import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeRating, never, startCentre, startPort } from './centre-at-work.js';

/** A far side that answers each connection as it is told, byte by byte. */
async function startForeigner(speak: (socket: Socket) => void): Promise<{ url: string; connections(): number }> {
  const sockets = new Set<Socket>();
  let total = 0;
  const server = createServer((socket) => {
    total += 1;
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('data', () => speak(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, connections: () => total };
}

const http = (status: string, body: string, more = '') =>
  `HTTP/1.1 ${status}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n${more}\r\n${body}`;

describe('whatever the centre does is an outcome', () => {
  it('500 is tried again, and the rating is taken when the centre is back', async () => {
    const centre = await startCentre();
    const port = startPort(centre.url);
    const rating = makeRating();
    await centre.misbehave({ mode: 'down-500', times: 2 });
    for (let attempt = 1; attempt <= 2; attempt += 1) {
      expect(await port.deliver(rating, 'key-1', never)).toEqual({
        kind: 'retry',
        code: 'centre-unreachable',
        detail: 'status 500',
      });
    }
    expect(await port.deliver(rating, 'key-1', never)).toEqual({ kind: 'accepted' });
  });

  it('429 says when to come again', async () => {
    const centre = await startCentre();
    const port = startPort(centre.url);
    await centre.misbehave({ mode: '429', retryAfter: '7' });
    expect(await port.deliver(makeRating(), 'key-1', never)).toEqual({
      kind: 'retry',
      code: 'centre-unreachable',
      detail: 'status 429',
      retryAfterMs: 7_000,
    });
    expect(await centre.ledger()).toEqual([]);
  });

  it('429 may say it as a date', async () => {
    const now = Date.UTC(2026, 5, 1, 8, 0, 0);
    const centre = await startCentre();
    await centre.misbehave({ mode: '429', retryAfter: new Date(now + 90_000).toUTCString() });
    const outcome = await startPort(centre.url, { clock: { wallMs: () => now } }).deliver(makeRating(), 'key-1', never);
    expect(outcome).toEqual({ kind: 'retry', code: 'centre-unreachable', detail: 'status 429', retryAfterMs: 90_000 });
  });

  it('garbage is never a yes', async () => {
    const centre = await startCentre();
    const port = startPort(centre.url);
    const rating = makeRating();
    const bodies = [
      '<html>',
      '',
      '{"outcome":"accepted"}',
      '{"outcome":"accepted","ratingId":"AAAAAAAAAAA"}',
      '{"outcome":"already"}',
      'null',
    ];
    for (const body of bodies) {
      await centre.misbehave({ mode: 'garbage', status: 200, body });
      expect(await port.deliver(rating, 'key-1', never)).toMatchObject({ kind: 'retry', code: 'centre-garbage' });
    }
    expect(await centre.ledger()).toEqual([]);
  });

  it('an answer without end is cut', async () => {
    const yes = `{"outcome":"accepted","ratingId":"AAAAAAAAAAA"}`;
    const endless = await startForeigner((socket) => socket.end(http('201 Created', yes + ' '.repeat(64 * 1024))));
    expect(await startPort(endless.url).deliver(makeRating({ ratingId: 'AAAAAAAAAAA' }), 'key-1', never)).toEqual({
      kind: 'retry',
      code: 'centre-garbage',
      detail: 'UND_ERR_RES_EXCEEDED_MAX_SIZE',
    });
  });

  it("a refusal keeps the centre's code and reason", async () => {
    const centre = await startCentre();
    await centre.misbehave({
      mode: 'garbage',
      status: 422,
      body: JSON.stringify({ outcome: 'refused', code: 'no-service', reason: '没有对应的服务数据' }),
    });
    expect(await startPort(centre.url).deliver(makeRating(), 'key-1', never)).toEqual({
      kind: 'refused',
      code: 'no-service',
      reason: '没有对应的服务数据',
    });
  });

  it('nobody there, a cut connection, and something that is not HTTP', async () => {
    const gone = await startCentre();
    await gone.stop();
    expect(await startPort(gone.url).deliver(makeRating(), 'k', never)).toEqual({
      kind: 'retry',
      code: 'centre-unreachable',
      detail: 'ECONNREFUSED',
    });
    const cut = await startForeigner((socket) => socket.destroy());
    expect(await startPort(cut.url).deliver(makeRating(), 'k', never)).toMatchObject({
      kind: 'retry',
      code: 'centre-unreachable',
    });
    const half = await startForeigner((socket) =>
      socket.end('HTTP/1.1 201 Created\r\ncontent-length: 90\r\n\r\n{"outcome":'),
    );
    expect(await startPort(half.url).deliver(makeRating(), 'k', never)).toMatchObject({
      kind: 'retry',
      code: 'centre-unreachable',
    });
    const other = await startForeigner((socket) => socket.end('220 smtp ready\r\n'));
    expect(await startPort(other.url).deliver(makeRating(), 'k', never)).toMatchObject({
      kind: 'retry',
      code: 'centre-garbage',
    });
  });

  it('an answer that drips without end is over at the deadline', async () => {
    const drip = await startForeigner((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 60000\r\n\r\n');
      const timer = setInterval(() => socket.write(' '), 20);
      socket.on('close', () => clearInterval(timer));
    });
    expect(await startPort(drip.url, { timeoutMs: 200 }).deliver(makeRating(), 'k', never)).toEqual({
      kind: 'retry',
      code: 'centre-unreachable',
      detail: 'no answer within 200 ms',
    });
  });

  it('a slow centre is waited for, and the caller may give up earlier', async () => {
    const centre = await startCentre();
    const port = startPort(centre.url);
    await centre.misbehave({ mode: 'slow', delayMs: 60_000, times: 1 });
    const giveUp = new AbortController();
    const outcome = port.deliver(makeRating(), 'key-1', giveUp.signal);
    giveUp.abort();
    expect(await outcome).toEqual({ kind: 'retry', code: 'centre-unreachable', detail: 'aborted' });
    expect(await port.deliver(makeRating(), 'key-2', giveUp.signal)).toEqual({
      kind: 'retry',
      code: 'centre-unreachable',
      detail: 'aborted',
    });
    await centre.misbehave({ mode: 'slow', delayMs: 50 });
    expect(await port.deliver(makeRating(), 'key-3', never)).toEqual({ kind: 'accepted' });
    expect(await centre.ledger()).toHaveLength(1);
  });

  it('one connection carries one rating after the other', async () => {
    const body = JSON.stringify({ outcome: 'refused', code: 'no', reason: 'no' });
    const foreigner = await startForeigner((socket) => {
      socket.write(http('422 Unprocessable', body));
      socket.on('data', () => socket.write(http('503 Busy', 'later', 'retry-after: 2\r\n')));
    });
    const port = startPort(foreigner.url, { connections: 1 });
    expect(await port.deliver(makeRating(), 'k', never)).toMatchObject({ kind: 'refused' });
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      expect(await port.deliver(makeRating(), 'k', never)).toMatchObject({ kind: 'retry', retryAfterMs: 2_000 });
    }
    expect(foreigner.connections()).toBe(1);
  });

  it.each([1_000, 64 * 1024, 4 * 1024 * 1024])(
    'an error page of %i bytes keeps its status and does not block the way',
    async (bytes) => {
      const foreigner = await startForeigner((socket) => {
        const answer = http('503 Busy', 'x'.repeat(bytes), 'retry-after: 2\r\n');
        socket.on('data', () => socket.write(answer));
        socket.write(answer);
      });
      const port = startPort(foreigner.url, { connections: 1, timeoutMs: 2_000 });
      for (let attempt = 1; attempt <= 4; attempt += 1) {
        expect(await port.deliver(makeRating(), 'k', never)).toEqual({
          kind: 'retry',
          code: 'centre-unreachable',
          detail: 'status 503',
          retryAfterMs: 2_000,
        });
      }
    },
  );

  it("only the caller's own faults are thrown", async () => {
    const centre = await startCentre();
    const port = startPort(centre.url);
    await expect(port.deliver(makeRating(), 'a\r\nb', never)).rejects.toThrow(RangeError);
    await port.stop();
    await expect(port.deliver(makeRating(), 'k', never)).rejects.toThrow('not started');
    port.start();
    expect(await port.deliver(makeRating(), 'k', never)).toEqual({ kind: 'accepted' });
  });
});
