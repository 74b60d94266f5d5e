import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTcp, type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { smsSchema } from '../../gateway/reminders/sms-configuration.js';
import { FileSms } from '../../gateway/reminders/file-sms.js';
import { HttpSms } from '../../gateway/reminders/http-sms.js';
import type { SmsMessage } from '../../gateway/reminders/sms-port.js';
import { temporaryFolder } from '../ingest/hall-log.js';
import { PHONE } from './reminder-hall.js';

const MESSAGE: SmsMessage = {
  messageId: 'message-1',
  purpose: 'invitation',
  phone: PHONE,
  template: 'T-1',
  parameters: { hall: 'demo', window: '1', date: '2026-09-21' },
};

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/send?v=1`;
}

function sender(url: string, timeoutMs = 2_000): HttpSms {
  const sms = new HttpSms({ url, secret: 'a-secret-of-the-provider', timeoutMs });
  onTestFinished(() => sms.close());
  return sms;
}

/** A provider that answers so, and tells what it was asked. */
async function provider(answer: (response: ServerResponse) => void) {
  const asked: { request: IncomingMessage; body: string }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      asked.push({ request, body });
      answer(response);
    });
  });
  onTestFinished(() => server.closeAllConnections());
  return { asked, url: await listening(server) };
}

test('a file takes a line a message, and is for the eyes of its owner only', async () => {
  const file = join(temporaryFolder(), 'messages.jsonl');
  const sms = new FileSms({ file, clock: { wallMs: () => 1_790_000_000_000 } });
  expect(await sms.send(MESSAGE)).toEqual({ kind: 'sent' });
  chmodSync(file, 0o644);
  expect(await sms.send({ ...MESSAGE, messageId: 'message-2' })).toEqual({ kind: 'sent' });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const lines = readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as object);
  expect(lines).toEqual([
    { at: '2026-09-21T14:13:20.000Z', ...MESSAGE },
    { at: '2026-09-21T14:13:20.000Z', ...MESSAGE, messageId: 'message-2' },
  ]);
});

test('a file that cannot be opened took nothing', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'no-folder'), '');
  const sms = new FileSms({ file: join(folder, 'no-folder', 'messages.jsonl'), clock: { wallMs: () => 0 } });
  expect(await sms.send(MESSAGE)).toMatchObject({ kind: 'retry', code: 'sms-unreachable', detail: 'ENOTDIR' });
});

test('a provider is asked once, with its secret, a template and parameters, and no more', async () => {
  const { asked, url } = await provider((response) => response.end('{"id":1}'));
  expect(await sender(url).send(MESSAGE)).toEqual({ kind: 'sent' });
  expect(asked).toHaveLength(1);
  const [{ request, body } = { request: undefined, body: '' }] = asked;
  expect([request?.method, request?.url]).toEqual(['POST', '/send?v=1']);
  expect(request?.headers).toMatchObject({
    authorization: 'Bearer a-secret-of-the-provider',
    'idempotency-key': 'message-1',
    'content-type': 'application/json; charset=utf-8',
  });
  expect(JSON.parse(body)).toEqual({
    messageId: 'message-1',
    phone: PHONE,
    template: 'T-1',
    parameters: { hall: 'demo', window: '1', date: '2026-09-21' },
  });
});

test.each([
  [200, 'sent'],
  [202, 'sent'],
  [409, 'sent'],
  [400, 'failed'],
  [422, 'failed'],
  [301, 'retry'],
  [401, 'retry'],
  [403, 'retry'],
  [404, 'retry'],
  [429, 'retry'],
  [503, 'retry'],
  [408, 'unsure'],
  [500, 'unsure'],
  [502, 'unsure'],
  [504, 'unsure'],
])('status %i is %s', async (status, kind) => {
  const { url } = await provider((response) => response.writeHead(status).end('13812345678 nonsense'));
  const outcome = await sender(url).send(MESSAGE);
  expect(outcome.kind).toBe(kind);
  if (outcome.kind !== 'sent') expect(outcome.detail).toBe(`status ${status}`);
});

test('a provider may ask for time, at most for an hour', async () => {
  const asks = async (seconds: string) => {
    const { url } = await provider((response) => response.writeHead(429, { 'retry-after': seconds }).end());
    return sender(url).send(MESSAGE);
  };
  expect(await asks('30')).toMatchObject({ kind: 'retry', retryAfterMs: 30_000 });
  expect(await asks('999999')).toMatchObject({ kind: 'retry', retryAfterMs: 3_600_000 });
  expect(await asks('soon')).toEqual({ kind: 'retry', code: 'sms-unreachable', detail: 'status 429' });
});

test('where nobody listens nothing left; where somebody listened and said nothing, nobody knows', async () => {
  const gone = createTcp();
  const url = await listening(gone);
  await new Promise((resolve) => gone.close(resolve));
  expect(await sender(url).send(MESSAGE)).toEqual({ kind: 'retry', code: 'sms-unreachable', detail: 'ECONNREFUSED' });

  const mute = await provider(() => undefined);
  const outcome = await sender(mute.url, 500).send(MESSAGE);
  expect(outcome).toEqual({ kind: 'unsure', code: 'sms-unsure', detail: 'no answer within 500 ms' });

  const cut = createTcp((socket) => socket.on('data', () => socket.destroy()));
  expect(await sender(await listening(cut)).send(MESSAGE)).toMatchObject({ kind: 'unsure' });

  const nonsense = createTcp((socket) => socket.on('data', () => socket.end('hello\r\n\r\n')));
  expect(await sender(await listening(nonsense)).send(MESSAGE)).toMatchObject({ kind: 'unsure' });
});

test('a secret goes over the network in the clear to this very machine only', () => {
  const sms = (url: string) => smsSchema.safeParse({ kind: 'http', url, secretFile: 's' }).success;
  expect(sms('https://sms.example/send')).toBe(true);
  expect(sms('http://127.0.0.1:9000/send')).toBe(true);
  expect(sms('http://sms.example/send')).toBe(false);
  const faults = smsSchema.safeParse({ kind: 'http' }).error?.issues.map(({ path }) => path.join('.'));
  expect(faults).toEqual(['url', 'secretFile']);
  expect(smsSchema.safeParse({}).error?.issues.map(({ path }) => path.join('.'))).toEqual(['file']);
});
