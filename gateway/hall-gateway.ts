/** The hall's gateway, put together from its parts. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gatewaySource, PjqError, RETAINED } from '../protocol/index.js';
import { DEFAULT_RETRY } from '../protocol/runtime/config-parts.js';
import type { Logger } from '../protocol/runtime/logging.js';
import { nodeRandomness, nodeSuite, signatureCheck, systemClock } from '../protocol/runtime/node-suite.js';
import { readPolicy } from '../protocol/runtime/policy-file.js';
import { HttpApi } from './api/http-api.js';
import type { Broker } from './broker/broker.js';
import { EmbeddedBroker } from './broker/embedded-broker.js';
import { ExternalBroker } from './broker/external-broker.js';
import { GenericCentre } from './centre/generic-centre.js';
import { MqttCommands } from './commands/mqtt-commands.js';
import type { GatewayConfiguration } from './configuration.js';
import { Days } from './days/days.js';
import { DEFAULT_RETENTION_DAYS, Erasing } from './evaluator/erasing.js';
import { openSafe } from './evaluator/open-safe.js';
import { addForwardMetrics } from './forward/forward-metrics.js';
import { Forwarder } from './forward/forwarder.js';
import { closeAbandoned } from './ingest/grace.js';
import { Ingest } from './ingest/ingest.js';
import { resolveOverlooked } from './ingest/resolve-requested.js';
import { createMetrics } from './metrics.js';
import { openHall } from './open-hall.js';
import { openRate } from './rate/open-rate.js';
import { ListWatch } from './reasons/list-watch.js';
import { openReminders } from './reminders/open-reminders.js';
import { Retention } from './retention/retention.js';
import { FirstAnswers } from './services/first-answers.js';
import { ReasonDesk } from './services/reason-desk.js';
import { addCodeMetric } from './services/codes-without-service.js';
import { addReasonMetric } from './services/reason-metric.js';
import { ServiceDesk } from './services/service-desk.js';
import { readTerminals } from './services/terminal-board.js';
import { raiseAlarmBeside } from './store/alarm-beside.js';
import { Ballast } from './store/ballast.js';
import { Checkpointer } from './store/checkpointer.js';
import { keptQuery } from './store/kept-query.js';
import { storeFault } from './store/store-fault.js';
import { StoreHealth } from './store/store-health.js';
import { addStoreMetrics } from './store/store-metrics.js';
import { DATABASE_FILE, type Db } from './store/store.js';
import { StoreDoor } from './store-door.js';
import { TerminalMessages } from './terminal-messages.js';

/** As Vite builds them, beside this program. */
const PAGES_DIR = fileURLToPath(new URL('./pages', import.meta.url));
const GRACE_LOOK_MS = 60_000;
const REASON_LOOK_MS = 60_000;
const HOUR_MS = 3_600_000;

