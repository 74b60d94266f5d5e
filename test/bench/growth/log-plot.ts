/** A small plot as SVG: both axes logarithmic, so that whatever grows as its cause does is a line of slope one. */

export interface Series {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface LogPlot {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly series: readonly Series[];
}

const WIDTH = 460;
const HEIGHT = 320;
const LEFT = 64;
const RIGHT = 16;
const TOP = 34;
const BOTTOM = 46;
const COLOURS = ['#0b5fa5', '#b3541e', '#3b7d23', '#7a3e9d'] as const;

/** Plots side by side, two in a row, as one picture. */
export function picture(plots: readonly LogPlot[]): string {
  const columns = Math.min(2, plots.length);
  const rows = Math.ceil(plots.length / columns);
  const placed = plots.map(
    (plot, index) =>
      `<g transform="translate(${(index % columns) * WIDTH} ${Math.floor(index / columns) * HEIGHT})">${drawn(plot)}</g>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${columns * WIDTH} ${rows * HEIGHT}" font-family="sans-serif" font-size="11">`,
    '<rect width="100%" height="100%" fill="#fff"/>',
    ...placed,
    '</svg>',
    '',
  ].join('\n');
}

function drawn({ title, xLabel, yLabel, series }: LogPlot): string {
  const all = series.flatMap(({ points }) => points);
  const x = axis(
    all.map(([value]) => value),
    LEFT,
    WIDTH - RIGHT,
  );
  const y = axis(
    all.map(([, value]) => value),
    HEIGHT - BOTTOM,
    TOP,
  );
  const grid = [
    ...x.decades.map(
      (value) =>
        `<path d="M${x.at(value)} ${TOP}V${HEIGHT - BOTTOM}" stroke="#ddd"/><text x="${x.at(value)}" y="${HEIGHT - BOTTOM + 14}" text-anchor="middle">${short(value)}</text>`,
    ),
    ...y.decades.map(
      (value) =>
        `<path d="M${LEFT} ${y.at(value)}H${WIDTH - RIGHT}" stroke="#ddd"/><text x="${LEFT - 6}" y="${y.at(value) + 4}" text-anchor="end">${short(value)}</text>`,
    ),
  ];
  const lines = series.map(({ name, points }, index) => {
    const colour = COLOURS[index % COLOURS.length] ?? '#000';
    const path = points.map(([px, py]) => `${x.at(px)},${y.at(py)}`).join(' ');
    const dots = points
      .map(([px, py]) => `<circle cx="${x.at(px)}" cy="${y.at(py)}" r="3" fill="${colour}"/>`)
      .join('');
    const legend = `<text x="${LEFT + 8}" y="${TOP + 14 + index * 14}" fill="${colour}">${escaped(name)}</text>`;
    return `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="1.5"/>${dots}${legend}`;
  });
  return [
    `<text x="${LEFT}" y="18" font-size="13" font-weight="bold">${escaped(title)}</text>`,
    ...grid,
    linear(series, x, y),
    ...lines,
    `<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 12}" text-anchor="middle">${escaped(xLabel)}</text>`,
    `<text transform="translate(14 ${(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)" text-anchor="middle">${escaped(yLabel)}</text>`,
  ].join('\n');
}

interface Axis {
  readonly decades: readonly number[];
  readonly least: number;
  readonly most: number;
  at(value: number): number;
}

/** From the decade below the least value to the one above the most. */
function axis(values: readonly number[], from: number, to: number): Axis {
  const first = Math.floor(Math.log10(Math.min(...values)));
  const last = Math.max(first + 1, Math.ceil(Math.log10(Math.max(...values))));
  return {
    decades: Array.from({ length: last - first + 1 }, (_, n) => 10 ** (first + n)),
    least: 10 ** first,
    most: 10 ** last,
    at: (value) => Math.round((from + ((Math.log10(value) - first) / (last - first)) * (to - from)) * 10) / 10,
  };
}

/** Slope one through the middle of the first series: what lies above it on the right grew faster than its cause. */
function linear(series: readonly Series[], x: Axis, y: Axis): string {
  const points = series[0]?.points ?? [];
  const middle = points[Math.floor((points.length - 1) / 2)];
  if (middle === undefined) return '';
  const factor = middle[1] / middle[0];
  const fromX = Math.max(x.least, y.least / factor);
  const toX = Math.min(x.most, y.most / factor);
  return `<path d="M${x.at(fromX)} ${y.at(fromX * factor)}L${x.at(toX)} ${y.at(toX * factor)}" stroke="#999" stroke-dasharray="4 4"/><text x="${x.at(toX) - 4}" y="${y.at(toX * factor) + 14}" text-anchor="end" fill="#777">linear</text>`;
}

function short(value: number): string {
  if (value >= 1e6) return `${value / 1e6} M`;
  if (value >= 1e3) return `${value / 1e3} k`;
  return String(Number(value.toPrecision(1)));
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
