import { createServer } from 'node:http';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { GatewayDoor } from '../../simulator/demo/gateway-door.js';
import { GatewayWatch } from '../../simulator/demo/gateway-watch.js';
import { temporaryFolder } from './demo-at-work.js';

/** A gateway that counts what it is asked. */
async function countingGateway(): Promise<{ watch: GatewayWatch; asked: () => number }> {
  let windows = 0;
  const server = createServer((request, response) => {
    if (request.url === '/v1/windows') windows += 1;
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(
      request.url === '/v1/windows'
        ? JSON.stringify({ windows: [{ terminal: 't1', connection: 'connected', duty: 'on' }] })
        : 'pjq_forward_waiting 3\n',
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const secretFile = join(temporaryFolder(), 'secret');
  writeFileSync(secretFile, 'a-secret-for-tests-only\n');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { watch: new GatewayWatch(new GatewayDoor({ port, secretFile })), asked: () => windows };
}

test('while nothing moves the gateway is not asked again at once; what moves, or was done, asks it', async () => {
  const { watch, asked } = await countingGateway();
  const view = (moved: string) => watch.view([], [], moved);
  for (let look = 0; look < 5; look += 1) expect(await view('still')).toMatchObject({ connected: 1, waiting: 3 });
  expect(asked()).toBe(1);
  await view('a session opened');
  expect(asked()).toBe(2);
  watch.stir();
  await view('a session opened');
  expect(asked()).toBe(3);
  await expect.poll(async () => [await view('a session opened'), asked()][1], { timeout: 5_000 }).toBe(4);
});
