/** One terminal, put together from its parts. Starting needs no network and no board. */
import { accessSync, constants, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseBoardAddress, type BoardAddress } from '../hw/firmata/byte-link.js';
import { FirmataCounterBoard } from '../hw/firmata/firmata-counter-board.js';
import { ProfileError, type BoardProfile } from '../hw/profiles/board-profile.js';
import { loadBoardProfile } from '../hw/profiles/built-in.js';
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
import { systemTimers } from './counter/timers.js';
import { HallConfig } from './hall-config.js';
import { LocalServer } from './local/local-server.js';
import { TerminalLog } from './log/terminal-log.js';
import { GatewayTime } from './sync/gateway-time.js';
import { MqttLink } from './sync/mqtt-link.js';
import { Sync } from './sync/sync.js';

export const LOG_KEY_FILE = 'log-key.pem';
export const LOG_FILE = 'log.db';

/** How often acknowledged entries past their days are pruned, and how many at once: a press waits for a round at most. */
const PRUNE_MS = 60_000;
const PRUNE_ENTRIES = 500;
const DAY_MS = 86_400_000;

/** @returns its `stop`. */
export async function startTerminal(config: DeviceConfiguration, logger: Logger): Promise<() => Promise<void>> {
  const { hall, terminal, dataDir, sync: syncConfig } = config;
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const { profile, address: boardAddress } = readBoard(config.board);
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
  const counter = new Counter({
    board,
    log,
    clock: systemClock,
    bootId,
    randomness: nodeRandomness,
    logger,
    policy: () => hallConfig.policy(),
    window: () => hallConfig.window(),
  });
  let network: 'connected' | 'degraded' | 'lost' = 'lost';
  const health = (): HealthMessage => ({
    v: 1,
    at: systemClock.wallMs(),
    backlog: log.backlog(),
    rssBytes: process.memoryUsage.rss(),
    parts: { ...counter.health(), network },
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
  const local = new LocalServer({
    counter,
    port: config.http.port,
    dataDir,
    terminal,
    randomness: nodeRandomness,
    health,
    logger,
  });
  const clockWatch = new ClockWatch({ log, clock: systemClock, timers: systemTimers, logger });
  const unsubscribe = counter.subscribe((event) => {
    if (event.type === 'changed') sync.publishHealth();
  });

  counter.start();
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
function readBoard(board: DeviceConfiguration['board']): { profile: BoardProfile; address: BoardAddress } {
  try {
    const profile = loadBoardProfile(board.profile);
    return { profile, address: parseBoardAddress(board.url, profile.transport) };
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
