/** The self-check of a terminal, put together from its parts: everything that it looks at by itself. */
import type { LinkState } from '../../hw/ports/counter-board.js';
import type { Clock, Randomness } from '../../protocol/index.js';
import type { Logger } from '../../protocol/runtime/logging.js';
import type { Counter } from '../counter/counter.js';
import type { HallFacts } from '../hall-file.js';
import { checkLog } from '../log/log-check.js';
import type { TerminalLog } from '../log/terminal-log.js';
import type { GatewayTime } from '../sync/gateway-time.js';
import type { Timers } from '../timers.js';
import { certificateProbe, type CertificateFiles } from './certificate-probe.js';
import { diskProbe } from './disk-probe.js';
import { hallProbe } from './hall-probe.js';
import { logProbe } from './log-probe.js';
import { machineProbe } from './machine-probe.js';
import { partsProbe, type CheckedPrinter } from './parts-probe.js';
import type { Probe } from './probe.js';
import { rosterProbe } from './roster-probe.js';
import { SelfCheck, type SelfCheckParts } from './self-check.js';

export interface TerminalCheckParts {
  readonly counter: Counter;
  readonly log: TerminalLog;
  readonly logFile: string;
  readonly source: string;
  readonly dataDir: string;
  readonly clock: Clock;
  readonly gatewayTime: GatewayTime;
  readonly clockToleranceMs: number;
  readonly bootId: string;
  readonly randomness: Randomness;
  readonly timers: Timers;
  readonly logger: Logger;
  /** IANA name. */
  readonly timeZone: string;
  readonly facts: HallFacts;
  readonly hallFile: string | undefined;
  readonly certificates: CertificateFiles | null;
  readonly network: () => LinkState;
  readonly screen: () => LinkState;
  readonly keypad: () => LinkState | 'absent';
  readonly sound: { readonly play: SelfCheckParts['play'] } | null;
  readonly printer: { readonly status: () => CheckedPrinter; readonly print: SelfCheckParts['printSlip'] } | null;
  /** Where the machine tells of itself; `/` but in tests. */
  readonly systemRoot?: string;
  /** The built program that reads the log's file; see `checkLog`. */
  readonly logProgram?: URL;
}

export function terminalCheck(parts: TerminalCheckParts): SelfCheck {
  const { counter, log, clock, bootId, randomness, timers, logger, timeZone, keypad, sound, printer } = parts;
  return new SelfCheck({
    counter,
    log,
    clock,
    bootId,
    randomness,
    timers,
    logger,
    timeZone,
    probes: terminalProbes(parts),
    equipment: () => ({
      board: counter.health().board !== 'absent',
      keypad: keypad() !== 'absent',
      sound: sound !== null,
      printer: printer !== null,
    }),
    play: () => sound?.play() ?? Promise.resolve('failed'),
    printSlip: (code) => printer?.print(code) ?? Promise.resolve('not-printed'),
  });
}

export function terminalProbes(parts: TerminalCheckParts): readonly Probe[] {
  const { counter, log, logFile, source, dataDir, clock, gatewayTime, clockToleranceMs, facts, hallFile } = parts;
  const { certificates, network, screen, keypad, printer, systemRoot, logProgram } = parts;
  const file = { file: logFile, source, head: () => log.head() };
  return [
    logProbe(() => checkLog(logProgram === undefined ? file : { ...file, program: logProgram })),
    diskProbe({ folder: dataDir, monoMs: () => clock.monoMs() }),
    hallProbe({
      clockOffMs: () => (gatewayTime.echo === null ? null : clock.wallMs() - gatewayTime.nowMs()),
      clockToleranceMs,
      network,
      backlog: () => ({ entries: log.backlog(), oldestAtMs: log.oldestWaitingAtMs() }),
      wallMs: () => clock.wallMs(),
    }),
    certificateProbe(certificates, () => gatewayTime.nowMs()),
    rosterProbe(hallFile, facts, () => clock.wallMs()),
    machineProbe(systemRoot),
    partsProbe({
      board: () => counter.health().board,
      keys: () => counter.health().keys,
      keypad,
      screen,
      printer: () => printer?.status() ?? null,
    }),
  ];
}