/** @returns its `stop`. */
export async function startGateway(config: GatewayConfiguration, logger: Logger): Promise<() => Promise<void>> {
  const { hall } = config;
  const { policy, policyId } = readPolicy(config.policyFile);
  const { api: apiSecret, centre: centreSecret, board: boardSecret } = readFiles(config);
  let seeFault: (error: unknown) => void = () => undefined;
  const ballast = new Ballast(config.dataDir);
  let fullAtStart: unknown;
  const open = () => openHall(config, { onFault: (error) => seeFault(error) });
  const { store, registry, publicKey, signer } = await open().catch((error: unknown) => {
    // Opening writes, too; with the room that was kept back it can.
    if (storeFault(error) !== 'full' || !ballast.give()) throw error;
    fullAtStart = error;
    return open();
  });
  const { db } = store;
  const evaluators = await openSafe(config, store, systemClock);
  const checkpointer = new Checkpointer(config.dataDir, logger);
  const metrics = createMetrics(db);
  let connectionsKnown = false;
  const health = new StoreHealth({
    db,
    folder: config.dataDir,
    clock: systemClock,
    logger,
    ballast,
    alarmBeside: (alarm) => raiseAlarmBeside(join(config.dataDir, DATABASE_FILE), alarm),
    onFull: () => void retention.look(),
    onSound: async () => {
      if (!connectionsKnown) await nobodyConnected(db);
      connectionsKnown = true;
      door.open();
      forwarder.wake();
    },
  });
  seeFault = (error) => health.saw(error);
  addStoreMetrics(metrics.registry, db, () => health.condition);
  addReasonMetric(metrics.registry, { db, clock: systemClock, timeZone: policy.timeZone });
  addCodeMetric(metrics.registry, db);
  const countOutcome = addForwardMetrics(metrics.registry, {
    db,
    clock: systemClock,
    timeZone: policy.timeZone,
    isDiscreet: config.centre.refusesBareNegative,
  });
  const broker = createBroker(config, db, logger);

  const centre = new GenericCentre({
    url: config.centre.url,
    secret: centreSecret,
    timeoutMs: config.centre.timeoutMs,
    connectTimeoutMs: Math.min(5_000, config.centre.timeoutMs),
    connections: config.centre.concurrency,
    clock: systemClock,
  });
  const forwarder = new Forwarder({
    hall,
    store,
    centre,
    policy,
    clock: systemClock,
    retry: config.centre.retry,
    uniform: () => nodeRandomness.uniform(),
    logger,
    concurrency: config.centre.concurrency,
    claimMs: config.centre.timeoutMs * 2,
    refusesBareNegative: config.centre.refusesBareNegative,
    ...(config.centre.takesEvaluator && evaluators !== undefined
      ? { evaluatorFor: (serviceId: string) => evaluators.bytesFor(serviceId) }
      : {}),
    onOutcome: countOutcome,
  });
  const ingest = new Ingest({
    hall,
    store,
    registry,
    suite: nodeSuite,
    signer,
    verifyOwn: signatureCheck(publicKey),
    clock: systemClock,
    logger,
    publishAck: (terminal, payload) => broker.publish(terminal, 'ack', payload, { retain: RETAINED.ack }),
    rules: policy,
    onCommit: (linked) => {
      metrics.entries.inc(linked);
      if (linked === 0) return;
      health.committed();
      forwarder.wake();
    },
    onQuarantine: (code) => {
      metrics.quarantined.inc({ code });
      logger.warn({ code }, 'meaning set aside');
    },
  });
  const commands = new MqttCommands({ suite: nodeSuite, broker, isConnected: (terminal) => isConnected(db, terminal) });
  const messages = new TerminalMessages({ suite: nodeSuite, db, ingest, commands, broker, policy, policyId, logger });
  const lists = new ListWatch({ db, logger, publish: () => messages.publishConfigs() });
  const door = new StoreDoor({ health: () => health.condition, messages, ingest });
  const retention = new Retention({
    store,
    suite: nodeSuite,
    signer,
    clock: systemClock,
    firstAnswers: new FirstAnswers({ store, clock: systemClock }),
    logger,
    rule: config.retention,
  });
  const days = new Days({ store, clock: systemClock, policy, policyId, logger });
  const reminders = openReminders(config, {
    store,
    evaluators,
    clock: systemClock,
    policy,
    uniform: () => nodeRandomness.uniform(),
    logger,
  });
  const erasing = new Erasing({
    store,
    folder: config.dataDir,
    clock: systemClock,
    logger,
    retentionDays: config.evaluator?.retentionDays ?? DEFAULT_RETENTION_DAYS,
    hasOpenWorkOrder: async () => false, // There are none yet.
  });
  const desk = new ServiceDesk({
    store,
    commands,
    policy,
    clock: systemClock,
    randomness: nodeRandomness,
    hall,
    evaluators,
    admit: () => health.check(),
  });
  const rate = openRate(config, {
    store,
    policy,
    policyId,
    evaluators,
    logger,
    admit: () => health.check(),
    onRated: () => forwarder.wake(),
    reasons: () => lists.shown.reasons,
  });
  const api = new HttpApi(
    {
      desk,
      store,
      clock: systemClock,
      randomness: nodeRandomness,
      log: logger,
      metrics: metrics.registry,
      terminals: () => readTerminals(db, systemClock.wallMs(), policy.timeZone),
      secret: apiSecret,
      ...(boardSecret === undefined ? {} : { board: { secret: boardSecret, pagesDir: PAGES_DIR } }),
      readiness: async () => ({ store: await health.takesWrites(), broker: broker.connected }),
    },
    {
      limits: config.http.limits,
      ...(config.http.allowedHosts === undefined ? {} : { allowedHosts: config.http.allowedHosts }),
    },
  );

  const grace = () => {
    closeAbandoned({
      store,
      suite: nodeSuite,
      clock: systemClock,
      graceMs: policy.graceHours * HOUR_MS,
      ownSource: gatewaySource(hall, config.gateway),
      logger,
      onClosed: () => forwarder.wake(),
      rules: policy,
    }).catch((error: unknown) => logger.error({ error }, 'grace'));
  };

  const reasons = new ReasonDesk({ store, clock: systemClock });
  const lookForReasons = () => {
    reasons.look(policy.bareNegative).then(
      (supplied) => {
        if (supplied > 0) forwarder.wake();
      },
      (error: unknown) => logger.error({ error }, 'reasons'),
    );
  };

  health.start(fullAtStart);
  checkpointer.start();
  // A gateway that wakes on a full disk waits for room like one that fell full at work.
  connectionsKnown = await nobodyConnected(db).then(
    () => true,
    (error: unknown) => {
      if (health.condition === 'full') return false;
      throw error;
    },
  );
  centre.start();
  await broker.start({
    message: (terminal, channel, payload) => door.receive(terminal, channel, payload),
    refused: (terminal, code, detail) => ingest.refuse(terminal, code, detail),
    down: () => {
      nobodyConnected(db).catch((error: unknown) => logger.error({ error }, 'broker lost'));
    },
  });
  await resolveOverlooked(db, { suite: nodeSuite, rules: policy }).catch((error: unknown) =>
    logger.error({ error }, 'codes without a service'),
  );
  forwarder.start();
  const { port } = await api.start({ host: config.http.host, port: config.http.port });
  const rated = await rate?.start();
  const graceTimer = setInterval(grace, GRACE_LOOK_MS);
  const reasonTimer = setInterval(lookForReasons, REASON_LOOK_MS);
  retention.start();
  days.start();
  lists.start();
  reminders?.start();
  erasing.start();
  logger.info(
    {
      port,
      mqttPort: broker instanceof EmbeddedBroker ? broker.port : undefined,
      ratePort: rated?.port,
      policyId,
      ...(await store.identity()),
    },
    'listening',
  );

  return async () => {
    clearInterval(graceTimer);
    clearInterval(reasonTimer);
    await lists.stop();
    await api.stop();
    await rate?.stop();
    await broker.stop();
    await ingest.stop();
    await forwarder.stop();
    await centre.stop();
    await retention.stop();
    await days.stop();
    await reminders?.stop();
    await erasing.stop();
    await health.stop();
    await checkpointer.stop();
    await store.close();
  };
}

