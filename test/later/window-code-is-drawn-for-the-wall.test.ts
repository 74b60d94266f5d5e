import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import jsqr from 'jsqr';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { windowCodeSvg } from '../../gateway/operate/window-code.js';
import { windowCodeUrl } from '../../gateway/rate/window-code-url.js';
import { configure } from '../days/old-services.js';
import { temporaryFolder } from '../ingest/hall-log.js';
import { CHECKOUT } from '../support/program.js';

const readQr = jsqr as unknown as (
  pixels: Uint8ClampedArray,
  width: number,
  height: number,
) => { data: string; version: number } | null;

async function pjq(...args: string[]): Promise<{ code: number; out: string }> {
  const child = spawn(process.execPath, ['dist/gateway/pjq.js', ...args], { cwd: CHECKOUT });
  let out = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (out += part.toString()));
  const [code] = (await once(child, 'close')) as [number];
  return { code, out };
}

async function read(picture: string | Buffer, worn = false): Promise<string | undefined> {
  let image = sharp(picture).flatten({ background: '#fff' }).resize({ width: 400 });
  if (worn) {
    const spot = { create: { width: 60, height: 60, channels: 3 as const, background: '#fff' } };
    image = sharp(
      await image
        .composite([{ input: spot, left: 170, top: 170 }])
        .png()
        .toBuffer(),
    );
  }
  const { data, info } = await image.ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return readQr(new Uint8ClampedArray(data), info.width, info.height)?.data;
}

const BASE = 'https://pj.example.gov.cn/r';

test('pjq draws the code of a window; a reader reads it, worn in the middle too', async () => {
  const folder = temporaryFolder();
  const { file } = configure(folder, { rate: { port: 0, publicUrl: BASE } });
  const png = join(folder, 'wall.png');
  // A window may have a name of any script.
  const drawn = await pjq('window-code', '综合1', '--out', png, '--config', file);
  expect(drawn).toEqual({ code: 0, out: `${BASE}/w/${encodeURIComponent('综合1')}\t${png}\n` });
  const { width } = await sharp(png).metadata();
  expect(width).toBe(709); // 60 mm at 300 dots an inch
  for (const worn of [false, true]) expect(decodeURIComponent((await read(png, worn)) ?? '')).toBe(`${BASE}/w/综合1`);
  const svg = await windowCodeSvg(windowCodeUrl(BASE, 'A12'), 80);
  expect(svg).toContain('width="80mm" height="80mm"');
  expect(await read(Buffer.from(svg))).toBe(`${BASE}/w/A12`);
});

test.each(['', 'a b', 'x'.repeat(21), 'a\n'])('%j is no window', (window) => {
  expect(() => windowCodeUrl(BASE, window)).toThrow(expect.objectContaining({ code: 'request-malformed' }));
});

test('pjq lists what somebody should look at, until it was looked at; it is never deleted', async () => {
  const folder = temporaryFolder();
  const { file } = configure(folder, {});
  expect((await pjq('flags', 'list', '--config', file)).out).toBe('');
  const db = new Database(join(folder, 'data', 'hall.db'));
  db.prepare('INSERT INTO flag (flag, subject, evidence, at) VALUES (?, ?, ?, ?)').run(
    'used-at-once',
    'terminal t1',
    '3 services within 2 min: a b c',
    0,
  );
  const line = '1\t1970-01-01T00:00:00.000Z\topen\tused-at-once\tterminal t1\t3 services within 2 min: a b c\n';
  expect((await pjq('flags', 'list', '--config', file)).out).toBe(line);
  const clear = (by: string) => pjq('flags', 'clear', '1', '--by', by, '--config', file);
  expect(await clear('x'.repeat(61))).toMatchObject({ code: 1, out: expect.stringContaining('must say who') });
  expect((await clear('wang.wu')).out).toBe('flag 1 (used-at-once) cleared\n');
  expect(await clear('wang.wu')).toMatchObject({ code: 1, out: expect.stringContaining('no open flag 1') });
  const entries = db.prepare("SELECT bytes FROM entry WHERE kind = 'flag.cleared'").all() as { bytes: Buffer }[];
  expect(entries.map(({ bytes }) => (JSON.parse(bytes.toString()) as { body: unknown }).body)).toEqual([
    { flag: 'used-at-once', subject: 'terminal t1', by: 'wang.wu' },
  ]);
  expect((await pjq('flags', 'list', '--all', '--config', file)).out).toBe(line.replace('open', 'cleared'));
  db.close();
});
