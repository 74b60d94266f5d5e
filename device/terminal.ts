/** One terminal, put together from its parts. Starting needs no network and no board. */
import { accessSync, constants, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LinkState } from '../hw/ports/counter-board.js';
import { PjqError, terminalSource, type HealthMessage } from '../protocol/index.js';
import { openLogKey } from '../protocol/runtime/log-key.js';
import type { Logger } from '../protocol/runtime/logging.js';
import { currentBootId, nodeRandomness, nodeSuite, systemClock } from '../protocol/runtime/node-suite.js';
import { readPolicy } from '../protocol/runtime/policy-file.js';
import { VERSION } from '../protocol/runtime/version.js';
import { answerCommand } from './command-desk.js';
import type { DeviceConfiguration } from './configuration.js';
import { ClockWatch } from './counter/clock-watch.js';
import { Counter } from './counter/counter.js';
import { openHardware } from './hardware.js';
import { HallConfig } from './hall-config.js';
import { NO_HALL_FACTS, readHallFile } from './hall-file.js';
import { LocalServer } from './local/local-server.js';
import { presentParts } from './local/present-parts.js';
import { ScreenWatch } from './local/screen-watch.js';
import { Screens } from './local/screens.js';
import { LOG_KEY_FILE } from './log-key-file.js';
import { Ballast } from './log/ballast.js';
import { LogCare } from './log/log-care.js';
import { PartFaults } from './log/part-faults.js';
import { TerminalLog } from './log/terminal-log.js';
import { checkSlipText } from './receipt/check-slip-text.js';
import { receiptsOf } from './receipt/receipts.js';
import { terminalCheck } from './self-check/terminal-check.js';
import { SoundDesk } from './sound/sound-desk.js';
import { GatewayTime } from './sync/gateway-time.js';
import { MqttLink } from './sync/mqtt-link.js';
import { Sync } from './sync/sync.js';
import { systemTimers } from './timers.js';

export const LOG_FILE = 'log.db';
/** As Vite builds them, beside this program. */
const PAGES_DIR = fileURLToPath(new URL('./pages', import.meta.url));

