/** Looks for texts in bytes, in whatever way a program may have written them. */

export interface Found {
  readonly text: string;
  readonly encoding: string;
  /** Of the first. */
  readonly at: number;
}

interface Needle {
  readonly text: string;
  readonly encoding: string;
  readonly bytes: Buffer;
}

export class Searcher {
  readonly #needles: readonly Needle[];

  /** @param ways which encodings; all, where it is not said. */
  constructor(texts: readonly string[], ways?: readonly string[]) {
    const needles = new Map<string, Needle>();
    for (const needle of texts.flatMap(needlesOf)) {
      if (ways?.includes(needle.encoding) === false) continue;
      const key = needle.bytes.toString('latin1');
      if (!needles.has(key)) needles.set(key, needle);
    }
    this.#needles = [...needles.values()];
  }

  /** As long as the longest thing that is looked for: chunks must overlap by so much. */
  get longest(): number {
    return Math.max(...this.#needles.map(({ bytes }) => bytes.length));
  }

  search(bytes: Buffer): Found[] {
    return this.#needles.flatMap(({ text, encoding, bytes: needle }) => {
      const at = bytes.indexOf(needle);
      return at < 0 ? [] : [{ text, encoding, at }];
    });
  }
}

/** Each way to write a text, by its name. */
export function encodingsOf(text: string): Map<string, Buffer[]> {
  const ways = new Map<string, Buffer[]>();
  const raw: readonly (readonly [string, Buffer])[] = [
    ['utf-8', Buffer.from(text)],
    ['gbk', gbk(text)],
    ['utf-16le', Buffer.from(text, 'utf16le')],
    ['utf-16be', Buffer.from(text, 'utf16le').swap16()],
  ];
  for (const [name, bytes] of raw) {
    ways.set(name, [bytes]);
    ways.set(`hex of ${name}`, [ascii(bytes.toString('hex')), ascii(bytes.toString('hex').toUpperCase())]);
    ways.set(`base64 of ${name}`, base64Parts(bytes).map(ascii));
    ways.set(
      `base64url of ${name}`,
      base64Parts(bytes).map((part) => ascii(part.replaceAll('+', '-').replaceAll('/', '_'))),
    );
  }
  const percent = encodeURIComponent(text);
  ways.set('url', [ascii(percent), ascii(percent.toLowerCase())]);
  const escaped = text.replaceAll(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  ways.set('json', [ascii(escaped)]);
  return ways;
}

function needlesOf(text: string): Needle[] {
  return [...encodingsOf(text)].flatMap(([encoding, all]) => all.map((bytes) => ({ text, encoding, bytes })));
}

/** What of the Base64 of a longer text is sure to be there, wherever in it this one begins. */
function base64Parts(bytes: Buffer): string[] {
  return [0, 1, 2].map((before) => {
    const whole = Buffer.concat([Buffer.alloc(before), bytes]);
    const from = Math.ceil((before * 8) / 6);
    const to = Math.floor((whole.length * 8) / 6);
    return whole.toString('base64').slice(from, to);
  });
}

function ascii(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

let gbkBytes: Map<string, Buffer> | undefined;

/** Node reads GBK and does not write it; so every two bytes are read once. */
function gbk(text: string): Buffer {
  if (gbkBytes === undefined) {
    gbkBytes = new Map();
    const decoder = new TextDecoder('gbk');
    for (let lead = 0x81; lead <= 0xfe; lead += 1)
      for (let trail = 0x40; trail <= 0xfe; trail += 1) {
        const bytes = Buffer.of(lead, trail);
        const read = decoder.decode(bytes);
        if (read.length === 1 && read !== '\ufffd' && !gbkBytes.has(read)) gbkBytes.set(read, bytes);
      }
  }
  const known = gbkBytes;
  return Buffer.concat([...text].map((one) => known.get(one) ?? Buffer.from(one, 'latin1')));
}
