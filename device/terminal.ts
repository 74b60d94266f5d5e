/** One terminal, put together from its parts. Starting needs no network and no board. */
import { accessSync, constants, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EscposPrinter } from '../hw/escpos/escpos-printer.js';
import { parsePrinterAddress } from '../hw/escpos/printer-address.js';
import { parseBoardAddress, type LinkAddress } from '../hw/link/byte-link.js';
import { FirmataCounterBoard } from '../hw/firmata/firmata-counter-board.js';
import { ProfileError, type BoardProfile } from '../hw/profiles/board-profile.js';
import { loadBoardProfile } from '../hw/profiles/built-in.js';
import { loadPrinterProfile } from '../hw/profiles/printer-built-in.js';
import { PjqError, retryDelayMs, terminalSource, type HealthMessage } from '../protocol/index.js';
import { openLogKey } from '../protocol/runtime/log-key.js';
import type { Logger } from '../protocol/runtime/logging.js';
import { currentBootId, nodeRandomness, nodeSuite, systemClock } from '../protocol/runtime/node-suite.js';
import { readPolicy } from '../protocol/runtime/policy-file.js';
import { VERSION } from '../protocol/runtime/version.js';
import { answerCommand } from './command-desk.js';
import type { DeviceConfiguration } from './configuration.js';
import { ClockWatch } from './counter/clock-watch.js';
import { Counter } from './counter/counter.js';
import { systemTimers } from './timers.js';
import { HallConfig } from './hall-config.js';
import { NO_HALL_FACTS, readHallFile } from './hall-file.js';
import { LocalServer } from './local/local-server.js';
import { Screens } from './local/screens.js';
import { TerminalLog } from './log/terminal-log.js';
import { receiptsOf } from './receipt/receipts.js';
import { GatewayTime } from './sync/gateway-time.js';
import { MqttLink } from './sync/mqtt-link.js';
import { Sync } from './sync/sync.js';

export const LOG_KEY_FILE = 'log-key.pem';
export const LOG_FILE = 'log.db';
/** As Vite builds them, beside this program. */
const PAGES_DIR = fileURLToPath(new URL('./pages', import.meta.url));

/** How often acknowledged entries past their days are pruned, and how many at once: a press waits for a round at most. */
const PRUNE_MS = 60_000;
const PRUNE_ENTRIES = 500;
const DAY_MS = 86_400_000;
/** A printer is looked for again within seconds: somebody may be standing before it with a new roll. */
const PRINTER_RETRY = { initialMs: 500, factor: 2, capMs: 4_000, jitter: 0.2 };

