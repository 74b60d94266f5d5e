import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadEncoder } from '../../hw/escpos/encode-commands.js';
import type { Slip, SlipLine } from '../../hw/ports/receipt-printer.js';
import { layoutSlip } from '../../hw/slip/layout-slip.js';
import {
  columnsOf,
  foreignGraphemes,
  gbkCharacters,
  graphemesOf,
  printableText,
} from '../../hw/slip/printable-text.js';
import { slipAsText } from '../../hw/slip/slip-as-text.js';
import { wrapText } from '../../hw/slip/wrap-text.js';
import { RECEIPT, RECEIPT_URL } from './bench-printer.js';

const gbk = [...gbkCharacters()];
const character = fc.oneof(
  fc.constantFrom(...'abc XYZ 0189-_,.!?()，。、；：？！）》（《￥'),
  fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
  fc.integer({ min: 0, max: gbk.length - 1 }).map((at) => gbk[at] ?? ''),
);
const printable = fc.array(character, { maxLength: 120 }).map((characters) => characters.join(''));
const anything = fc.string({ unit: 'binary', maxLength: 80 });

describe('a text', () => {
  it('wraps to rows that fit and that joined are the text', () => {
    fc.assert(
      fc.property(printable, fc.integer({ min: 2, max: 48 }), (text, columns) => {
        const rows = wrapText(text, columns);
        expect(rows.join('')).toBe(text);
        for (const row of rows) expect(columnsOf(row)).toBeLessThanOrEqual(columns);
        if (text !== '') for (const row of rows) expect(row).not.toBe('');
      }),
      { numRuns: 2_000 },
    );
  });

  it('is not torn within a number, and no row begins with a closing mark', () => {
    expect(wrapText('请保管好回执单据号2026-1121', 26)).toEqual(['请保管好回执单据号', '2026-1121']);
    expect(wrapText('请扫描二维码，对本次服务评价。', 28)).toEqual(['请扫描二维码，对本次服务评', '价。']);
    expect(wrapText('请扫描二维码评价。', 16)).toEqual(['请扫描二维码评', '价。']);
  });

  it('wraps drawn letters by their own widths, and Tibetan after a syllable', () => {
    const syllables = ['བོད་', 'སྐད་', 'གནང་', 'རོགས།', 'ཞུ་'];
    const letters = graphemesOf(syllables.join(''));
    const drawn = new Map(
      letters.map((letter, at) => [letter, letter === '་' || letter === '།' ? 0.4 : 1.1 + at / 40]),
    );
    const glyphs = { own: 'gbk', drawn } as const;
    const word = fc.oneof(fc.constantFrom(...syllables), fc.constantFrom('中文', '，', '12 ', 'ab '));
    fc.assert(
      fc.property(fc.array(word, { maxLength: 30 }), fc.integer({ min: 12, max: 48 }), (words, columns) => {
        const text = words.join('');
        const rows = wrapText(text, columns, glyphs);
        expect(rows.join('')).toBe(text);
        for (const row of rows) expect(columnsOf(row, glyphs)).toBeLessThanOrEqual(columns + 1e-9);
        rows.slice(1).forEach((row, at) => {
          const [before, after] = [rows[at] ?? '', row];
          if (/^[\u0f00-\u0fff]/.test(after)) expect(before).not.toMatch(/[\u0f40-\u0fbc]$/);
          expect(after).not.toMatch(/^[་།]/);
        });
      }),
      { numRuns: 500 },
    );
  });

  it('knows which of its letters the printer lacks, a letter with its marks as one', () => {
    expect(foreignGraphemes('中a བོད་𠮷\u001b', 'gbk')).toEqual(['བོ', 'ད', '་', '𠮷']);
    expect(foreignGraphemes('中a', 'ascii')).toEqual(['中']);
    const glyphs = { own: 'gbk', drawn: new Map([['བོ', 1.5]]) } as const;
    expect(printableText('བོད中', glyphs)).toEqual({ text: 'བོ〓中', unprintable: ['ད'] });
    expect(columnsOf('བོ〓中', glyphs)).toBe(5.5);
  });

  it('loses nothing silently: what is not itself is 〓 and listed', () => {
    fc.assert(
      fc.property(anything, (text) => {
        const said = printableText(text);
        const shown = [...said.text];
        [...text].forEach((character, index) => {
          const same = { '\u00a5': '￥', '\u00a0': ' ', '\t': ' ' }[character] ?? character;
          if (shown[index] === same) return;
          expect(shown[index]).toBe('〓');
          expect(said.unprintable).toContain(character);
        });
        expect(shown).toHaveLength([...text].length);
      }),
      { numRuns: 2_000 },
    );
  });

  it('takes as many columns as its encoding has bytes, for every character that printers have', async () => {
    const encode = await loadEncoder();
    const all = `${gbk.join('')} ~`;
    const bytes = encode([{ op: 'text', text: all, ends: false }], 'gb18030');
    expect(gbk).toHaveLength(21_791);
    expect(bytes).toHaveLength(columnsOf(all));
    expect(new TextDecoder('gb18030').decode(bytes)).toBe(all);
  });
});

