import { createServer, request, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { Feed } from '../../device/local/feed.js';
import { DrivenTime } from './counter-at-work.js';

interface View {
  name: string;
  remainingMs: number | null;
  parts: { keys: string };
}

/** A feed behind a real HTTP server, and pages that follow it. */
async function feedAtWork() {
  const time = new DrivenTime();
  const view: View = { name: 'idle', remainingMs: null, parts: { keys: 'connected' } };
  const endsAt = { ms: null as number | null };
  const feed = new Feed<View>({
    view: () => ({
      ...structuredClone(view),
      remainingMs: endsAt.ms === null ? null : Math.max(0, endsAt.ms - time.monoMs()),
    }),
    running: ['remainingMs'],
    monoMs: () => time.monoMs(),
    timers: time,
  });
  const server = createServer((_request, response) => feed.follow(response, { 'cache-control': 'no-store' }));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    feed.stop();
    server.closeAllConnections();
    server.close();
  });
  const follow = async () => {
    const lines: unknown[] = [];
    const ended = { is: false };
    const response = await new Promise<IncomingMessage>((resolve) => {
      request({ host: '127.0.0.1', port: (server.address() as AddressInfo).port }, resolve).end();
    });
    let text = '';
    response.setEncoding('utf8').on('data', (part: string) => {
      text += part;
      for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n')) {
        lines.push(JSON.parse(text.slice(0, at)));
        text = text.slice(at + 1);
      }
    });
    response.on('close', () => (ended.is = true)).on('error', () => undefined);
    await vi.waitFor(() => expect(lines.length).toBeGreaterThan(0));
    return { lines, response, ended };
  };
  return { time, view, endsAt, feed, follow };
}

test('first the whole, then only what changed', async () => {
  const { view, feed, follow } = await feedAtWork();
  const { lines, response } = await follow();
  expect(response.headers['content-type']).toBe('application/x-ndjson');
  expect(lines).toEqual([
    { type: 'snapshot', view: { name: 'idle', remainingMs: null, parts: { keys: 'connected' } } },
  ]);
  feed.update();
  view.name = 'invited';
  feed.update();
  view.parts.keys = 'lost';
  feed.update();
  feed.say({ type: 'accepted' });
  await vi.waitFor(() => expect(lines).toHaveLength(4));
  expect(lines.slice(1)).toEqual([
    { type: 'delta', set: { name: 'invited' } },
    { type: 'delta', set: { parts: { keys: 'lost' } } },
    { type: 'accepted' },
  ]);
});

test('a time that runs down is told when it is set, not while it runs', async () => {
  const { time, endsAt, feed, follow } = await feedAtWork();
  const { lines } = await follow();
  endsAt.ms = time.monoMs() + 60_000;
  feed.update();
  time.advance(4_000);
  endsAt.ms = time.monoMs() + 60_000;
  feed.update();
  await vi.waitFor(() => expect(lines).toHaveLength(3));
  expect(lines.slice(1)).toEqual([
    { type: 'delta', set: { remainingMs: 60_000 } },
    { type: 'delta', set: { remainingMs: 60_000 } },
  ]);
});

test('what time alone changes is found, and silence is filled with a beat', async () => {
  const { time, view, follow } = await feedAtWork();
  const { lines } = await follow();
  view.name = 'over';
  time.advance(500);
  await vi.waitFor(() => expect(lines).toHaveLength(2));
  expect(lines[1]).toEqual({ type: 'delta', set: { name: 'over' } });
  time.advance(5_000);
  await vi.waitFor(() => expect(lines.slice(2)).toEqual([{ type: 'beat' }]));
});

test('pages that come later see the same, and one that left is not waited for', async () => {
  const { time, view, feed, follow } = await feedAtWork();
  const first = await follow();
  view.name = 'paused';
  const second = await follow();
  expect(second.lines).toEqual([
    { type: 'snapshot', view: { name: 'paused', remainingMs: null, parts: { keys: 'connected' } } },
  ]);
  await vi.waitFor(() => expect(first.lines.at(-1)).toEqual({ type: 'delta', set: { name: 'paused' } }));
  first.response.destroy();
  second.response.destroy();
  // With nobody there nothing is looked at any more.
  await vi.waitFor(() => expect(time.waiting).toBe(0));
  view.name = 'idle';
  feed.update();
  const third = await follow();
  expect(third.lines).toMatchObject([{ type: 'snapshot', view: { name: 'idle' } }]);
});

test('reloads without end hold no more than eight connections', async () => {
  const { follow } = await feedAtWork();
  const pages: Awaited<ReturnType<typeof follow>>[] = [];
  for (let n = 0; n < 10; n += 1) pages.push(await follow());
  await vi.waitFor(() =>
    expect(pages.map(({ ended }) => ended.is)).toEqual([true, true, ...Array<boolean>(8).fill(false)]),
  );
});
