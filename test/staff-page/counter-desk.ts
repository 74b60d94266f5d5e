/** A counter with its real log, session and local server; the board is simulated, and the session's time is driven. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { PjqError, type ErrorCode, type ServiceFacts } from '../../protocol/index.js';
import { generateLogKey, headSigner, nodeRandomness, nodeSuite } from '../../protocol/runtime/node-suite.js';
import { Counter } from '../../device/counter/counter.js';
import { itemsOf, type Finding } from '../../device/core/self-check-items.js';
import { SelfCheck } from '../../device/self-check/self-check.js';
import type { SelfCheckView } from '../../device/self-check/self-check-view.js';
import { systemTimers } from '../../device/timers.js';
import type { HallFacts } from '../../device/hall-file.js';
import { deskView, type DeskView } from '../../device/local/desk-view.js';
import type { KioskView } from '../../device/local/kiosk-view.js';
import { LocalServer } from '../../device/local/local-server.js';
import type { KnownService } from '../../device/log/service-book.js';
import { TerminalLog } from '../../device/log/terminal-log.js';
import { DrivenTime, SimulatedBoard } from '../device-session/counter-at-work.js';
import { BOOT, POLICY } from '../device-session/table-fixtures.js';
import { CuttableWire } from './cuttable-wire.js';

const MATTERS = [
  '居民身份证换领',
  '户口迁入登记',
  '社会保险参保登记',
  '医保异地就医备案',
  '不动产转移登记',
  '个体工商户设立',
  '食品经营许可',
  '公积金提取',
  '出入境证件办理',
  '残疾人证申领',
  '老年人优待证',
].map((name, index) => ({
  code: `11010${index + 1}`,
  name,
  ...(name === '残疾人证申领' ? { label: '证件申领' } : {}),
}));

/** The hash of a PIN that no test knows. */
const UNGUESSED = `scrypt$16384$8$1$${'A'.repeat(22)}$${'A'.repeat(43)}`;

const FACTS: HallFacts = {
  hall: { zh: '甘孜州政务服务中心', en: 'Garzê Prefecture Government Service Centre' },
  staff: new Map(
    [
      { staffNo: '1001', name: '扎西卓玛', post: '综合受理' },
      { staffNo: '1002', name: '李晓燕', post: '社保医保' },
      { staffNo: '1003', name: '王建国', post: null, pin: UNGUESSED },
    ].map((member) => [member.staffNo, { pin: null, ...member, title: null, photo: null, badge: null }]),
  ),
  matters: MATTERS,
};

export interface CounterDesk {
  /** Where the staff page is, its secret in the fragment. */
  readonly url: string;
  readonly counter: Counter;
  readonly board: SimulatedBoard;
  readonly time: DrivenTime;
  readonly wire: CuttableWire;
  /** What was asked to be printed, in order; `refuse` makes the next wishes fail. */
  readonly printed: string[];
  refusePrinting: ErrorCode | null;
  breakLog(broken: boolean): void;
  /** Says how the parts stand. */
  show(parts: Partial<DeskView['parts']>, rest?: Partial<Pick<DeskView, 'paper' | 'backlog' | 'printerFault'>>): void;
  /** The terminal's own self-check; what needs no clerk passes but for what `find` says. */
  readonly selfCheck: SelfCheck;
  find(...findings: readonly Finding[]): void;
  /** Codes of the slips that self-checks have printed. */
  readonly slips: string[];
  /** Shows this instead, until `null`: what a whole check would take too long to bring about. */
  showCheck(view: SelfCheckView | null): void;
  /** The machine boots anew: the terminal has another secret. */
  restart(): Promise<string>;
  entries(): string[];
}

