/**
 * A whole hall on this machine, for people (`npm run demo`) and scripts (`npm run demo -- --headless`).
 * Each part is a process of its own and is reached over its wires only.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { explain, runProgram } from '../../protocol/runtime/program.js';
import { ActionLog } from './action-log.js';
import { CentreDoor } from './centre-door.js';
import { DemoApi } from './demo-api.js';
import { DemoHall } from './demo-hall.js';
import { readDemoOptions } from './demo-options.js';
import { namedPorts, waitForFreePorts } from './demo-ports.js';
import { readHallFacts } from './hall-facts.js';
import { HALL_FILE, writeHallFiles } from './hall-files.js';
import { HallScreens } from './hall-screens.js';
import { HallWatch } from './hall-watch.js';
import { HallWires } from './hall-wires.js';
import { findChromium, KioskHand } from './kiosk-hand.js';
import { readPageFiles } from './page-files.js';
import { addressLines, BUILD_LINE, welcomePage } from './welcome.js';

/** The parts of a demo that was just killed have this long to let go of their ports. */
const PORTS_FREE_TIMEOUT_MS = 6_000;
const READY_LOOK_MS = 200;
const TELL_MISSING_MS = 15_000;

const say = (line: string) => process.stdout.write(`${line}\n`);

/** Tells when everything is ready, and in between what is still missing. */
async function tellWhenReady(hall: DemoHall, address: string, ended: () => boolean): Promise<void> {
  let tellAtMs = performance.now() + TELL_MISSING_MS;
  for (;;) {
    const missing = await hall.missing();
    if (ended()) return;
    if (missing.length === 0) return void say(`ready: ${address}`);
    if (performance.now() >= tellAtMs) {
      say(`still waiting:\n  ${missing.join('\n  ')}`);
      tellAtMs += TELL_MISSING_MS;
    }
    await wait(READY_LOOK_MS);
  }
}

await runProgram(async () => {
  const options = readDemoOptions(process.argv.slice(2));
  const { ports, terminals } = options;
  await waitForFreePorts(namedPorts(ports, terminals), {
    timeoutMs: PORTS_FREE_TIMEOUT_MS,
    onWait: (taken) => say(`waiting for ports that are in use: ${taken}`),
  });
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'pjq-demo-'));
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const facts = readHallFacts(HALL_FILE, options.policyFile);
  const wires = new HallWires(ports, terminals);
  const files = writeHallFiles({
    dataDir,
    policyFile: options.policyFile,
    terminals,
    ports,
    wires: await wires.start(),
    board: options.board,
    keypads: options.keypads,
    // Who has a PIN types it; the others are signed on when their terminal starts.
    staffNos: facts.staff.filter(({ pin }) => !pin).map(({ staffNo }) => staffNo),
  });
  const centre = new CentreDoor(ports.centre);
  const hall = new DemoHall({ files, wires: files.wires, centre, centrePort: ports.centre });
  const chromium = findChromium(process.env);
  const hand = chromium === undefined ? undefined : new KioskHand(chromium);
  const page = options.headless ? undefined : readPageFiles();
  const actions = new ActionLog(() => performance.now());
  const screens: HallScreens = new HallScreens({
    hall,
    hand,
    hasPage: page !== undefined,
    watched: () => watch.isWatched,
  });
  const watch: HallWatch = new HallWatch({ hall, wires, screens, centre, facts });
  actions.onAction(() => watch.stir());
  const noPage = options.headless
    ? 'Started without the page.'
    : `The page is not built; this builds it: ${BUILD_LINE}`;
  const api = new DemoApi({
    hall,
    wires,
    centre,
    watch,
    facts,
    hand,
    screens,
    actions,
    page,
    port: ports.page,
    welcome: welcomePage(ports, terminals, noPage),
  });
  const address = await api.start();

  let ended = false;
  const stop = async () => {
    ended = true;
    watch.stop();
    await Promise.all([api.stop(), hand?.stop()]);
    await hall.stop();
    await wires.stop();
    if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true });
    say('the demo has ended');
  };

  say(`pjq demo: ${terminals} counters, a gateway and a centre; for looking and testing, not for production`);
  say(page === undefined ? noPage : `open in a browser: ${address}/`);
  for (const line of addressLines(ports, terminals)) say(`  ${line}`);
  say(`  data: ${dataDir}${options.dataDir === undefined ? ' (removed at the end; --data DIR keeps it)' : ''}`);
  say(`  logs: ${files.logDir}`);
  // Not awaited: signals and the end of the parent must be heard from here on.
  hall.start().then(
    () => tellWhenReady(hall, address, () => ended),
    async (error: unknown) => {
      if (ended) return;
      process.stderr.write(`the hall could not be started: ${explain(error)}\n`);
      await stop();
      process.exit(1);
    },
  );
  return stop;
});
