/**
 * The drawings of hw/wiring, made from the profiles: a pin that moves in a profile moves in its drawing. Keys and
 * lamps stand above the pins that they go to, so that no two wires cross but at a bus.
 */
import { GPIO_PI_FIVE_KEYS } from '../hw/profiles/gpio-profile.js';
import { UNO_FIVE_KEYS } from '../hw/profiles/uno-five-keys.js';
import { UNO_OUTER_RESISTORS } from '../hw/profiles/uno-outer-resistors.js';

export interface Wiring {
  readonly title: string;
  /** The board, and a line about it. */
  readonly board: string;
  readonly note: string;
  /** From the best level to the worst, as the keys lie from left to right. */
  readonly keys: readonly { readonly level: number; readonly pin: string }[];
  readonly lamps: readonly { readonly signal: 'invited' | 'accepted' | 'fault'; readonly pin: string }[];
  readonly ground: string;
  /** The supply to which each key pin has 10 kΩ of its own; `null`: the board has pull-ups. */
  readonly pullUpSupply: string | null;
  /** In series with each lamp. */
  readonly lampOhms: number;
}

const LEVEL_WORDS: Readonly<Record<number, string>> = {
  5: '非常满意',
  4: '满意',
  3: '基本满意',
  2: '不满意',
  1: '非常不满意',
};
const LAMP_WORDS = {
  invited: ['请评价', 'invited'],
  accepted: ['已收到', 'accepted'],
  fault: ['故障', 'fault'],
} as const;

const LEFT = 150;
const STEP = 110;
const GROUND_Y = 150;
const KEY_Y = 215;
const SUPPLY_Y = 330;
const BOARD_Y = 420;
const BOARD_HEIGHT = 90;

/** Pin of the 40-pin header → its BCM line (raspberrypi.com/documentation, GPIO and the 40-pin header). */
const HEADER_PINS: Readonly<Record<number, number>> = {
  12: 32,
  16: 36,
  22: 15,
  23: 16,
  24: 18,
  25: 22,
  26: 37,
  27: 13,
};

/** File name → drawing. */
export function wiringDrawings(): ReadonlyMap<string, string> {
  const uno = (profile: typeof UNO_FIVE_KEYS | typeof UNO_OUTER_RESISTORS, pullUpSupply: string | null): Wiring => ({
    title: profile.name,
    board: 'Arduino Uno · StandardFirmata',
    note: profile.description,
    keys: [...profile.keys].reverse().map(({ level, pin }) => ({ level, pin: `D${pin}` })),
    lamps: lampsOf(profile.lamps, (pin) => `D${pin}`),
    ground: 'GND',
    pullUpSupply,
    lampOhms: 330,
  });
  const pi: Wiring = {
    title: GPIO_PI_FIVE_KEYS.name,
    board: 'Raspberry Pi · 40-pin header',
    note: GPIO_PI_FIVE_KEYS.description,
    keys: [...GPIO_PI_FIVE_KEYS.keys].reverse().map(({ level, line }) => ({ level, pin: headerPin(line) })),
    lamps: lampsOf(GPIO_PI_FIVE_KEYS.lamps, headerPin),
    ground: 'GND · pin 14',
    pullUpSupply: null,
    lampOhms: 680,
  };
  const drawings = [uno(UNO_FIVE_KEYS, null), uno(UNO_OUTER_RESISTORS, '5V'), pi];
  return new Map([
    ...drawings.map((wiring) => [`${wiring.title}.svg`, drawing(wiring)] as const),
    ['front-panel.svg', frontPanel()],
    ['serial-keypad.svg', serialKeypad()],
    ['usb-keypad.svg', usbKeypad()],
  ]);
}

