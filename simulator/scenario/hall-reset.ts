/** Puts a hall back to where a scenario may begin: every switch on, nothing broken, staff on duty, no session. */
import { setTimeout as wait } from 'node:timers/promises';
import { LEVELS } from '../../protocol/index.js';
import type { DemoClient } from './demo-client.js';
import { mismatches, type Mismatch } from './matching.js';
import { PARTS_OF_COUNTER, PARTS_OF_HALL } from './scenario-schema.js';

const RESET_TIMEOUT_MS = 40_000;
const LOOK_MS = 100;

/**
 * @param staffNos who serves there, by counter.
 * @param withScreens whether the hall has screens that can be taken away.
 * @returns what is still not as it was; empty when all is.
 * @throws DemoFailed.
 */
export async function resetHall(
  client: DemoClient,
  staffNos: readonly string[],
  withScreens: boolean,
): Promise<readonly Mismatch[]> {
  const counters = staffNos.map((staffNo, index) => ({ terminal: index + 1, staffNo }));
  for (const part of PARTS_OF_HALL) await client.post('/api/switches', { part, state: 'on' });
  await Promise.all(counters.map(({ terminal }) => mend(client, terminal, withScreens)));
  const endMs = performance.now() + RESET_TIMEOUT_MS;
  for (;;) {
    const wrong = [
      ...(await missing(client)),
      ...(await Promise.all(counters.map((counter) => atRest(client, counter)))).flat(),
      ...mismatches((await client.get('/api/hall')).body, { 'gateway.waiting': 0 }),
    ];
    if (wrong.length === 0 || performance.now() > endMs) return wrong;
    await wait(LOOK_MS);
  }
}

/** What does not answer, or does not know such a fault, is seen afterwards by what is still wrong. */
async function mend(client: DemoClient, terminal: number, withScreens: boolean): Promise<void> {
  for (const part of PARTS_OF_COUNTER) {
    if (part !== 'screen' || withScreens) await client.post('/api/switches', { part, terminal, state: 'on' });
  }
  const board = (deed: unknown) => client.post(`/api/terminals/${terminal}/board`, deed);
  const printer = (deed: unknown) => client.post(`/api/terminals/${terminal}/printer`, deed);
  await board({ do: 'hang', on: false });
  await board({ do: 'bounce', on: false });
  for (const level of LEVELS) await board({ do: 'stick', level, on: false });
  await printer({ do: 'hang', on: false });
  await printer({ paper: 'ok', cover: 'closed', cutter: 'ok', online: true });
}

async function missing(client: DemoClient): Promise<Mismatch[]> {
  const { status, body } = await client.get('/api/ready');
  return status === 200 ? [] : [{ path: 'ready', seen: body, exists: true }];
}

/** Ends what is open, and asks for what is not yet as it should be. */
async function atRest(
  client: DemoClient,
  { terminal, staffNo }: { readonly terminal: number; readonly staffNo: string },
): Promise<Mismatch[]> {
  const { body } = await client.get(`/api/terminals/${terminal}`);
  const staff = (deed: unknown) => client.post(`/api/terminals/${terminal}/staff`, deed);
  const is = (fields: unknown) => mismatches(body, fields).length === 0;
  if (is({ 'session.state': 'invited' })) await staff({ do: 'cancel' });
  if (is({ 'session.state': 'paused' })) await staff({ do: 'resume' });
  if (!is({ 'session.staffNo': staffNo })) await staff({ do: 'sign-on', staffNo });
  if (mismatches(body, { 'selfCheck.running': { not: null } }).length === 0)
    await client.post(`/api/terminals/${terminal}/self-check`, { do: 'stop' });
  return mismatches(body, {
    'session.state': 'idle',
    'session.staffNo': staffNo,
    'parts.board': 'connected',
    'parts.printer': 'connected',
    'parts.network': 'connected',
    backlog: 0,
  }).map((one) => ({ ...one, path: `terminal ${terminal} ${one.path}` }));
}