/** @returns its `stop`. */
export async function startTerminal(config: DeviceConfiguration, logger: Logger): Promise<() => Promise<void>> {
  const { hall, terminal, dataDir, sync: syncConfig } = config;
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const uniform = () => nodeRandomness.uniform();
  const hardware = openHardware(config, { monoMs: () => systemClock.monoMs(), uniform });
  const facts = config.hallFile === undefined ? NO_HALL_FACTS : readHallFile(config.hallFile);
  const fallback = readPolicy(config.policyFile);
  checkCertificates(config.mqtt.tls);
  const { signer } = openLogKey(join(dataDir, LOG_KEY_FILE));
  const source = terminalSource(hall, terminal);
  const bootId = currentBootId();
  const gatewayTime = new GatewayTime(systemClock, config.clockToleranceMs);

  const logFile = join(dataDir, LOG_FILE);
  const ballast = new Ballast(logFile, config.log.ballastBytes);
  const log = new TerminalLog({
    file: logFile,
    source,
    bootId,
    suite: nodeSuite,
    signer,
    clock: systemClock,
    randomness: nodeRandomness,
    clockState: () => gatewayTime.clockState(),
    ballast,
    onDiskFault: (fault) => care.heard(fault),
  });
  const faults = new PartFaults({ log, logger, clock: systemClock, timers: systemTimers });
  const care = new LogCare({
    log,
    ballast,
    limits: config.log,
    retentionDays: () => hallConfig.policy().policy.retentionDays,
    clock: systemClock,
    clockState: () => gatewayTime.clockState(),
    faults,
    timers: systemTimers,
    logger,
  });
  const found = log.open();
  if (found.damaged !== null)
    logger.error({ code: 'log-damaged', damaged: found.damaged }, 'log was damaged; a new epoch goes on');
  recordBoot(log, logger);
  const hallConfig = new HallConfig(log, { ...fallback, window: config.window });
  hallConfig.start();

  const { timeZone } = fallback.policy;
  const receipts = receiptsOf(config, {
    printer: hardware.printer,
    log,
    logger,
    faults,
    facts,
    policy: () => hallConfig.policy().policy,
    timeZone,
  });
  const terminalPolicy = () => {
    const { policy, policyId } = hallConfig.policy();
    return { policy: receipts.able(policy), policyId };
  };
  const counter = new Counter({
    board: hardware.board?.port ?? null,
    log,
    clock: systemClock,
    bootId,
    randomness: nodeRandomness,
    logger,
    policy: terminalPolicy,
    wishes: () => hallConfig.wishes(),
    window: () => hallConfig.window(),
    faults,
  });
  const { desk } = receipts;
  const { keypad, player } = hardware;
  const sound =
    player === null
      ? null
      : new SoundDesk({
          player,
          policy: () => terminalPolicy().policy.sound,
          timeZone: () => timeZone,
          clock: systemClock,
        });
  const screen = new ScreenWatch({ faults, timers: systemTimers });
  let network: LinkState = 'lost';
  const links = {
    network: () => network,
    screen: () => screen.link,
    keypad: () => keypad?.node.link ?? 'absent',
    sound: () => player?.link ?? 'absent',
    printer: () => desk?.status.link ?? 'absent',
  } as const;
  const selfCheck = terminalCheck({
    counter,
    log,
    logFile,
    source,
    dataDir,
    clock: systemClock,
    gatewayTime,
    clockToleranceMs: config.clockToleranceMs,
    bootId,
    randomness: nodeRandomness,
    timers: systemTimers,
    logger,
    timeZone,
    facts,
    hallFile: config.hallFile,
    certificates: config.mqtt.tls ?? null,
    ...links,
    sound: sound === null ? null : { play: () => sound.check() },
    printer:
      desk === null
        ? null
        : {
            status: () => desk.status,
            print: async (code) => (await desk.printCheckSlip(checkSlipText(code))).outcome,
          },
  });
  const health = (): HealthMessage => ({
    v: 1,
    at: systemClock.wallMs(),
    backlog: log.backlog(),
    rssBytes: process.memoryUsage.rss(),
    parts: presentParts({
      ...counter.health(),
      ...partStates(links),
      ...(care.link === 'degraded' ? { log: care.link } : {}),
    }),
    duty: counter.snapshot().staffNo === undefined ? 'off' : 'on',
    service: SERVICE_WORD[counter.snapshot().state],
    selfCheck: selfCheck.health(),
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
    info: () => ({
      v: 1,
      version: VERSION,
      keyId: signer.keyId,
      ...(hardware.board === null ? {} : { board: hardware.board.name }),
    }),
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
    timeZone,
    codes: receipts.codes,
    receipts: desk,
    ...links,
    printerFault: () => desk?.fault ?? null,
    keypadKeys: keypad === null ? null : { keys: keypad.keys },
    selfCheck,
    backlog: () => log.backlog(),
  });
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
    selfCheck,
    onScreens: (total) => screen.followers(total),
    logger,
  });
  const refresh = () => {
    local.refresh();
    sync.publishHealth();
  };
  desk?.onChange(() => local.refresh());
  screen.onChange(refresh);
  selfCheck.onChange(() => local.refresh());
  selfCheck.onRecord(() => sync.publishHealth());
  const clockWatch = new ClockWatch({ log, clock: systemClock, timers: systemTimers, logger });
  const unsubscribe = counter.subscribe((event) => {
    if (event.type === 'changed') sync.publishHealth();
    sound?.take(event);
  });
  const heard = (part: 'keypad' | 'sound', code: 'keypad-lost' | 'sound-failed') => ({
    link: (state: LinkState, reason: string) => {
      logger.info({ part, state, reason }, 'part changed');
      faults.tell(part, state, state === 'lost' ? code : undefined);
      refresh();
    },
  });

  counter.start();
  sound?.start(counter.snapshot());
  keypad?.node.start(heard('keypad', 'keypad-lost'));
  player?.start(heard('sound', 'sound-failed'));
  desk?.start();
  clockWatch.start();
  const address = await local.start();
  sync.start();
  const healthTimer = setInterval(() => sync.publishHealth(), config.healthMs);
  care.start();
  logger.info(
    { address, source, epoch: log.epochs().at(-1)?.epoch, keyId: signer.keyId, board: config.board?.url ?? null },
    'listening',
  );

  return async () => {
    clearInterval(healthTimer);
    care.stop();
    unsubscribe();
    clockWatch.stop();
    selfCheck.stop();
    screen.stop();
    await local.stop();
    sound?.stop();
    await player?.stop();
    keypad?.node.stop();
    await counter.stop();
    await desk?.stop();
    await sync.stop();
    log.close();
  };
}

/** A disk that takes nothing is no reason not to start: it is told, and there may be room by the first press. */
function recordBoot(log: TerminalLog, logger: Logger): void {
  try {
    log.append([{ kind: 'boot', body: { version: VERSION } }]);
  } catch (error) {
    logger.error({ error }, 'the start could not be recorded');
  }
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

function partStates<Links extends Readonly<Record<string, () => LinkState | 'absent'>>>(links: Links) {
  return Object.fromEntries(Object.entries(links).map(([part, link]) => [part, link()]));
}

const SERVICE_WORD = {
  offDuty: 'off-duty',
  idle: 'idle',
  paused: 'paused',
  outOfService: 'out-of-service',
  invited: 'in-session',
  pressed: 'in-session',
} as const;
