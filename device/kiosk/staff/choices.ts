/** Choosing from a list by typing: which options stand, and in which order. Pure. */

export interface Option {
  readonly id: string;
  readonly main: string;
  /** A number or code; it is searched, too. */
  readonly side: string;
}

/** Those that hold what was typed; one that is exactly that comes first, then those that begin with it. */
export function matching(options: readonly Option[], typed: string): readonly Option[] {
  const wanted = plain(typed);
  if (wanted === '') return options;
  const rank = ({ main, side }: Option): number => {
    const texts = [plain(main), plain(side)];
    if (texts.includes(wanted)) return 0;
    if (texts.some((text) => text.startsWith(wanted))) return 1;
    return texts.some((text) => text.includes(wanted)) ? 2 : 3;
  };
  return options
    .map((option) => ({ option, rank: rank(option) }))
    .filter(({ rank: place }) => place < 3)
    .sort((a, b) => a.rank - b.rank)
    .map(({ option }) => option);
}

/** The option a number key stands for: 1 to 9 the first nine, 0 the one that stands for none. */
export function byDigit(options: readonly Option[], digit: string): Option | undefined {
  if (digit === '0') return options.find(({ id }) => id === '');
  return options.filter(({ id }) => id !== '')[Number(digit) - 1];
}

/** The key that chooses an option, or `null` when it has none. */
export function digitOf(options: readonly Option[], option: Option): string | null {
  if (option.id === '') return '0';
  const place = options.filter(({ id }) => id !== '').indexOf(option) + 1;
  return place >= 1 && place <= 9 ? String(place) : null;
}

function plain(text: string): string {
  return narrow(text).trim().toLowerCase();
}

/** Letters, digits and hyphens that a Chinese input method made wide, as they stand on paper. */
export function narrow(text: string): string {
  return text.replace(/[\uff0d\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]/g, (wide) =>
    String.fromCharCode(wide.charCodeAt(0) - 0xfee0),
  );
}