function createBroker(config: GatewayConfiguration, db: Db, logger: Logger): Broker {
  const { hall, gateway, mqtt } = config;
  if ('embedded' in mqtt) {
    return new EmbeddedBroker({
      hall,
      ...mqtt.embedded,
      logger,
      isKnown: async (terminal) =>
        (await db.selectFrom('terminal').select('terminal').where('terminal', '=', terminal).executeTakeFirst()) !==
        undefined,
    });
  }
  return new ExternalBroker({ hall, gateway, ...mqtt, retry: { ...DEFAULT_RETRY, capMs: 5_000 }, logger });
}

/** Whoever is there says so: at their connection, or by the state that the broker retains. */
async function nobodyConnected(db: Db): Promise<void> {
  await db
    .updateTable('terminal')
    .set({ state: 'lost', session: null, stateAt: systemClock.wallMs() })
    .where('state', '<>', 'lost')
    .execute();
}

const stateOf = keptQuery((db, terminal: string) =>
  db.selectFrom('terminal').select('state').where('terminal', '=', terminal),
);

async function isConnected(db: Db, terminal: string): Promise<boolean> {
  const [row] = await stateOf(db, terminal);
  return row?.state === 'connected';
}

/**
 * The secrets of the business system, of the centre and of the managers; that TLS can be had is looked at as well.
 * @throws PjqError `config-invalid` with every fault at once.
 */
function readFiles({ http, centre, mqtt }: GatewayConfiguration): { api: string; centre: string; board?: string } {
  const faults: string[] = [];
  const read = (path: string, file: string): string => {
    try {
      return readFileSync(file, 'utf8').trim();
    } catch (error) {
      faults.push(`${path}: cannot be read (got ${(error as Error).message})`);
      return '';
    }
  };
  const secret = (path: string, file: string): string => {
    const before = faults.length;
    const text = read(path, file);
    if (faults.length === before && text.length < 16)
      faults.push(`${path}: the secret must have at least 16 characters (got ${text.length})`);
    return text;
  };
  const secrets = {
    api: secret('http.secretFile', http.secretFile),
    centre: secret('centre.secretFile', centre.secretFile),
    ...(http.boardSecretFile === undefined ? {} : { board: secret('http.boardSecretFile', http.boardSecretFile) }),
  };
  const [way, tls] = 'embedded' in mqtt ? ['mqtt.embedded', mqtt.embedded.tls] : ['mqtt', mqtt.tls];
  for (const [key, file] of Object.entries(tls ?? {})) read(`${way}.tls.${key}`, file);
  if (faults.length > 0) throw new PjqError('config-invalid', `\n${faults.join('\n')}`);
  return secrets;
}