/** What the citizen's finger finds: five keys in one row, the best on the left, told apart without eyes. */
function frontPanel(): string {
  const at = (index: number) => 110 + index * 130;
  const caps = [5, 4, 3, 2, 1].map((level, index) =>
    [
      `<circle cx="${at(index)}" cy="150" r="44" class="cap"/>`,
      `<circle cx="${at(index)}" cy="150" r="50"/>`,
      text(at(index), 160, String(level), 'title', 'middle'),
      text(at(index), 232, LEVEL_WORDS[level] ?? '', 'name', 'middle'),
      ...(level === 3
        ? [`<line x1="${at(index) - 16}" y1="176" x2="${at(index) + 16}" y2="176" style="stroke-width:8"/>`]
        : []),
    ].join('\n'),
  );
  return sheet(760, 350, 'front panel', [
    text(24, 34, 'front panel · 面板', 'title'),
    `<rect x="30" y="66" width="700" height="196" rx="14" class="board"/>`,
    ...caps,
    path(`M ${at(0)} 276 V 292 M ${at(1)} 276 V 292 M ${at(0)} 284 H ${at(1)}`),
    text((at(0) + at(1)) / 2, 306, '≥ 28 mm', 'small', 'middle'),
    path(`M ${at(4) - 44} 276 V 292 M ${at(4) + 44} 276 V 292 M ${at(4) - 44} 284 H ${at(4) + 44}`),
    text(at(4), 306, '≥ 20 mm', 'small', 'middle'),
    text(at(2), 306, '凸点 nib: 8 × 2 mm, 0.6–0.8 mm 高 high', 'small', 'middle'),
    text(24, 336, '凸字 0.8 mm raised legends · 行程 ≥ 1 mm travel · 1.0–2.0 N', 'small'),
  ]);
}

/** The box is DCE, the adapter DTE: pins 2, 3 and 5 go straight through. */
function serialKeypad(): string {
  const rows = [
    { pin: '2', box: 'TXD →', host: 'RXD' },
    { pin: '3', box: 'RXD ←', host: 'TXD' },
    { pin: '5', box: 'GND', host: 'GND' },
  ];
  return sheet(760, 330, 'serial keypad', [
    text(24, 34, 'serial keypad · 串口按键盒', 'title'),
    text(24, 58, 'RS-232, DB9, 9600 8N1: a box that is DTE itself needs a null modem (2 and 3 crossed)', 'small'),
    `<rect x="60" y="90" width="200" height="180" rx="8" class="board"/>`,
    `<rect x="500" y="90" width="200" height="180" rx="8" class="board"/>`,
    text(160, 258, '按键盒 box (DB9 母 female)', 'small', 'middle'),
    text(600, 258, 'USB–RS-232 (DB9 公 male)', 'small', 'middle'),
    ...rows.flatMap(({ pin, box, host }, index) => {
      const y = 125 + index * 45;
      return [
        path(`M 260 ${y} H 500`, pin === '5' ? 'ground' : undefined),
        dot(260, y),
        dot(500, y),
        text(246, y + 5, `${box} ${pin}`, 'name', 'end'),
        text(514, y + 5, `${pin} ${host}`, 'name'),
      ];
    }),
    text(
      24,
      312,
      '绝不可直接接到树莓派的 GPIO · never straight to the pins of a Raspberry Pi: RS-232 has ±12 V',
      'small',
    ),
  ]);
}

/** A number pad, or a row of five keys that types digits. */
function usbKeypad(): string {
  const at = (index: number) => 130 + index * 80;
  return sheet(760, 270, 'USB keypad', [
    text(24, 34, 'USB keypad · USB 小键盘', 'title'),
    text(24, 58, 'usb-keypad-digits: types 1 to 5; every other key is covered or does nothing', 'small'),
    `<rect x="60" y="90" width="480" height="120" rx="8" class="board"/>`,
    ...[5, 4, 3, 2, 1].flatMap((level, index) => [
      `<rect x="${at(index) - 28}" y="106" width="56" height="56" rx="8" class="cap"/>`,
      text(at(index), 138, String(level), 'title', 'middle'),
      text(at(index), 188, LEVEL_WORDS[level] ?? '', 'small', 'middle'),
      ...(level === 3
        ? [`<line x1="${at(index) - 12}" y1="150" x2="${at(index) + 12}" y2="150" style="stroke-width:6"/>`]
        : []),
    ]),
    path('M 540 150 H 640'),
    `<rect x="640" y="132" width="70" height="36" rx="4" class="cap"/>`,
    text(675, 155, 'USB', 'name', 'middle'),
    text(24, 250, '无指示灯，屏幕代之 · no lamps: the screen tells what they would', 'small'),
  ]);
}

