import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { onFile, parsed, rated, storedEntries, testFolder } from '../device-log/log-at-work.js';
import { FAKED, syncAtWork } from './sync-at-work.js';

beforeEach(() => void vi.useFakeTimers(FAKED));
afterEach(() => void vi.useRealTimers());

it('an entry that is gone from the file since it was opened holds up none of the others, and is named', async () => {
  const atWork = await syncAtWork({ folder: testFolder() });
  const { log, hall } = atWork;
  for (const id of ['S1', 'S2', 'S3']) log.append(rated(id));
  onFile(atWork.folder, (db) => db.prepare('DELETE FROM entry WHERE seq = 2').run());
  atWork.sync.start();
  await atWork.pass(10_000);
  expect(await atWork.level()).toBe(true);
  // The opening of S1 is gone, and no chain vouches for the press after it.
  expect(await hall.rated()).toEqual(['S2', 'S3']);
  const gaps = parsed(storedEntries(atWork.folder)).filter(({ kind }) => kind === 'log.gap');
  expect(gaps.map(({ body }) => body)).toMatchObject([{ fromSeq: 2 }]);
});
