/** Real programs: terminal, gateway, centre, the operator's commands; real paper of a virtual printer. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { nodeRandomness } from '../../protocol/runtime/node-suite.js';
import { freePorts, Hall, until } from '../support/hall.js';
import { Program } from '../support/program.js';

let hall: Hall;
let pagePort: number;

beforeAll(async () => {
  [pagePort] = (await freePorts(1)) as [number];
  hall = await new Hall({
    plugs: true,
    policy: { more: 'later:\n  changeSeconds: 1\n' },
    gatewaySettings: { rate: { port: pagePort, publicUrl: `http://127.0.0.1:${pagePort}/r` } },
  }).start();
});
afterAll(() => hall.stop());

const pjq = async (input: string, ...args: string[]) =>
  Program.run(['dist/gateway/pjq.js', 'terminal', 'receipt-key', ...args, '--config', hall.gatewayConfig], { input });

async function deviceKey(...args: string[]): Promise<string> {
  const config = `${hall.folder}/t1.yaml`;
  return (await Program.run(['dist/device/main.js', 'receipt-key', ...args, '--config', config])).stdout;
}

/** The code on the newest slip of a case, as it lies there. */
async function slipOf(caseNo: string): Promise<string> {
  let code: string | undefined;
  await until(`a slip of ${caseNo}`, () => {
    const slip = hall
      .counter(1)
      .plugs?.slips()
      .find(({ text, complete }) => complete && text.includes(caseNo));
    code = /https:\/\/pj\.example\.gov\.cn\/r\/([\w-]{43})/.exec(slip?.text.replaceAll(/\s/g, '') ?? '')?.[1];
    return code !== undefined;
  });
  return code ?? '';
}

const page = (code: string) => fetch(`http://127.0.0.1:${pagePort}/r/${code}`);
const rate = (code: string, level: number) =>
  fetch(`http://127.0.0.1:${pagePort}/r/${code}`, {
    method: 'POST',
    headers: { origin: `http://127.0.0.1:${pagePort}` },
    body: new URLSearchParams({ level: String(level), id: nodeRandomness.newId() }),
  });

it('a slip that was printed while the terminal is cut off rates at once, and reaches the centre once its log has come', async () => {
  hall.counter(1).plugs?.plug('network', 'out');
  const serviceId = await hall.openLocally(1, 'CASE-CUT-OFF');
  const code = await slipOf('CASE-CUT-OFF');

  // Nobody has registered the key yet.
  expect((await page(code)).status).toBe(404);
  const line = await deviceKey();
  expect(line).toMatch(/^1:1:[\w-]{43}\n$/);
  const added = await pjq(line, 'add', 't1');
  expect(added).toMatchObject({ code: 0 });
  await until('the gateway takes the new key', async () => (await page(code)).status === 200);
  expect((await rate(code, 4)).status).toBe(200);
  expect((await rate(code, 1)).status).toBe(409);
  await hall.local(hall.counter(1), 'POST', `/v1/services/${serviceId}/cancel`);
  expect(await hall.ledger()).toEqual([]);

  hall.counter(1).plugs?.plug('network', 'in');
  await until('the rating is at the centre', async () => (await hall.ledger()).length === 1);
  const [rating] = await hall.ledger();
  expect(JSON.stringify(rating)).toContain('CASE-CUT-OFF');
  expect((await page(code)).status).toBe(200);

  // What the operator is shown is never the key.
  const key = line.trim().slice(4);
  const listed = await pjq('', 'list');
  expect(listed.stdout).toMatch(/^t1\tnumber 1\tkey 1\tgood\t/);
  for (const said of [added.stdout, listed.stdout, JSON.stringify(hall.gateway.lines), hall.gateway.stderr.join()])
    expect(said).not.toContain(key);
  expect(JSON.stringify(hall.gateway.lines)).not.toContain(code);
});

it('the next key is taken before the terminal uses it; the one before, revoked, is good for no slip', async () => {
  const service = await hall.open(1, 'CASE-OLD-KEY');
  const before = await slipOf('CASE-OLD-KEY');
  await hall.api('POST', `/v1/services/${service}/cancel`);
  const rotated = await pjq(await deviceKey('--next'), 'rotate', 't1');
  expect(rotated).toMatchObject({ code: 0, stdout: expect.stringContaining('receipt key 2') as string });
  await hall.counter(1).program.stop();
  await hall.counter(1).program.start();
  await hall.connected();
  await hall.open(1, 'CASE-NEW-KEY');
  const after = await slipOf('CASE-NEW-KEY');
  await until('both are good', async () => (await page(after)).status === 200);
  expect(Buffer.from(after, 'base64url')[5]).toBe(2);

  expect(await pjq('', 'revoke', 't1', '--key', '1')).toMatchObject({ code: 0 });
  // Before that it says that the service was taken back.
  await until('the old key is good no more', async () =>
    (await (await page(before)).text()).includes('这个二维码已停用'),
  );
  expect((await page(before)).status).toBe(410);
  expect((await page(after)).status).toBe(200);
});
