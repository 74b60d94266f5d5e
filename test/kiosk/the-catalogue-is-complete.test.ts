/** Every word of the citizen's screen is there in Chinese and in English, and every word that is there is used. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { WORDS, sayIn, type Word } from '../../device/kiosk/citizen/words.js';
import { lengthened } from '../../device/kiosk/shared/catalogue.js';

const FOLDER = 'device/kiosk/citizen';
const sources = readdirSync(FOLDER)
  .filter((name) => /\.tsx?$/.test(name) && name !== 'words.ts')
  .map((name) => ({ name, text: readFileSync(join(FOLDER, name), 'utf8') }));
const keys = Object.keys(WORDS) as Word[];

function places(words: string): string[] {
  return [...words.matchAll(/\{(\w+)\}/g)].map(([place]) => place).toSorted();
}

describe('the catalogue of the citizen’s screen', () => {
  it.each(keys)('%s has both languages, with the same places to fill', (key) => {
    const { zh, en } = WORDS[key];
    expect(zh.trim()).not.toBe('');
    expect(en.trim()).not.toBe('');
    if (key !== 'otherLanguage') {
      expect(zh).toMatch(/\p{Script=Han}/u);
      expect(en).not.toMatch(/\p{Script=Han}/u);
    }
    expect(places(zh)).toEqual(places(en));
  });

  it('holds no word that no screen says', () => {
    const all = sources.map(({ text }) => text).join('\n');
    // Keys that are also a state's name are said by what stands in for it.
    const unused = keys.filter((key) => !all.includes(`'${key}'`) && !all.includes(`WORDS.${key}`));
    expect(
      unused.filter((key) => !all.includes('say(service.stage)') || !['intake', 'completion'].includes(key)),
    ).toEqual([]);
  });

  it('has every word that a screen says: none stands in the sources themselves', () => {
    for (const { name, text } of sources) {
      const code = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
      expect({ name, han: code.match(/\p{Script=Han}+/gu) ?? [] }).toEqual({ name, han: [] });
      // Letters before a closing tag that no expression made.
      const bare = code.match(/>\s*[A-Za-z][^<>{}=]*<\/[a-z]/g) ?? [];
      expect({ name, bare }).toEqual({ name, bare: [] });
    }
  });

  it('puts in what a phrase asks for, and lengthens every phrase by a third', () => {
    expect(sayIn('zh')('window', { window: '3' })).toBe('3 号窗口');
    expect(sayIn('en')('changeWithin', { seconds: 4 })).toContain('4');
    for (const key of keys)
      expect(lengthened(WORDS[key].en).length).toBeGreaterThanOrEqual(Math.ceil(WORDS[key].en.length * 1.3));
  });
});
