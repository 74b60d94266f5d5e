import { expect, test } from 'vitest';
import { generateLogKey } from '../../protocol/runtime/node-suite.js';
import { HallLog } from '../ingest/hall-log.js';

test('a terminal is registered once, with the word of the own log', async () => {
  const hall = await HallLog.open();
  const [key, another] = [generateLogKey(), generateLogKey()];
  expect(await hall.registry.addTerminal('t1', '7', key.publicKey)).toEqual({ keyId: key.keyId });
  await expect(hall.registry.addTerminal('t1', '8', another.publicKey)).rejects.toMatchObject({
    code: 'terminal-exists',
  });
  await expect(hall.registry.addTerminal('t2', '8', key.publicKey)).rejects.toMatchObject({ code: 'terminal-exists' });
  expect(await hall.registry.terminals()).toMatchObject([{ terminal: 't1', window: '7', state: 'lost' }]);
  // What was refused left nothing behind, in the own log neither.
  expect(hall.ownBodies('terminal.added')).toEqual([{ terminal: 't1', window: '7' }]);
  expect(hall.ownBodies('key.added')).toEqual([{ terminal: 't1', keyId: key.keyId }]);
});

test('of two that register the same name at once one is told that it exists', async () => {
  const hall = await HallLog.open();
  const outcomes = await Promise.allSettled(
    [generateLogKey(), generateLogKey()].map(({ publicKey }) => hall.registry.addTerminal('t1', '1', publicKey)),
  );
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'terminal-exists' } });
  expect(hall.total('terminalKey')).toBe(1);
});

test.each([
  ['no key', ''],
  ['a key that is too short', 'AAAA'],
  ['a key that is too long', `${generateLogKey().publicKey}AAAA`],
  ['a PEM', generateLogKey().privatePem],
])('%s is refused with a code', async (_what, publicKey) => {
  const hall = await HallLog.open();
  await expect(hall.registry.addTerminal('t1', '1', publicKey)).rejects.toMatchObject({ code: 'request-malformed' });
  await hall.registry.addTerminal('t1', '1', generateLogKey().publicKey);
  await expect(hall.registry.addKey('t1', publicKey)).rejects.toMatchObject({ code: 'request-malformed' });
  expect(hall.total('terminalKey')).toBe(1);
});

test.each(['', 'T1', 't 1', 't/1', '@gw', '-t1', 'a'.repeat(33), '窗口'])(
  'the name %j is refused with a code',
  async (name) => {
    const hall = await HallLog.open();
    await expect(hall.registry.addTerminal(name, '1', generateLogKey().publicKey)).rejects.toMatchObject({
      code: 'request-malformed',
    });
    expect([hall.total('terminal'), hall.ownBodies('terminal.added').length]).toEqual([0, 0]);
  },
);

test('what is not there cannot be given a key or be revoked', async () => {
  const hall = await HallLog.open();
  const key = generateLogKey();
  await expect(hall.registry.addKey('t1', key.publicKey)).rejects.toMatchObject({ code: 'terminal-unknown' });
  await expect(hall.registry.revokeKey(key.keyId)).rejects.toMatchObject({ code: 'key-unknown' });
  await hall.registry.addTerminal('t1', '1', key.publicKey);
  await hall.registry.revokeKey(key.keyId);
  await expect(hall.registry.revokeKey(key.keyId)).rejects.toMatchObject({ code: 'key-unknown' });
  expect(hall.ownBodies('key.revoked')).toEqual([{ terminal: 't1', keyId: key.keyId }]);
});

test('a terminal of which only the key is left is registered with it again', async () => {
  const hall = await HallLog.open();
  const [key, revoked] = [generateLogKey(), generateLogKey()];
  await hall.registry.addTerminal('t1', '1', key.publicKey);
  await hall.registry.addKey('t1', revoked.publicKey);
  await hall.registry.revokeKey(revoked.keyId);
  // As damage leaves it where nothing tells of the row any more.
  await hall.store.db.deleteFrom('terminal').execute();
  await expect(hall.registry.addTerminal('t2', '1', key.publicKey)).rejects.toMatchObject({ code: 'terminal-exists' });
  await expect(hall.registry.addTerminal('t1', '1', revoked.publicKey)).rejects.toMatchObject({ code: 'key-revoked' });
  expect(await hall.registry.addTerminal('t1', '1', key.publicKey)).toEqual({ keyId: key.keyId });
  expect(hall.total('terminalKey')).toBe(2);
  expect(await hall.registry.terminals()).toMatchObject([{ terminal: 't1', window: '1' }]);
});