function headerPin(line: number): string {
  const pin = HEADER_PINS[line];
  if (pin === undefined) throw new RangeError(`the header pin of GPIO ${line} is not in the table`);
  return `pin ${pin} (GPIO ${line})`;
}

function lampsOf(
  lamps: Readonly<Record<'invited' | 'accepted' | 'fault', readonly number[]>>,
  name: (pin: number) => string,
): Wiring['lamps'] {
  return (['invited', 'accepted', 'fault'] as const).flatMap((signal) =>
    lamps[signal].map((pin) => ({ signal, pin: name(pin) })),
  );
}

function drawing(wiring: Wiring): string {
  const columns = wiring.keys.length + wiring.lamps.length;
  const width = LEFT + columns * STEP + 40;
  const height = BOARD_Y + BOARD_HEIGHT + 70;
  const at = (index: number) => LEFT + index * STEP + STEP / 2;
  const last = at(columns - 1);
  const parts = [
    text(24, 34, wiring.title, 'title'),
    text(24, 58, wiring.note, 'small'),
    // The common return of keys and lamps, down the left side into the board.
    path(`M ${last} ${GROUND_Y} H 70 V ${BOARD_Y}`, 'ground'),
    text(64, GROUND_Y - 13, wiring.ground, 'small', 'start'),
    ...(wiring.pullUpSupply === null ? [] : supply(wiring.pullUpSupply, at(wiring.keys.length - 1) + 40)),
    ...wiring.keys.map(({ level }, index) => key(at(index), level, wiring.pullUpSupply !== null)),
    ...wiring.lamps.map(({ signal }, index) => lamp(at(wiring.keys.length + index), signal, wiring.lampOhms)),
    `<rect x="40" y="${BOARD_Y}" width="${width - 80}" height="${BOARD_HEIGHT}" rx="8" class="board"/>`,
    ...[...wiring.keys, ...wiring.lamps].map(({ pin }, index) => pinLabel(at(index), pin)),
    pinLabel(70, wiring.ground),
    ...(wiring.pullUpSupply === null ? [] : [pinLabel(118, wiring.pullUpSupply)]),
    text(width / 2, BOARD_Y + BOARD_HEIGHT - 14, wiring.board, 'name', 'middle'),
    text(24, height - 18, '按键 3 有凸点 · 键帽凸字 · key 3 has a nib, legends are raised', 'small'),
  ];
  return sheet(width, height, `${wiring.title}: ${wiring.note}`, parts);
}

/** A cap with its number and word, and the contact below it. The nib of key 3 is the bar under its number. */
function key(x: number, level: number, resistor: boolean): string {
  const nib =
    level === 3
      ? `<line x1="${x - 9}" y1="${KEY_Y - 108}" x2="${x + 9}" y2="${KEY_Y - 108}" style="stroke-width:5"/>`
      : '';
  return [
    `<circle cx="${x}" cy="${KEY_Y - 120}" r="24" class="cap"/>`,
    text(x, KEY_Y - 118, String(level), 'name', 'middle'),
    nib,
    text(x, GROUND_Y - 13, LEVEL_WORDS[level] ?? '', 'small', 'middle'),
    dot(x, GROUND_Y),
    path(`M ${x} ${GROUND_Y} V ${KEY_Y}`),
    // A contact that closes when pressed.
    `<circle cx="${x}" cy="${KEY_Y + 4}" r="4"/>`,
    `<circle cx="${x}" cy="${KEY_Y + 40}" r="4"/>`,
    path(`M ${x + 16} ${KEY_Y + 8} L ${x + 3} ${KEY_Y + 37}`),
    path(`M ${x} ${KEY_Y + 44} V ${BOARD_Y}`),
    ...(resistor ? [pullUp(x)] : []),
  ].join('\n');
}

