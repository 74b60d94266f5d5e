import { describe, expect, it } from 'vitest';
import { ceilingName } from '../bench/drain/ceiling.js';
import { spread, takeTurns, type Figures, type Measured } from '../bench/drain/figures.js';
import { named } from '../bench/drain/ours.js';
import { reportOf } from '../bench/drain/report.js';
import { judge } from '../bench/drain/targets.js';
import { picture } from '../bench/growth/log-plot.js';

const measured = (name: string, ...runs: Figures[]): Measured => ({ name, runs, failed: [] });
const LEVEL = 'MQTT.js + mqtt-level-store, ordinary sink';

/** Promise → whether it was kept. */
function verdicts(figures: { ours: Figures; level: number; killed: Figures; ceiling: number }) {
  const all = judge({
    terminals: [300],
    ours: [measured(named(300), figures.ours)],
    ceilings: [measured(ceilingName(300), { entriesPerSecond: figures.ceiling })],
    peers: [measured(LEVEL, { recordsPerSecond: figures.level }), measured('another', { recordsPerSecond: 9_000 })],
    kills: [measured(`${named(300)}, hall killed`, figures.killed), measured('another, hall killed', { lost: 9 })],
  });
  return Object.fromEntries(all.map(({ promise, kept }) => [promise.replace(`${named(300)}: `, ''), kept]));
}

const GOOD = {
  ours: {
    ratingsPerSecond: 10_000,
    entriesPerSecond: 30_000,
    sentBytesPerEntry: 40,
    gatewayPeakRssBytes: 200 * 2 ** 20,
    durableP99Ms: 9,
  },
  level: 500,
  killed: { lost: 0, doubled: 0 },
  ceiling: 60_000,
};

describe('the judgement of a run', () => {
  it('has every promise kept by good figures', () => {
    const all = verdicts(GOOD);
    expect(Object.keys(all)).toHaveLength(7);
    expect(Object.values(all).every((kept) => kept)).toBe(true);
  });

  it.each([
    ['faster than the fastest peer', { ...GOOD, ours: { ...GOOD.ours, ratingsPerSecond: 8_999 }, level: 400 }],
    ['at least 20 × MQTT.js + level', { ...GOOD, level: 501 }],
    ['at least half of what the gateway takes when nothing has to be sent', { ...GOOD, ceiling: 60_001 }],
    ['at most 60 bytes an entry on the wire', { ...GOOD, ours: { ...GOOD.ours, sentBytesPerEntry: 60.1 } }],
    ['gateway at most 250 MB resident', { ...GOOD, ours: { ...GOOD.ours, gatewayPeakRssBytes: 251 * 2 ** 20 } }],
    ['press → durable p99 at most 10 ms during a drain', { ...GOOD, ours: { ...GOOD.ours, durableP99Ms: 10.1 } }],
    ['pjq: nothing lost and nothing doubled when either side is killed', { ...GOOD, killed: { lost: 0, doubled: 1 } }],
  ])('says that this was not kept: %s', (promise, figures) => {
    const broken = Object.entries(verdicts(figures)).filter(([, kept]) => !kept);
    expect(broken.map(([name]) => name)).toEqual([promise]);
  });

  it('judges nothing of which there are no figures', () => {
    expect(judge({ terminals: [1], ours: [], ceilings: [], peers: [], kills: [] })).toEqual([]);
  });
});

describe('the page', () => {
  it('has a line for everybody, with what failed and what could not run', () => {
    const page = reportOf({
      machine: { processor: 'p', cores: 2, memoryGiB: 4, kernel: 'k', node: 'n', disk: 'ext4', at: 'now' },
      command: 'npm run bench -- drain',
      ratings: 50_000,
      terminals: [300],
      repeat: 3,
      versions: { Mosquitto: '2', 'nats-server': null },
      raw: [],
      ceilings: [],
      ours: [
        measured(named(300), { tookMs: 5_000, ratingsPerSecond: 10_000 }, { tookMs: 4_000, ratingsPerSecond: 12_500 }),
      ],
      peers: [{ name: LEVEL, runs: [{ tookMs: 100_000, recordsPerSecond: 500 }], failed: ['it | fell\nover'] }],
      kills: [measured(`${named(300)}, hall killed`, { lost: 0, doubled: 0 })],
      verdicts: [{ promise: 'quick', measured: '2 ×', kept: false }],
      missing: ['RabbitMQ: rabbitmq-server is not installed'],
    });
    const lines = page.split('\n');
    expect(lines).toContain(`| ${named(300)} | 4.50 (4.00 – 5.00) | 11250 (10000 – 12500) |`);
    expect(lines).toContain(`| ${LEVEL} (1 of 2 failed: it / fell over) | 100.00 | 500 |`);
    expect(lines).toContain('| quick | 2 × | **no** |');
    expect(lines).toContain(`| ${named(300)}, hall killed | 0 | 0 |`);
    expect(lines).toContain('- RabbitMQ: rabbitmq-server is not installed');
    expect(page).toContain('Beside it: Mosquitto (2).');
  });
});

describe('repeated runs', () => {
  it('take turns, and a run that fails is told and not counted', async () => {
    const order: string[] = [];
    const contestant = (name: string, failsAt: number) => ({
      name,
      once: async () => {
        order.push(name);
        const n = order.filter((one) => one === name).length;
        if (n === failsAt) throw new Error('broken');
        return { n };
      },
    });
    const all = await takeTurns([contestant('a', 0), contestant('b', 2)], 3, () => undefined);
    expect(order).toEqual(['a', 'b', 'a', 'b', 'a', 'b']);
    expect(all[1]).toEqual({ name: 'b', runs: [{ n: 1 }, { n: 3 }], failed: ['broken'] });
    expect(spread(all[0]?.runs ?? [], 'n')).toEqual({ median: 2, least: 1, most: 3, runs: 3 });
    expect(spread(all[1]?.runs ?? [], 'n')?.median).toBe(2);
    expect(spread(all[0]?.runs ?? [], 'absent')).toBeNull();
  });
});

describe('the plot', () => {
  it('draws what grows in proportion onto the linear line', () => {
    const svg = picture([
      {
        title: 'a < b',
        xLabel: 'x',
        yLabel: 'y',
        series: [{ name: 'in proportion', points: [10, 100, 1_000].map((x) => [x, x * 5] as const) }],
      },
    ]);
    const line = /<path d="M([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)" stroke="#999"/.exec(svg)?.slice(1).map(Number);
    const [x1, y1, x2, y2] = line as [number, number, number, number];
    const dots = [...svg.matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)"/g)].map(([, x, y]) => [Number(x), Number(y)]);
    expect(dots).toHaveLength(3);
    for (const [x, y] of dots as [number, number][]) expect(y).toBeCloseTo(y1 + ((x - x1) / (x2 - x1)) * (y2 - y1), 0);
    expect(svg).toContain('a &lt; b');
  });
});
