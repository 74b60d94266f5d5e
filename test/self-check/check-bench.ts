/**
 * A terminal's self-check at a bench: its real log on disk, its real probes and counter; board and printer by their
 * contract, or the real drivers on the virtual ones; and a clerk who does what is asked, as well as the hardware lets.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import { Counter } from '../../device/counter/counter.js';
import { slipCode } from '../../device/core/self-check-asking.js';
import { readHallFile } from '../../device/hall-file.js';
import { TerminalLog } from '../../device/log/terminal-log.js';
import type { CheckedPrinter } from '../../device/self-check/parts-probe.js';
import type { SelfCheck } from '../../device/self-check/self-check.js';
import type { SelfCheckView } from '../../device/self-check/self-check-view.js';
import { terminalCheck, type TerminalCheckParts } from '../../device/self-check/terminal-check.js';
import { GatewayTime } from '../../device/sync/gateway-time.js';
import type { CounterBoard, KeyLevel, LampSignal, LinkState } from '../../hw/ports/counter-board.js';
import { parseEntry, type EntryBody } from '../../protocol/index.js';
import { createLogger } from '../../protocol/runtime/logging.js';
import { generateLogKey, headSigner, nodeRandomness, nodeSuite } from '../../protocol/runtime/node-suite.js';
import { DrivenTime, SimulatedBoard } from '../device-session/counter-at-work.js';
import { BOOT, POLICY } from '../device-session/table-fixtures.js';

const SIGNER = headSigner(generateLogKey().privatePem);
/** As built; the sources next to it are no program. */
export const LOG_PROGRAM = new URL('../../dist/device/log/log-check-worker.js', import.meta.url);
export const SOURCE = 'hall/t1';
export const TIME_ZONE = 'Asia/Shanghai';

const HALL_YAML = `staff:
  - { staffNo: A1, name: 李明 }
`;

/** What a clerk does with what is asked of them. What is missing is done as in a healthy terminal. */
export interface Clerk {
  /** Presses a key; a key that does nothing is a key that does nothing. */
  press(level: KeyLevel): Promise<void> | void;
  /** Whether exactly this lamp is lit. */
  sees(signal: LampSignal): Promise<boolean> | boolean;
  /** What the scanner reads on the slip. */
  scans(): Promise<string | undefined> | string | undefined;
}

/** What can be otherwise than in a healthy terminal. */
export interface Bench {
  readonly board?: CounterBoard;
  readonly clerk?: Partial<Clerk>;
  readonly parts?: Partial<TerminalCheckParts>;
  readonly hallYaml?: string;
  /** Says `no` to these targets; touches nothing there. */
  readonly denies?: readonly string[];
  /** Does not answer at all there. */
  readonly silentAt?: readonly string[];
  readonly staffNo?: string;
}

export const HEALTHY_PRINTER: CheckedPrinter = {
  link: 'connected',
  paper: 'ok',
  cover: 'closed',
  cutter: 'ok',
  online: 'online',
};

export interface CheckBench {
  readonly folder: string;
  readonly log: TerminalLog;
  readonly counter: Counter;
  readonly check: SelfCheck;
  readonly time: DrivenTime;
  readonly board: SimulatedBoard;
  readonly story: string[];
  readonly lines: string[];
  readonly gatewayTime: GatewayTime;
  readonly parts: TerminalCheckParts;
  readonly network: { state: LinkState };
  readonly screen: { state: LinkState };
  /** Slips that were printed, by their code. */
  readonly slips: string[];
  /** Waits for the step to be over that nobody is asked in. */
  automatic(): Promise<void>;
  /** From the start to the record, with the clerk at it. */
  whole(): Promise<EntryBody<'selfcheck'>>;
  /** What is asked now. */
  asked(): NonNullable<SelfCheckView['running']>['step'];
  /** The clerk does what is asked now. */
  clerkActs(): Promise<void>;
  records(): EntryBody<'selfcheck'>[];
}

export function benchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pjq-check-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }));
  return folder;
}

/** A machine that tells of itself, in files as the kernel has them. */
export function machineIn(folder: string, told: { temp?: string; throttled?: string; alarm?: string } = {}): string {
  const root = join(folder, 'root');
  const put = (path: string, text: string) => {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), `${text}\n`);
  };
  put('sys/class/thermal/thermal_zone0/temp', told.temp ?? '51540');
  put('sys/devices/platform/soc/soc:firmware/get_throttled', told.throttled ?? '0');
  put('sys/class/hwmon/hwmon1/name', 'rpi_volt');
  put('sys/class/hwmon/hwmon1/in0_lcrit_alarm', told.alarm ?? '0');
  return root;
}

