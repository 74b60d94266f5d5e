/**
 * HTML as a tagged template: whatever is put in is escaped, unless it is HTML of this kind itself. What many documents
 * have in common may be kept as a piece of its own, which is packed once (`packed.ts`).
 */
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text that stands in many documents, byte for byte. */
export class KeptPiece {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type Piece = string | KeptPiece;

export class Html {
  readonly pieces: readonly Piece[];

  constructor(pieces: string | readonly Piece[]) {
    this.pieces = typeof pieces === 'string' ? [pieces] : pieces;
  }

  get text(): string {
    return this.pieces.map((piece) => (typeof piece === 'string' ? piece : piece.text)).join('');
  }
}

export type Part = Html | string | number | null | readonly Part[];

/** `null` and an empty list put in nothing. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  const pieces: Piece[] = [strings[0] ?? ''];
  for (const [at, part] of parts.entries()) {
    addPart(pieces, part);
    addText(pieces, strings[at + 1] ?? '');
  }
  return new Html(pieces);
}

/** The same HTML as one piece. To be kept by whoever makes it: made anew it is packed anew. */
export function keptHtml({ text }: Html): Html {
  return new Html([new KeptPiece(text)]);
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] as string);
}

function addPart(pieces: Piece[], part: Part): void {
  if (part === null) return;
  if (part instanceof Html) {
    for (const piece of part.pieces) {
      if (typeof piece === 'string') addText(pieces, piece);
      else pieces.push(piece);
    }
  } else if (typeof part === 'object') for (const one of part) addPart(pieces, one);
  else addText(pieces, escapeHtml(String(part)));
}

function addText(pieces: Piece[], text: string): void {
  const last = pieces.at(-1);
  if (typeof last === 'string') pieces[pieces.length - 1] = last + text;
  else pieces.push(text);
}
