/** One morning: the terminals connect, the gateway takes what the night has left, and it is looked at that all is there. */
import { execFileSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { freePorts } from '../../support/hall.js';
import { copyOf, type Backlog } from './backlog.js';
import { newFolder, removeFolder } from './folders.js';
import { cpuMs, GatewayAtWork, SilentCentre } from './gateway-at-work.js';
import { Load } from './load.js';
import type { Pressed } from './held-terminal.js';
import { givePrecedence } from './precedence.js';
import { lookWhatArrived, type Arrived } from './what-arrived.js';

export interface DrainOptions {
  readonly root?: string | undefined;
  /** Library that makes the gateway's disk slow. */
  readonly preload?: string | undefined;
  /** `draining`: the first terminal is pressed while it drains; `online`: another, which has no backlog, meanwhile. */
  readonly pressed?: 'draining' | 'online';
  /**
   * The online terminal alone is on the disk, and the processors are its own whenever it wants one (`precedence.ts`):
   * as one is that is a machine of its own. Hall and the others are in memory; on one disk its fsync waits for theirs.
   */
  readonly ownMachine?: boolean;
  readonly timeoutMs?: number;
  /** A copy of the backlog to work in and to leave; without it one is made, and removed. */
  readonly keepIn?: string;
}

export interface DrainFigures {
  /** From the first connect until the gateway's disk had the whole backlog. */
  readonly tookMs: number;
  readonly entriesPerSecond: number;
  readonly ratingsPerSecond: number;
  /** On the sockets of all terminals, MQTT and handshakes and all. */
  readonly sentBytesPerEntry: number;
  readonly gatewayRssBytes: number;
  readonly gatewayPeakRssBytes: number;
  readonly loadPeakRssBytes: number;
  /** Share of one processor that each program had during the drain. */
  readonly gatewayCpu: number;
  readonly loadCpu: number;
  readonly pressed: Pressed | null;
  readonly arrived: Arrived;
}

const LOOK_EVERY_MS = 10;
const PRESS_EVERY_MS = 20;
const ONLINE = 'o1';
const MEMORY = '/dev/shm';

/** @throws when it does not come to its end in time, or anything is missing, doubled or set aside at the end. */
export async function drainOnce(backlog: Backlog, options: DrainOptions = {}): Promise<DrainFigures> {
  const folder = options.keepIn ?? copyOf(backlog, options.ownMachine === true ? MEMORY : undefined);
  const onlineFolder = options.ownMachine === true ? newFolder('online') : folder;
  if (onlineFolder !== folder) cpSync(join(folder, ONLINE), join(onlineFolder, ONLINE), { recursive: true });
  const centre = new SilentCentre();
  const [mqtt] = (await freePorts(1)) as [number];
  const gateway = new GatewayAtWork(folder, { mqtt, centre: await centre.start() }, options);
  const pressEveryMs = PRESS_EVERY_MS;
  const load = new Load({
    folder,
    terminals: backlog.terminals,
    mqttPort: mqtt,
    ...(options.pressed === 'draining' ? { pressEveryMs } : {}),
  });
  const online = new Load({ folder: onlineFolder, terminals: [ONLINE], mqttPort: mqtt, pressEveryMs });
  try {
    await gateway.start();
    await load.start();
    if (options.pressed === 'online') {
      await online.start();
      if (options.ownMachine === true) givePrecedence(online.pid);
      await online.go();
      await wait(500);
      await online.press();
    }
    if (options.pressed === 'draining') await load.press();
    // What opening has left for the disk is not what is measured.
    execFileSync('sync', ['-f', folder]);
    const before = { gateway: gateway.figures().cpuMs, load: cpuMs(load.pid) };
    const begunMs = await load.go();
    const deadline = begunMs + (options.timeoutMs ?? 300_000);
    while (!gateway.has(backlog.endSeq)) {
      if (Date.now() > deadline) throw new Error(`not drained within ${deadline - begunMs} ms`);
      await wait(LOOK_EVERY_MS);
    }
    const tookMs = performance.timeOrigin + performance.now() - begunMs;
    const after = { gateway: gateway.figures(), loadCpuMs: cpuMs(load.pid) };
    const held = await load.end();
    const pressed = options.pressed === 'online' ? (await online.end()).pressed : held.pressed;
    await gateway.stop();
    const arrived = lookWhatArrived([folder, onlineFolder], gateway.file);
    const sentEntries = backlog.entries + (options.pressed === 'draining' ? held.pressed.durableUs.length * 3 : 0);
    return {
      tookMs,
      entriesPerSecond: (backlog.entries / tookMs) * 1_000,
      ratingsPerSecond: (backlog.ratings / tookMs) * 1_000,
      sentBytesPerEntry: held.sentBytes / sentEntries,
      gatewayRssBytes: after.gateway.rssBytes,
      gatewayPeakRssBytes: after.gateway.peakRssBytes,
      loadPeakRssBytes: held.peakRssBytes,
      gatewayCpu: (after.gateway.cpuMs - before.gateway) / tookMs,
      loadCpu: (after.loadCpuMs - before.load) / tookMs,
      pressed: options.pressed === undefined ? null : pressed,
      arrived,
    };
  } finally {
    await Promise.all([load.kill(), online.kill()]);
    await gateway.kill();
    await gateway.stop();
    await centre.stop();
    if (options.keepIn === undefined) removeFolder(folder);
    if (onlineFolder !== folder) removeFolder(onlineFolder);
  }
}
