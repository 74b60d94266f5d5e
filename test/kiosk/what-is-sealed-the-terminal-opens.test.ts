/** The page's seal and the terminal's are one: each opens what the other closed, and nobody else does. */
import { describe, expect, it } from 'vitest';
import { ChoiceSeal } from '../../device/kiosk/citizen/choice-seal.js';
import { Seal } from '../../device/local/seal.js';

const SECRET = 'the-secret-of-this-start';
const EIGHT = ['108', '109', '110', '111', '112', '113', '114', '115'];

describe('a sealed choice', () => {
  it('goes from the page to the terminal', async () => {
    const sealed = await new ChoiceSeal(SECRET).close({ codes: EIGHT });
    expect(new Seal(SECRET).open(sealed)).toEqual({ codes: EIGHT });
  });

  it('goes from the terminal to the page', async () => {
    const sealed = new Seal(SECRET).close({ level: 1, reasons: EIGHT });
    expect(await new ChoiceSeal(SECRET).open(sealed)).toEqual({ level: 1, reasons: EIGHT });
  });

  it('has one length, whatever it holds, and never reads the same twice', async () => {
    const seal = new ChoiceSeal(SECRET);
    const sealed = await Promise.all([
      ...[1, 2, 3, 4, 5, 5].map((level) => seal.close({ level })),
      seal.close({ codes: EIGHT }),
      seal.close({ codes: [] }),
    ]);
    expect(new Set(sealed.map((text) => text.length)).size).toBe(1);
    expect(new Set(sealed).size).toBe(sealed.length);
  });

  it('stays shut under another secret, and when it was touched', async () => {
    const sealed = new Seal(SECRET).close({ level: 5, reasons: [] });
    expect(await new ChoiceSeal('another').open(sealed)).toBeNull();
    const touched = (sealed.startsWith('A') ? 'B' : 'A') + sealed.slice(1);
    expect(await new ChoiceSeal(SECRET).open(touched)).toBeNull();
    expect(await new ChoiceSeal(SECRET).open('not base64 url!')).toBeNull();
  });
});