export async function counterDesk(
  pagesDir: string,
  options: { facts?: Partial<HallFacts>; printer?: false } = {},
): Promise<CounterDesk> {
  /** How often the machine has booted: its secrets are of a boot. */
  let boots = 1;
  const dataDir = mkdtempSync(join(tmpdir(), 'pjq-staff-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }));
  const time = new DrivenTime();
  // Near now, so that what has just ended is shown by its hour.
  time.wallOffsetMs = Date.now();
  const story: string[] = [];
  const kinds: string[] = [];
  const opened = new Map<string, ServiceFacts>();
  const state = { broken: false };
  const log = new TerminalLog({
    file: join(dataDir, 'log.sqlite'),
    source: 'hall/t1',
    bootId: BOOT,
    suite: nodeSuite,
    signer: headSigner(generateLogKey().privatePem),
    clock: time,
    randomness: nodeRandomness,
    clockState: () => 'synced',
  });
  log.open();
  onTestFinished(() => log.close());
  const logger = pino(new Writable({ write: (_chunk, _encoding, done) => done() }));
  const board = new SimulatedBoard(story, time);
  const counter = new Counter({
    board,
    log: {
      append: (drafts) => {
        if (state.broken) throw new PjqError('log-write-failed');
        log.append(drafts);
        for (const draft of drafts) if (draft.kind === 'service.opened') opened.set(draft.body.serviceId, draft.body);
        kinds.push(...drafts.map((draft) => `${draft.kind} ${JSON.stringify(draft.body)}`));
      },
      record: () => log.record(),
      serviceState: (serviceId) => log.serviceState(serviceId),
    },
    clock: time,
    bootId: BOOT,
    randomness: nodeRandomness,
    policy: () => ({ policy: POLICY, policyId: 'test@1' }),
    window: () => '12',
    logger,
    timers: time,
  });

  let parts: DeskView['parts'] = {
    board: 'connected',
    keys: 'connected',
    log: 'connected',
    network: 'connected',
    printer: options.printer === false ? 'absent' : 'connected',
    screen: 'connected',
    keypad: 'absent',
    sound: 'connected',
  };
  let rest: Pick<DeskView, 'paper' | 'backlog' | 'printerFault'> = {
    paper: options.printer === false ? 'absent' : 'ok',
    backlog: 0,
    printerFault: null,
  };
  const facts = { ...FACTS, ...options.facts };
  const found = new Map<string, Finding>();
  const shown: { selfCheck: SelfCheckView | null } = { selfCheck: null };
  const selfCheck = new SelfCheck({
    counter,
    log,
    clock: time,
    bootId: BOOT,
    randomness: nodeRandomness,
    timers: time,
    logger,
    timeZone: 'Asia/Shanghai',
    probes: [
      {
        items: itemsOf('automatic'),
        run: async () => itemsOf('automatic').map((item) => found.get(item) ?? { item, result: 'pass' }),
      },
    ],
    equipment: () => ({ board: true, keypad: false, sound: true, printer: true }),
    play: async () => 'played',
    printSlip: async (code) => {
      slips.push(code);
      return 'printed';
    },
  });
  onTestFinished(() => selfCheck.stop());
  const slips: string[] = [];
  const view = () =>
    deskView({
      snapshot: counter.snapshot(),
      facts,
      window: '12',
      recent: recent.slice(0, 20),
      parts,
      ...rest,
      selfCheck: shown.selfCheck ?? selfCheck.view(),
    });
  const recent: KnownService[] = [];
  counter.subscribe(() => {
    const { ended } = counter.snapshot();
    if (ended === undefined || recent[0]?.facts.serviceId === ended.serviceId) return;
    const facts = opened.get(ended.serviceId);
    if (facts === undefined) throw new Error('a service ended that was never opened');
    const endedAtMs = time.wallMs() - ended.agoMs;
    recent.unshift({
      facts,
      window: '12',
      staffNo: null,
      openedAtMs: endedAtMs,
      endedAtMs,
      rated: ended.how === 'rated',
    });
  });
  const printed: string[] = [];
  const desk = { refusePrinting: null as ErrorCode | null };
  const makeServer = (port: number) =>
    new LocalServer({
      counter,
      port,
      framedBy: [],
      pagesDir,
      dataDir,
      bootId: `boot${String(boots).padStart(7, '0')}`,
      terminal: 't1',
      randomness: nodeRandomness,
      monoMs: () => performance.now(),
      timers: systemTimers,
      facts,
      health: () => ({}),
      selfCheck,
      kioskView: () => () => ({}) as KioskView,
      deskView: view,
      printAgain: (serviceId) => {
        if (desk.refusePrinting !== null) throw new PjqError(desk.refusePrinting);
        printed.push(serviceId);
      },
      logger,
    });
  let server = makeServer(0);
  const port = Number(new URL(await server.start()).port);
  counter.start();
  selfCheck.onChange(() => server.refresh());
  onTestFinished(() => server.stop());
  const wire = new CuttableWire(port);
  onTestFinished(() => wire.stop());
  const wirePort = await wire.start();
  const url = () => `http://127.0.0.1:${wirePort}/staff/#${readFileSync(join(dataDir, 'staff-secret'), 'utf8')}`;
  return Object.assign(desk, {
    url: url(),
    counter,
    board,
    time,
    wire,
    printed,
    breakLog: (broken: boolean) => {
      state.broken = broken;
    },
    selfCheck,
    slips,
    find: (...findings: readonly Finding[]) => findings.forEach((finding) => found.set(finding.item, finding)),
    showCheck: (view: SelfCheckView | null) => {
      shown.selfCheck = view;
      server.refresh();
    },
    show: (changed: Partial<DeskView['parts']>, more: Partial<typeof rest> = {}) => {
      parts = { ...parts, ...changed };
      rest = { ...rest, ...more };
      server.refresh();
    },
    restart: async () => {
      boots += 1;
      await server.stop();
      server = makeServer(port);
      await server.start();
      return url();
    },
    entries: () => kinds,
  });
}
