import { createCipheriv, createHash, createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { sm4Sm3 } from '../../gateway/evaluator/sm4-sm3.js';

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');

test('SM4 enciphers the example of GB/T 32907, once and a million times', () => {
  const key = hex('0123456789ABCDEF FEDCBA9876543210');
  const once = createCipheriv('sm4-ecb', key, null).setAutoPadding(false).update(key);
  expect(once.toString('hex')).toBe('681edf34d206965e86b3e94f536e4246');
  // CBC over zeros chains each block into the next: a million of them is the standard's second example.
  const blocks = createCipheriv('sm4-cbc', key, key).setAutoPadding(false);
  let last = Buffer.alloc(0);
  for (let n = 0; n < 1_000; n += 1) last = blocks.update(Buffer.alloc(16_000)).subarray(-16);
  expect(last.toString('hex')).toBe('595298c7c6fd271f0402f804c33d3f66');
});

test('SM3 hashes the examples of GB/T 32905', () => {
  const sm3 = (text: string) => createHash('sm3').update(text).digest('hex');
  expect(sm3('abc')).toBe('66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0');
  expect(sm3('abcd'.repeat(16))).toBe('debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732');
});

test('what the suite seals is these two put together, and nothing else', () => {
  const key = Buffer.alloc(32, 7);
  const sealed = Buffer.from(sm4Sm3.seal(key, Buffer.from('张三'), 'a place'));
  const derive = (label: string) => createHmac('sm3', key).update(`pjq/sm4-sm3/v1/${label}`).digest();
  const [stored, mac] = [sealed.subarray(0, -32), sealed.subarray(-32)];
  const iv = stored.subarray(1, 17);
  const cipher = createCipheriv('sm4-cbc', derive('encrypt').subarray(0, 16), iv);
  expect(stored).toEqual(Buffer.concat([Buffer.of(1), iv, cipher.update('张三'), cipher.final()]));
  const place = Buffer.from('a place');
  const covered = Buffer.concat([Buffer.of(0, 0, 0, place.length), place, stored]);
  expect(mac).toEqual(createHmac('sm3', derive('authenticate')).update(covered).digest());
});
