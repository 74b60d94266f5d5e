/**
 * Phones, many of them: each opens the page of its slip and sends it, by the clock on the wall, whoever is answered. Says
 * `ready`, begins when it is told of the slips, says `warm` after the first of them, and answers how long each of the others
 * waited.
 */
import { Pool } from 'undici';

interface Order {
  readonly port: number;
  readonly tokens: readonly string[];
  readonly perSecond: number;
  /** The first, fewer a second: a gateway serves for months, and not at once with hundreds a second. */
  readonly first: { readonly total: number; readonly perSecond: number };
}

interface Done {
  readonly opened: readonly number[];
  readonly sent: readonly number[];
  readonly failed: readonly string[];
}

async function ask(pool: Pool, n: number, token: string, body?: string): Promise<string> {
  const answer = await pool.request({
    path: `/r/${token}`,
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      'x-forwarded-for': `198.51.${(n >> 8) & 255}.${n & 255}`,
      'accept-encoding': 'gzip',
      ...(body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
    },
    ...(body === undefined ? {} : { body }),
  });
  const text = await answer.body.text();
  if (answer.statusCode !== 200) throw new Error(`answered ${answer.statusCode}`);
  return text;
}

/** Of the page that was opened, and of the act that was sent, each from when it was due. */
async function rate(pool: Pool, n: number, token: string, dueMs: number): Promise<readonly [number, number]> {
  await ask(pool, n, token);
  const opened = performance.now();
  const id = Buffer.from(Uint8Array.from({ length: 8 }, () => Math.random() * 256)).toString('base64url');
  const level = (n % 5) + 1;
  await ask(pool, n, token, `id=${id}&level=${level}&reason=${level}${level === 5 ? '10' : level === 4 ? '06' : '09'}`);
  return [opened - dueMs, performance.now() - opened];
}

/** All of these, so many a second. */
async function rateAll(pool: Pool, tokens: readonly string[], perSecond: number): Promise<Done> {
  const begun = performance.now();
  const underWay: Promise<readonly [number, number]>[] = [];
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      for (; underWay.length < tokens.length;) {
        const dueMs = begun + (underWay.length * 1_000) / perSecond;
        if (dueMs > performance.now()) return;
        underWay.push(rate(pool, underWay.length, tokens[underWay.length] as string, dueMs));
      }
      clearInterval(timer);
      resolve();
    }, 1);
  });
  const all = await Promise.allSettled(underWay);
  const done = all.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const failed = all.flatMap((one) => (one.status === 'rejected' ? [String(one.reason)] : []));
  return { opened: done.map(([ms]) => ms), sent: done.map(([, ms]) => ms), failed };
}

process.once('message', (order) => {
  const { port, tokens, perSecond, first } = order as Order;
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections: 128, pipelining: 1 });
  void rateAll(pool, tokens.slice(0, first.total), first.perSecond).then(async (before) => {
    process.send?.('warm');
    const done = await rateAll(pool, tokens.slice(first.total), perSecond);
    await pool.close();
    process.send?.({ ...done, failed: [...before.failed, ...done.failed] }, () => process.disconnect());
  });
});
process.send?.('ready');
