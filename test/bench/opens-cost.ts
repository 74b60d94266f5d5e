/**
 * What an opening costs the gateway: its processor time and its commits, at a steady rate that does not fill the
 * machine, so that two versions can be told apart. All that an opening leads to is in it: the command and its reply, and
 * what the terminal's log tells of opening, press and rating. The centre is silent. One more terminal is pressed by
 * itself: how long its presses wait for the gateway's signed answer.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { freePorts, until } from '../support/hall.js';
import { Program } from '../support/program.js';
import { gatewayConfiguration, registerTerminals } from './drain/backlog.js';
import { newFolder } from './drain/folders.js';
import { cpuMs, SilentCentre } from './drain/gateway-at-work.js';
import { Load } from './drain/load.js';
import { row } from './quantiles.js';

const SECRET = 'a-secret-for-measuring-only';
const TERMINALS = 100;
const PRESS_EVERY_MS = 200;
const WARM_UP_MS = 5_000;

export interface OpensCostOptions {
  /** Folder that the gateway is taken from. */
  readonly root?: string | undefined;
  /** Openings a second; 60 where it is not said. */
  readonly aSecond?: number | undefined;
  /** How long, 20 s where it is not said. */
  readonly forMs?: number | undefined;
  /** Whether the terminals' citizens are served: without it nothing is logged, and only the opening itself is in it. */
  readonly served?: boolean | undefined;
  /** Arguments for its Node: a profile, say. */
  readonly nodeArgs?: readonly string[];
}

export async function benchOpensCost(options: OpensCostOptions = {}): Promise<string[]> {
  const { aSecond = 60, forMs = 20_000, nodeArgs = [], root, served = true } = options;
  const folder = newFolder('opens');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'secret'), SECRET);
  const terminals = Array.from({ length: TERMINALS }, (_, n) => `b${n + 1}`);
  await registerTerminals(folder, [...terminals, 'pressed']);
  const centre = new SilentCentre();
  const [mqttPort] = (await freePorts(1)) as [number];
  const config = join(folder, 'gateway.yaml');
  writeFileSync(config, JSON.stringify(gatewayConfiguration(folder, { mqtt: mqttPort, centre: await centre.start() })));
  const gateway = new Program('gateway', [...nodeArgs, 'dist/gateway/main.js', '--config', config], {
    ...(root === undefined ? {} : { root }),
  });
  const loads: Load[] = [];
  const agent = new Agent({ connections: 32, pipelining: 1 });
  try {
    const port = Number((await gateway.start())?.['port']);
    const serving = new Load({ folder, terminals, mqttPort, serve: served });
    const pressed = new Load({ folder, terminals: ['pressed'], mqttPort, pressEveryMs: PRESS_EVERY_MS });
    loads.push(serving, pressed);
    for (const load of loads) {
      await load.start();
      await load.go();
    }
    const api = `http://127.0.0.1:${port}`;
    const headers = { authorization: `Bearer ${SECRET}`, 'content-type': 'application/json' };
    await until(
      'every terminal is connected',
      async () => {
        const { body } = await request(`${api}/v1/windows`, { dispatcher: agent, headers });
        const { windows } = (await body.json()) as { windows: { connection: string }[] };
        return windows.filter(({ connection }) => connection === 'connected').length > TERMINALS;
      },
      60_000,
    );
    await pressed.press();
    const open = async (n: number): Promise<number> => {
      const { statusCode, body } = await request(`${api}/v1/services`, {
        dispatcher: agent,
        method: 'POST',
        headers: { ...headers, 'idempotency-key': `key-${n}` },
        body: JSON.stringify({ caseNo: `case-${n}`, terminal: terminals[n % TERMINALS] }),
      });
      await body.dump();
      return statusCode;
    };
    const opening: number[] = [];
    const failed: number[] = [];
    let [before, counted] = [0, 0];
    const begunMs = performance.now();
    const waiting: Promise<void>[] = [];
    for (let n = 0; performance.now() - begunMs < WARM_UP_MS + forMs; n += 1) {
      const dueMs = begunMs + (n * 1_000) / aSecond;
      const restMs = dueMs - performance.now();
      if (restMs > 1) await wait(restMs);
      const counts = dueMs - begunMs >= WARM_UP_MS;
      if (counts && counted === 0) before = cpuMs(gateway.pid);
      if (counts) counted += 1;
      waiting.push(
        open(n).then((status) => {
          if (status !== 201) failed.push(status);
          if (counts) opening.push(performance.now() - dueMs);
        }),
      );
    }
    await Promise.all(waiting);
    const spentMs = cpuMs(gateway.pid) - before;
    const acked = (await pressed.end()).pressed.ackedUs;
    return [
      `${aSecond} openings a second for ${forMs / 1_000} s, ${TERMINALS} terminals, ${served ? 'every citizen rates at once, and it is logged' : 'the terminals answer, and nothing is logged'}: gateway ${(spentMs / counted).toFixed(2)} ms processor time an opening; answered in ${row(opening, 'ms')}; not opened: ${failed.length}${failed.length === 0 ? '' : ` (${[...new Set(failed)].join(', ')})`}`,
      `a press elsewhere meanwhile -> the gateway's answer: ${row(
        acked.map((us) => us / 1_000),
        'ms',
      )}`,
    ];
  } finally {
    for (const load of loads) await load.kill();
    await agent.close();
    await gateway.stop();
    await centre.stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}
