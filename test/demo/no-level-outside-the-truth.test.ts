import { expect, test, vi } from 'vitest';
import type { HallView } from '../../simulator/demo/hall-view.js';
import { startDemo, type DemoAtWork } from './demo-at-work.js';

const PATIENCE = { timeout: 20_000, interval: 20 };

/** What differs from service to service, or from moment to moment, whatever was pressed. */
function withoutIds(text: string): string {
  return text
    .replaceAll(/"(serviceId|caseNo)":"[^"]*"/g, '"$1":"…"')
    .replaceAll(/"(at|pid|backlog|waiting|total)":\d+/g, '"$1":0');
}

/** All events of a stream until it is closed, in order. */
class EventTap {
  readonly views: string[] = [];
  readonly #abort = new AbortController();

  constructor(port: number) {
    // A stream that breaks off too early is seen by what is missing in it.
    void this.#read(port).catch(() => undefined);
  }

  close(): void {
    this.#abort.abort();
  }

  async #read(port: number): Promise<void> {
    const { body } = await fetch(`http://127.0.0.1:${port}/api/events`, { signal: this.#abort.signal });
    let rest = '';
    for await (const chunk of body?.pipeThrough(new TextDecoderStream()) ?? []) {
      rest += chunk;
      const lines = rest.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line.startsWith('data: ')) this.views.push(line.slice('data: '.length));
    }
  }
}

/** One session from opening to its end; @returns what GET /api/hall told when open, pressed and over. */
async function session(demo: DemoAtWork, level: number, caseNo: string): Promise<HallView[]> {
  const tap = new EventTap(demo.ports.page);
  const asked: string[] = [];
  const ask = async () => asked.push(JSON.stringify((await demo.ask('/api/hall')).body));
  await vi.waitFor(() => expect(tap.views.length).toBeGreaterThan(0), PATIENCE);
  await demo.open(1, caseNo);
  await ask();
  expect(await demo.press(1, level)).toMatchObject({ status: 200 });
  await ask();
  await vi.waitFor(() => {
    const last = JSON.parse(tap.views.at(-1) ?? '{}') as HallView;
    expect(last.journeys[0]).toMatchObject({ caseNo, outcome: 'rated', atGateway: true, atCentre: true });
    expect(last.counters[0]?.session?.state).toBe('idle');
  }, PATIENCE);
  await ask();
  tap.close();
  expect([...tap.views, ...asked].join('\n')).not.toMatch(/level|satisfaction|choice/i);
  return asked.map((text) => {
    const view = JSON.parse(withoutIds(text)) as HallView;
    // Earlier rows are those of earlier sessions.
    return { ...view, journeys: view.journeys.slice(0, 1) };
  });
}

test('five sessions, one a level, look the same in all that is told but the truth', async () => {
  // Long enough to be looked at while it may be changed.
  const demo = await startDemo(1, { changeOfMindMs: 2_000 });
  // The first leaves a row behind, as each of the others finds one.
  const [, first, ...others] = await inTurn([3, 5, 4, 3, 2, 1], (level, index) =>
    session(demo, level, `case-${index}`),
  );
  expect(first?.map(({ counters }) => counters[0]?.session?.state)).toEqual(['invited', 'pressed', 'idle']);
  for (const other of others) expect(other).toEqual(first);

  const truth = (await demo.ask('/api/truth')).body as { total: number; ledger: { satisfaction: number }[] };
  expect(truth.total).toBe(6);
  expect(truth.ledger.map(({ satisfaction }) => satisfaction)).toEqual([1, 2, 3, 4, 5, 3]);
  expect(truth).toMatchObject({
    byLevel: [5, 4, 3, 2, 1].map((level) => ({ level, total: level === 3 ? 2 : 1 })),
  });
}, 180_000);

async function inTurn<A, B>(items: readonly A[], work: (item: A, index: number) => Promise<B>): Promise<B[]> {
  const results: B[] = [];
  for (const [index, item] of items.entries()) results.push(await work(item, index));
  return results;
}