function pullUp(x: number): string {
  const side = x + 26;
  return [
    dot(x, SUPPLY_Y + 62),
    path(`M ${x} ${SUPPLY_Y + 62} H ${side} V ${SUPPLY_Y + 50} M ${side} ${SUPPLY_Y + 14} V ${SUPPLY_Y}`),
    `<rect x="${side - 7}" y="${SUPPLY_Y + 14}" width="14" height="36"/>`,
    text(side + 12, SUPPLY_Y + 37, '10 kΩ', 'small'),
    dot(side, SUPPLY_Y),
  ].join('\n');
}

function supply(name: string, rightX: number): string[] {
  return [path(`M ${rightX} ${SUPPLY_Y} H 118 V ${BOARD_Y}`, 'supply'), text(124, SUPPLY_Y - 8, name, 'small')];
}

/** A light-emitting diode with its resistor; lit by a high pin. */
function lamp(x: number, signal: keyof typeof LAMP_WORDS, ohms: number): string {
  const [zh, en] = LAMP_WORDS[signal];
  const top = KEY_Y - 10;
  return [
    text(x, KEY_Y - 128, zh, 'name', 'middle'),
    text(x, KEY_Y - 110, en, 'small', 'middle'),
    dot(x, GROUND_Y),
    path(`M ${x} ${GROUND_Y} V ${top}`),
    // The cathode looks to the ground above.
    path(`M ${x - 12} ${top} H ${x + 12} M ${x} ${top} L ${x - 11} ${top + 20} H ${x + 11} Z`),
    path(`M ${x + 16} ${top + 14} l 12 -8 M ${x + 16} ${top + 22} l 12 -8`),
    path(`M ${x} ${top + 20} V ${top + 44}`),
    `<rect x="${x - 7}" y="${top + 44}" width="14" height="36"/>`,
    text(x + 13, top + 66, `${ohms} Ω`, 'small'),
    path(`M ${x} ${top + 80} V ${BOARD_Y}`),
  ].join('\n');
}

function pinLabel(x: number, pin: string): string {
  const [first = '', second] = pin.split(/ (?=\()| · /);
  return [
    dot(x, BOARD_Y),
    text(x, BOARD_Y + 22, first, 'name', 'middle'),
    ...(second === undefined ? [] : [text(x, BOARD_Y + 42, second, 'small', 'middle')]),
  ].join('\n');
}

function sheet(width: number, height: number, title: string, parts: readonly string[]): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<title>${escaped(title)}</title>
<style>
text { font: 14px 'Noto Sans CJK SC', 'Noto Sans SC', sans-serif; fill: #15242e; }
.title { font-size: 22px; font-weight: 700; }
.name { font-size: 16px; font-weight: 700; }
.small { font-size: 12.5px; fill: #43535e; }
path, circle, rect, line { fill: none; stroke: #15242e; stroke-width: 2; }
.ground { stroke: #43535e; stroke-width: 3; }
.supply { stroke: #a12b2b; stroke-width: 3; }
.board { fill: #e3eaed; }
.cap { fill: #ffffff; }
.dot { fill: #15242e; stroke: none; }
</style>
<rect width="${width}" height="${height}" style="fill:#ffffff;stroke:none"/>
${parts.join('\n')}
</svg>
`;
}

function dot(x: number, y: number): string {
  return `<circle cx="${x}" cy="${y}" r="4" class="dot"/>`;
}

function path(d: string, style?: string): string {
  return `<path d="${d}"${style === undefined ? '' : ` class="${style}"`}/>`;
}

function text(
  x: number,
  y: number,
  words: string,
  style: string,
  anchor: 'start' | 'middle' | 'end' = 'start',
): string {
  return `<text x="${x}" y="${y}" class="${style}" text-anchor="${anchor}">${escaped(words)}</text>`;
}

function escaped(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