export function checkBench(bench: Bench = {}): CheckBench {
  const folder = benchFolder();
  const story: string[] = [];
  const lines: string[] = [];
  const slips: string[] = [];
  const time = new DrivenTime();
  // The driven clock starts at this moment: files and certificates are of the real day.
  time.wallOffsetMs = Date.now() - time.monoMs();
  const gatewayTime = new GatewayTime(time, 2_000);
  gatewayTime.hear(time.wallMs(), null);
  const logger = createLogger('test', { level: 'silent' });
  const logFile = join(folder, 'log.db');
  const log = new TerminalLog({
    file: logFile,
    source: SOURCE,
    bootId: BOOT,
    suite: nodeSuite,
    signer: SIGNER,
    clock: time,
    randomness: nodeRandomness,
    clockState: () => 'synced',
  });
  log.open();
  log.append([{ kind: 'boot', body: { version: '1' } }]);
  const simulated = new SimulatedBoard(story, time);
  simulated.link = 'connected';
  const counter = new Counter({
    board: bench.board ?? simulated,
    log,
    clock: time,
    bootId: BOOT,
    randomness: nodeRandomness,
    policy: () => ({ policy: POLICY, policyId: 'test@1' }),
    window: () => '12',
    logger,
    timers: time,
  });
  counter.start();
  onTestFinished(async () => {
    await counter.stop();
    log.close();
  });
  const hallFile = join(folder, 'hall.yaml');
  writeFileSync(hallFile, bench.hallYaml ?? HALL_YAML);
  const network = { state: 'connected' as LinkState };
  const screen = { state: 'connected' as LinkState };
  const parts: TerminalCheckParts = {
    counter,
    log,
    logFile,
    source: SOURCE,
    dataDir: folder,
    clock: time,
    gatewayTime,
    clockToleranceMs: 2_000,
    bootId: BOOT,
    randomness: nodeRandomness,
    timers: time,
    logger,
    timeZone: TIME_ZONE,
    facts: readHallFile(hallFile),
    hallFile,
    certificates: null,
    network: () => network.state,
    screen: () => screen.state,
    keypad: () => 'absent',
    sound: { play: () => Promise.resolve('played') },
    printer: {
      status: () => HEALTHY_PRINTER,
      print: (code) => {
        slips.push(code);
        return Promise.resolve('printed');
      },
    },
    systemRoot: machineIn(folder),
    logProgram: LOG_PROGRAM,
    ...bench.parts,
  };
  const check = terminalCheck(parts);
  const clerk: Clerk = {
    press: (level) => simulated.press(level),
    sees: (signal) => story.findLast((line) => line.startsWith('lamps ')) === `lamps ${signal}`,
    scans: () => slips.at(-1),
    ...bench.clerk,
  };
  const asked = () => check.view().running?.step ?? null;
  const automatic = () =>
    vi
      .waitUntil(() => check.view().running?.step?.name !== 'automatic', { timeout: 10_000, interval: 5 })
      .then(() => undefined);
  const clerkActs = async () => {
    const step = asked();
    if (step === null) return;
    const { name, target } = step;
    if (target === null) return automatic();
    if (bench.silentAt?.includes(target)) return silence(target);
    const say = (ok: boolean) => check.answer({ step: name, target, ok });
    if (bench.denies?.includes(target)) return say(false);
    switch (name) {
      case 'automatic':
        return;
      case 'keys': {
        await clerk.press(Number(target.slice(4)) as KeyLevel);
        // A real key takes its way; the driven clock stands meanwhile.
        const answered = () => asked()?.target !== target;
        if (bench.board !== undefined)
          await vi.waitUntil(answered, { timeout: 4_000, interval: 5 }).catch(() => undefined);
        if (!answered()) silence(target);
        return;
      }
      case 'lamps':
        return say(await clerk.sees(target.slice(5) as LampSignal));
      case 'touch':
        return check.touch(target);
      case 'screen':
        return say(true);
      case 'sound':
        // The player is heard first: what it could not play, nobody can have heard.
        await Promise.resolve();
        return asked()?.target === target ? say(true) : undefined;
      case 'printer': {
        await vi.waitUntil(async () => asked() === null || (await clerk.scans()) !== undefined, {
          timeout: 5_000,
          interval: 20,
        });
        const scanned = await clerk.scans();
        if (asked()?.target === target)
          check.answer({ step: name, target, ok: true, ...(scanned === undefined ? {} : { scanned }) });
        return;
      }
    }
  };
  /** Nobody does anything, for as long as it takes. */
  const silence = (target: string) => {
    for (let seconds = 0; seconds < 95 && asked()?.target === target; seconds += 1) time.advance(1_000);
  };
  const records = () => {
    const live = log.epochs().find((epoch) => epoch.live);
    const entries = live === undefined ? [] : (log.slice(live, 1, 10_000, 10_000_000)?.entries ?? []);
    return entries
      .map((bytes) => parseEntry(nodeSuite, bytes))
      .filter(({ kind }) => kind === 'selfcheck')
      .map(({ body }) => body as EntryBody<'selfcheck'>);
  };
  return {
    folder,
    log,
    counter,
    check,
    time,
    board: simulated,
    story,
    lines,
    gatewayTime,
    parts,
    network,
    screen,
    slips,
    asked,
    automatic,
    clerkActs,
    records,
    whole: async () => {
      const { id } = check.begin(bench.staffNo ?? 'A1');
      while (check.view().running !== null) await clerkActs();
      // Not by the entries: the log may be the fault that was injected.
      const body = log.newestSelfCheck()?.body;
      if (body?.id !== id) throw new Error('no record');
      return body;
    },
  };
}

export { slipCode };