/** @returns its `stop`. */
export async function startTerminal(config: DeviceConfiguration, logger: Logger): Promise<() => Promise<void>> {
  const { hall, terminal, dataDir, sync: syncConfig } = config;
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const { profile, address: boardAddress } = readBoard(config.board);
  const facts = config.hallFile === undefined ? NO_HALL_FACTS : readHallFile(config.hallFile);
  const fallback = readPolicy(config.policyFile);
  checkCertificates(config.mqtt.tls);
  const { signer } = openLogKey(join(dataDir, LOG_KEY_FILE));
  const source = terminalSource(hall, terminal);
  const bootId = currentBootId();
  const gatewayTime = new GatewayTime(systemClock, config.clockToleranceMs);
  const uniform = () => nodeRandomness.uniform();

  const log = new TerminalLog({
    file: join(dataDir, LOG_FILE),
    source,
    bootId,
    suite: nodeSuite,
    signer,
    clock: systemClock,
    randomness: nodeRandomness,
    clockState: () => gatewayTime.clockState(),
  });
  const found = log.open();
  if (found.damaged !== null)
    logger.error({ code: 'log-damaged', damaged: found.damaged }, 'log was damaged; a new epoch goes on');
  log.append([{ kind: 'boot', body: { version: VERSION } }]);
  const hallConfig = new HallConfig(log, { ...fallback, window: config.window });
  hallConfig.start();

  const board = new FirmataCounterBoard({
    profile,
    address: boardAddress,
    monoMs: () => systemClock.monoMs(),
    nextDelayMs: (attempt) => retryDelayMs({ ...syncConfig.retry, capMs: 2_000 }, attempt, uniform),
  });
  const receipts = receiptsOf(config, {
    printer: config.printer === undefined ? null : openPrinter(config.printer, uniform),
    log,
    logger,
    facts,
    policy: () => hallConfig.policy().policy,
    timeZone: fallback.policy.timeZone,
  });
  const terminalPolicy = () => {
    const { policy, policyId } = hallConfig.policy();
    return { policy: receipts.able(policy), policyId };
  };
  const counter = new Counter({
    board,
    log,
    clock: systemClock,
    bootId,
    randomness: nodeRandomness,
    logger,
    policy: terminalPolicy,
    window: () => hallConfig.window(),
  });
  let network: 'connected' | 'degraded' | 'lost' = 'lost';
  const health = (): HealthMessage => ({
    v: 1,
    at: systemClock.wallMs(),
    backlog: log.backlog(),
    rssBytes: process.memoryUsage.rss(),
    parts: { ...counter.health(), network, ...(receipts.desk === null ? {} : { printer: receipts.desk.status.link }) },
    duty: counter.snapshot().staffNo === undefined ? 'off' : 'on',
    service: SERVICE_WORD[counter.snapshot().state],
  });
  const sync = new Sync({
    log,
    suite: nodeSuite,
    signer,
    clock: systemClock,
    randomness: nodeRandomness,
    bootId,
    source,
    gatewayTime,
    logger,
    link: new MqttLink({
      hall,
      terminal,
      ...config.mqtt,
      connectTimeoutMs: syncConfig.connectTimeoutMs,
      keepaliveSeconds: syncConfig.keepaliveSeconds,
    }),
    retry: syncConfig.retry,
    window: {
      batches: syncConfig.windowBatches,
      minResendMs: syncConfig.minResendMs,
      maxResendMs: syncConfig.maxResendMs,
    },
    info: () => ({ v: 1, version: VERSION, keyId: signer.keyId, board: profile.name }),
    health,
    onCommand: (command) => answerCommand(counter, command),
    onConfig: (message) => hallConfig.take(message),
    onLink: (state) => {
      network = state;
    },
  });
  const screens = new Screens({
    counter,
    book: log,
    facts,
    policy: () => terminalPolicy().policy,
    window: () => hallConfig.window(),
    codes: receipts.codes,
    receipts: receipts.desk,
    network: () => network,
    backlog: () => log.backlog(),
  });
  const { desk } = receipts;
  const local = new LocalServer({
    counter,
    ...config.http,
    pagesDir: PAGES_DIR,
    dataDir,
    bootId,
    terminal,
    randomness: nodeRandomness,
    monoMs: () => systemClock.monoMs(),
    timers: systemTimers,
    facts,
    health: () => ({ ...health(), backlog: screens.calmBacklog() }),
    kioskView: (seal) => screens.kiosk(seal),
    deskView: () => screens.desk(),
    printAgain: desk === null ? null : (serviceId) => desk.printAgain(serviceId),
    logger,
  });
  desk?.onChange(() => local.refresh());
  const clockWatch = new ClockWatch({ log, clock: systemClock, timers: systemTimers, logger });
  const unsubscribe = counter.subscribe((event) => {
    if (event.type === 'changed') sync.publishHealth();
  });

  counter.start();
  desk?.start();
  clockWatch.start();
  const address = await local.start();
  sync.start();
  const healthTimer = setInterval(() => sync.publishHealth(), config.healthMs);
  const pruneTimer = setInterval(() => {
    const days = hallConfig.policy().policy.retentionDays;
    log.prune(systemClock.wallMs() - days * DAY_MS, PRUNE_ENTRIES);
  }, PRUNE_MS);
  logger.info(
    { address, source, epoch: log.epochs().at(-1)?.epoch, keyId: signer.keyId, board: config.board.url },
    'listening',
  );

  return async () => {
    clearInterval(healthTimer);
    clearInterval(pruneTimer);
    unsubscribe();
    clockWatch.stop();
    await local.stop();
    await counter.stop();
    await desk?.stop();
    await sync.stop();
    log.close();
  };
}

/** They are read at every connection, so that they may be exchanged. @throws PjqError `config-invalid` with every fault at once. */
function checkCertificates(tls: DeviceConfiguration['mqtt']['tls']): void {
  const faults = Object.entries(tls ?? {}).flatMap(([key, file]) => {
    try {
      accessSync(file, constants.R_OK);
      return [];
    } catch (error) {
      return [`mqtt.tls.${key}: cannot be read (got ${(error as Error).message})`];
    }
  });
  if (faults.length > 0) throw new PjqError('config-invalid', `\n${faults.join('\n')}`);
}

/** @throws PjqError `profile-invalid` with every fault at once. */
function openPrinter({ url, profile: name }: NonNullable<DeviceConfiguration['printer']>, uniform: () => number) {
  return naming(() => {
    const profile = loadPrinterProfile(name);
    const { realTime, confirm } = profile.status;
    const port = new EscposPrinter({
      profile,
      address: parsePrinterAddress(url),
      nextDelayMs: (attempt) => retryDelayMs(PRINTER_RETRY, attempt, uniform),
    });
    return { port, tells: realTime || confirm !== 'none' };
  });
}

/** @throws PjqError `profile-invalid` with every fault at once. */
function readBoard(board: DeviceConfiguration['board']): { profile: BoardProfile; address: LinkAddress } {
  return naming(() => {
    const profile = loadBoardProfile(board.profile);
    return { profile, address: parseBoardAddress(board.url, profile.transport) };
  });
}

function naming<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof ProfileError)) throw cause;
    throw new PjqError('profile-invalid', `\n${cause.faults.join('\n')}`, { cause });
  }
}

const SERVICE_WORD = {
  offDuty: 'off-duty',
  idle: 'idle',
  paused: 'paused',
  outOfService: 'out-of-service',
  invited: 'in-session',
  pressed: 'in-session',
} as const;
