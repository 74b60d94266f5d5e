import { describe, expect, it } from 'vitest';
import { CENTRE_HEADERS, CENTRE_MAX_SKEW_MS } from '../../protocol/index.js';
import { makeRating, never, post, signRequest, startCentre, startPort, temporaryFolder } from './centre-at-work.js';

const refusal = (code: string) => ({
  status: 401,
  answer: expect.objectContaining({ outcome: 'refused', code }) as unknown,
});

describe('the centre hears only signed, fresh requests', () => {
  it('refuses a wrong secret, which the port reports as centre-signature to be tried again', async () => {
    const centre = await startCentre();
    const port = startPort(centre.url, { secret: 'not the secret' });
    expect(await port.deliver(makeRating(), 'key-1', never)).toEqual({
      kind: 'retry',
      code: 'centre-signature',
      detail: 'status 401 (signature)',
    });
    expect(await centre.ledger()).toEqual([]);
  });

  it.each([
    [
      'the body',
      (request: ReturnType<typeof signRequest>) => ({
        ...request,
        body: request.body.replace('"satisfaction":4', '"satisfaction":5'),
      }),
    ],
    ...[CENTRE_HEADERS.key, CENTRE_HEADERS.timestamp, CENTRE_HEADERS.nonce, CENTRE_HEADERS.signature].flatMap(
      (name) => [
        [
          `a changed ${name}`,
          (request: ReturnType<typeof signRequest>) => ({
            ...request,
            headers: {
              ...request.headers,
              [name]: request.headers[name]?.replace(/.$/, (last) => (last === '1' ? '2' : '1')) ?? '',
            },
          }),
        ] as const,
        [
          `no ${name}`,
          (request: ReturnType<typeof signRequest>) => ({
            ...request,
            headers: Object.fromEntries(Object.entries(request.headers).filter(([key]) => key !== name)),
          }),
        ] as const,
      ],
    ),
  ] as const)('refuses a request with %s that is not what was signed', async (_what, change) => {
    const centre = await startCentre();
    const request = signRequest(JSON.stringify(makeRating()), { key: 'key-1' });
    expect(await post(centre.url, change(request))).toEqual(refusal('signature'));
    expect(await centre.ledger()).toEqual([]);
    expect((await post(centre.url, request)).status).toBe(201);
  });

  it('refuses a request dated past the skew on either side, and takes one at its edge', async () => {
    const now = 1_790_000_000_000;
    const centre = await startCentre({ wallMs: () => now });
    for (const offMs of [-CENTRE_MAX_SKEW_MS - 1, CENTRE_MAX_SKEW_MS + 1]) {
      const request = signRequest(JSON.stringify(makeRating()), { key: `key${offMs}`, timestampMs: now + offMs });
      expect(await post(centre.url, request)).toEqual(refusal('skew'));
      const port = startPort(centre.url, { clock: { wallMs: () => now + offMs } });
      expect(await port.deliver(makeRating(), 'key-1', never)).toEqual({
        kind: 'retry',
        code: 'centre-signature',
        detail: 'status 401 (skew)',
      });
    }
    expect(await centre.ledger()).toEqual([]);
    for (const offMs of [-CENTRE_MAX_SKEW_MS, CENTRE_MAX_SKEW_MS]) {
      const request = signRequest(JSON.stringify(makeRating()), { key: `key${offMs}`, timestampMs: now + offMs });
      expect((await post(centre.url, request)).status).toBe(201);
    }
  });

  it('refuses the same signed request a second time, also after it started again, for as long as its date is good', async () => {
    const dataDir = temporaryFolder();
    let now = 1_790_000_000_000;
    const centre = await startCentre({ dataDir, wallMs: () => now });
    // Dated ahead by the whole skew: it stays good for twice that time.
    const request = signRequest(JSON.stringify(makeRating()), { key: 'key-1', timestampMs: now + CENTRE_MAX_SKEW_MS });
    expect((await post(centre.url, request)).status).toBe(201);
    expect(await post(centre.url, request)).toEqual(refusal('replay'));
    await centre.stop();

    const again = await startCentre({ dataDir, wallMs: () => now });
    now += 2 * CENTRE_MAX_SKEW_MS;
    expect(await post(again.url, request)).toEqual(refusal('replay'));
    now += 1;
    expect(await post(again.url, request)).toEqual(refusal('skew'));
  });

  it('forgets a nonce when its request is too old anyway', async () => {
    let now = 1_790_000_000_000;
    const centre = await startCentre({ wallMs: () => now });
    const send = (key: string) =>
      post(centre.url, signRequest(JSON.stringify(makeRating()), { key, nonce: 'the-same', timestampMs: now }));
    expect((await send('key-1')).status).toBe(201);
    now += CENTRE_MAX_SKEW_MS;
    expect(await send('key-2')).toEqual(refusal('replay'));
    now += 1;
    expect((await send('key-3')).status).toBe(201);
  });
});
