import { join } from 'node:path';
import { connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { readRing } from '../../gateway/evaluator/key-ring-file.js';
import { Hall, SECRET, until } from '../support/hall.js';
import { gatewayRows } from '../support/gateway-rows.js';
import { Program } from '../support/program.js';
import { temporaryFolder } from '../ingest/hall-log.js';
import { searchFiles, searchMemory, searchText, WAYS_IN_MEMORY, type FoundAt } from './places.js';
import { MARKS, plantedEvaluator } from './planted.js';
import { RecordingWire } from './recording-wire.js';
import { Searcher } from './searcher.js';

const searcher = new Searcher(Object.values(MARKS));
const memorySearcher = new Searcher(Object.values(MARKS), WAYS_IN_MEMORY);

/** A hall with keys for evaluators, all of whose wires are listened to. */
async function plantedHall() {
  const wires = new Map<string, RecordingWire>();
  const keys = temporaryFolder();
  const hall = new Hall({
    terminals: 2,
    gatewaySettings: { evaluator: { keyFile: join(keys, 'evaluator-keys.json') }, logLevel: 'debug' },
    through: async (name, port) => {
      const wire = new RecordingWire(port);
      wires.set(name, wire);
      return wire.start();
    },
  });
  onTestFinished(async () => {
    await hall.stop();
    for (const wire of wires.values()) await wire.stop();
  });
  await hall.start();
  return { hall, wires, keys };
}

test('names, documents and phone numbers of a whole run stand nowhere but in the sealed column', async () => {
  const { hall, wires, keys } = await plantedHall();
  const answers: string[] = [];
  const post = async (body: unknown, key?: string) => {
    const answer = await hall.api('POST', '/v1/services', body, key);
    answers.push(JSON.stringify(answer));
    return answer;
  };
  const pjq = async (...args: string[]) => {
    const done = await Program.run(['dist/gateway/pjq.js', ...args, '--config', hall.gatewayConfig]);
    if (done.code !== 0) throw new Error(done.stderr);
    return done.stdout;
  };

  // Services as on any day: opened twice with one key, corrected, rated at every level or not at all.
  for (let n = 0; n < 6; n += 1) {
    const request = {
      caseNo: `case-${n}`,
      terminal: `t${(n % 2) + 1}`,
      serviceId: `s-${n}`,
      evaluator: plantedEvaluator(n),
    };
    expect((await post(request, `key-${n}`)).status).toBe(201);
    expect((await post(request, `key-${n}`)).status).toBe(201);
    if (n < 5) expect(await hall.press((n % 2) + 1, (n + 1) as 1)).toBe(true);
    await until(`s-${n} is over`, async () => {
      if (n === 5) await hall.api('POST', `/v1/services/s-${n}/cancel`);
      return (
        (gatewayRows<{ state: string }>(hall, 'SELECT state FROM service WHERE serviceId = ?', `s-${n}`)[0]?.state ??
          '') === 'closed'
      );
    });
  }
  expect(
    (await post({ caseNo: 'case-0', terminal: 't1', serviceId: 's-0', evaluator: plantedEvaluator(8) })).status,
  ).toBe(409);
  await until('the centre has five ratings', async () => (await hall.ledger()).length === 5);

  // And what goes wrong.
  const { name, documentNo, phone } = plantedEvaluator(9);
  const faulty: unknown[] = [
    name,
    [name, documentNo],
    { [name]: phone },
    { name: `${name}\u0007`, documentNo, phone },
    { name, documentType: documentNo, documentNo, phone },
    { name, documentNo, phone: `${phone}x`, contactBasis: name },
  ];
  for (const evaluator of faulty)
    expect((await post({ caseNo: 'case-9', terminal: 't1', evaluator })).status).toBe(400);
  expect((await post({ caseNo: 'case-9', terminal: 't9', evaluator: plantedEvaluator(9) })).status).toBe(404);
  expect((await post({ caseNo: 'case-8', terminal: 't1', evaluator: plantedEvaluator(9) }, 'key-1')).status).toBe(409);
  answers.push(...(await badRequests(hall)));
  await pjq('backup', join(hall.folder, 'hall.backup'));

  // It is there, and opens: what was looked for could have been found.
  const exported = await pjq(
    'privacy',
    'export',
    '--phone',
    phoneOf(2),
    '--purpose',
    'asked by letter',
    '--by',
    'li.si',
  );
  expect(JSON.parse(exported)).toMatchObject([
    { serviceId: 's-2', evaluator: plantedEvaluator(2), ratings: [{ level: 3 }] },
  ]);
  expect(gatewayRows(hall, 'SELECT serviceId FROM evaluator WHERE sealed IS NOT NULL')).toHaveLength(6);
  await pjq('privacy', 'rotate');
  expect(await pjq('privacy', 'erase', '--document', plantedEvaluator(3).documentNo)).toContain('data of 1 erased');
  expect(gatewayRows(hall, 'SELECT serviceId FROM evaluator WHERE sealed IS NULL')).toEqual([{ serviceId: 's-3' }]);
  const [first] = readRing(join(keys, 'evaluator-keys.json')).keys;
  await pjq('privacy', 'forget-key', first?.id ?? '');

  const metrics = await fetch(`http://127.0.0.1:${hall.gatewayPort}/metrics`, {
    headers: { authorization: `Bearer ${SECRET}` },
  });
  const programs = [hall.gateway, hall.centre, ...hall.counters.map(({ program }) => program)];
  const found: FoundAt[] = [
    ...searchFiles(searcher, hall.folder),
    ...searchFiles(searcher, keys),
    ...searchText(searcher, 'answers', answers.join('\n')),
    ...searchText(searcher, 'metrics', await metrics.text()),
    ...programs.flatMap(({ name: program, lines, stderr }) =>
      searchText(searcher, `log of ${program}`, [...lines.map((line) => JSON.stringify(line)), ...stderr].join('\n')),
    ),
    ...[...wires].flatMap(([wire, { carried }]) => searchText(searcher, `wire of ${wire}`, carried)),
  ];
  expect(found).toEqual([]);
  expect(hall.gateway.lines.length).toBeGreaterThan(20);
  for (const { carried } of wires.values()) expect(carried.length).toBeGreaterThan(1_000);

  // As core dumps of whoever has no business with it would hold it. The gateway's holds what it has just been told.
  for (const { pid } of [hall.centre, ...hall.counters.map(({ program }) => program)]) {
    const memory = searchMemory(memorySearcher, pid);
    if (memory === null) {
      console.warn('no process may look into another here: the memory of terminals and centre was not searched');
      break;
    }
    expect(memory.found).toEqual([]);
    expect(memory.bytes).toBeGreaterThan(10_000_000);
  }

  // What a stop leaves.
  await hall.stopPrograms();
  expect(searchFiles(searcher, hall.folder)).toEqual([]);
}, 180_000);

function phoneOf(n: number): string {
  return plantedEvaluator(n).phone;
}

/** Requests that are none: broken JSON, another charset, a wrong secret, data in the address. @returns the answers. */
async function badRequests(hall: Hall): Promise<string[]> {
  const { name, documentNo, phone } = plantedEvaluator(9);
  const body = `{"caseNo":"case-9","terminal":"t1","evaluator":{"name":"${name}","documentNo":"${documentNo}`;
  const url = `http://127.0.0.1:${hall.gatewayPort}`;
  const headers = { authorization: `Bearer ${SECRET}`, 'content-type': 'application/json', 'idempotency-key': 'bad-1' };
  const asked = [
    fetch(`${url}/v1/services`, { method: 'POST', headers, body }),
    fetch(`${url}/v1/services`, { method: 'POST', headers, body: Buffer.from(`${body}"}}`, 'utf16le') }),
    fetch(`${url}/v1/services`, { method: 'POST', headers: { ...headers, authorization: `Bearer ${phone}` }, body }),
    fetch(`${url}/v1/services`, { method: 'POST', headers: { ...headers, 'content-type': 'text/plain' }, body }),
    fetch(`${url}/v1/services?phone=${phone}&name=${encodeURIComponent(name)}`, { headers }),
    fetch(`${url}/v1/services/${documentNo}`, { headers }),
    fetch(`${url}/v1/nothing/${encodeURIComponent(name)}`, { headers }),
  ];
  const answers = await Promise.all(asked.map(async (one) => (await one).text()));
  return [
    ...answers,
    await unfinished(hall.gatewayPort, `POST /v1/services?name=${encodeURIComponent(name)} HTTP/9.9\r\nx: ${phone}`),
  ];
}

/** What is no HTTP. @returns what was answered. */
function unfinished(port: number, text: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(`${text}\r\n\r\n`));
    socket.on('data', (chunk) => (answer += String(chunk)));
    socket.on('error', () => resolve(answer));
    socket.on('close', () => resolve(answer));
  });
}