const line: fc.Arbitrary<SlipLine> = fc.oneof(
  fc.record({
    kind: fc.constant('text' as const),
    text: printable,
    align: fc.constantFrom('left', 'center', 'right'),
    size: fc.constantFrom(1, 2),
    bold: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('pair' as const), left: printable, right: printable }),
  fc.constant({ kind: 'rule' as const }),
);

describe('a slip', () => {
  it('has no row wider than the paper, and every character of its lines', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 6 }), fc.constantFrom(32, 48), (lines, columns) => {
        const { rows } = layoutSlip({ lines }, { columns });
        let shown = '';
        for (const row of rows) {
          if (row.kind === 'text') {
            expect(columnsOf(row.text) * row.size).toBeLessThanOrEqual(columns);
            shown += row.text;
          } else if (row.kind === 'pair') {
            expect(columnsOf(row.left) + row.gap + columnsOf(row.right)).toBe(columns);
            expect(row.gap).toBeGreaterThanOrEqual(1);
            shown += row.left + row.right;
          }
        }
        const said = lines.map((each) =>
          each.kind === 'text' ? each.text : each.kind === 'pair' ? each.left + each.right : '-'.repeat(columns),
        );
        expect(shown).toBe(said.join(''));
      }),
      { numRuns: 500 },
    );
  });

  it('reads as text as it does on paper', () => {
    expect(slipAsText(RECEIPT, 32).split('\n')).toEqual([
      '       甘孜州政务服务中心',
      '        受理回执',
      '--------------------------------',
      '事项              居民身份证换领',
      '办件编号      513300202611210001',
      '窗口                          12',
      '工号                        0231',
      '办理时间        2026-11-21 09:30',
      '--------------------------------',
      '       请扫码评价本次服务',
      `[QR ${RECEIPT_URL}]`,
      '     评价内容对窗口人员保密',
      '  工本费￥20，凭此回执领取证件',
    ]);
  });

  it('puts the right of a pair below where both do not fit', () => {
    const slip: Slip = {
      lines: [
        { kind: 'pair', left: '事项', right: '内地居民婚姻登记（补领结婚证）' },
        { kind: 'feed', lines: 2 },
      ],
    };
    expect(slipAsText(slip, 32).split('\n')).toEqual(['事项', '  内地居民婚姻登记（补领结婚证）', '', '']);
  });

  it('breaks a text at its line breaks', () => {
    const slip: Slip = { lines: [{ kind: 'text', text: '一\n二\r\n三', align: 'left', size: 1, bold: false }] };
    expect(slipAsText(slip, 32)).toBe('一\n二\n三');
    expect(layoutSlip(slip, { columns: 32 }).unprintable).toEqual([]);
  });
});
