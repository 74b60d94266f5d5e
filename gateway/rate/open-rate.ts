/** The phone page as the configuration has it: its server, the doors behind it, and who watches them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gatewaySource, PjqError, REASONS, type Policy, type Reason } from '../../protocol/index.js';
import type { HttpTls } from '../../protocol/runtime/guarded-http-server.js';
import type { Logger } from '../../protocol/runtime/logging.js';
import { nodeRandomness, nodeSuite, systemClock } from '../../protocol/runtime/node-suite.js';
import type { GatewayConfiguration } from '../configuration.js';
import type { EvaluatorSafe } from '../evaluator/evaluator-safe.js';
import { openMisuse } from '../misuse/open-misuse.js';
import { RECEIPT_KEYS_FILE } from '../registry/receipt-key-file.js';
import { ReceiptKeys } from '../registry/receipt-keys.js';
import { keepText } from '../services/free-text.js';
import { RatingDesk } from '../services/rating-desk.js';
import type { Store } from '../store/store.js';
import { CodeDesk } from './code-desk.js';
import { FirstProgress } from './first-progress.js';
import { openWindowCode } from './open-window-code.js';
import { openPageKey } from './page-key.js';
import type { RateConfiguration } from './rate-configuration.js';
import { RateServer } from './rate-server.js';
import { ratingPages } from './rating-pages.js';
import { RefusedCodes } from './refused-codes.js';
import { UnopenedCodes } from './unopened-codes.js';
import { windowPages } from './window-pages.js';

export interface RateOpenParts {
  readonly store: Store;
  readonly policy: Policy;
  /** The policy as entries name it. */
  readonly policyId: string;
  readonly evaluators: EvaluatorSafe | undefined;
  readonly logger: Logger;
  /** Throws, coded, while nothing may be written. */
  readonly admit: () => void;
  /** After the commit of an act: the centre's queue may have grown. */
  readonly onRated: () => void;
  /** The reasons in force; the national ones where it is not said. */
  readonly reasons?: () => readonly Reason[];
}

export interface RatePart {
  /** @returns the port that the page is at. */
  start(): Promise<{ port: number }>;
  stop(): Promise<void>;
}

/** @returns `undefined` where the configuration has no `rate`. @throws PjqError `config-invalid`. */
export function openRate(config: GatewayConfiguration, parts: RateOpenParts): RatePart | undefined {
  const { rate, dataDir } = config;
  if (rate === undefined) return undefined;
  const { store, policy, policyId, evaluators, logger, admit, onRated, reasons = () => REASONS } = parts;
  const [suite, clock, randomness] = [nodeSuite, systemClock, nodeRandomness];
  const { protocol, pathname } = new URL(rate.publicUrl);
  const basePath = pathname.replace(/\/+$/, '');
  const tls = readTls(rate);
  const digest = openPageKey(dataDir);
  const refused = new RefusedCodes({ store, clock, logger });
  const unopened = new UnopenedCodes({ hall: config.hall, store, suite, logger });
  const { watched, misuse } = openMisuse({
    store,
    suite,
    clock,
    policy,
    logger,
    digest,
    hallNetworks: rate.hallNetworks,
  });
  const windowCode = openWindowCode(config, { store, suite, clock, policy, digest, evaluators, refused, logger });
  const door = new CodeDesk({
    db: store.db,
    clock,
    policy,
    keys: new ReceiptKeys({
      file: join(dataDir, RECEIPT_KEYS_FILE),
      suite,
      clock,
      onFault: (error) => logger.error({ error }, 'receipt keys'),
    }),
    desk: new RatingDesk({
      store,
      suite,
      clock,
      policy,
      policyId,
      ownSource: gatewaySource(config.hall, config.gateway),
      keepText,
      admit,
      onRated,
    }),
    progress: new FirstProgress(store.db),
    refused,
    ...(windowCode === null ? {} : { windowPass: windowCode.windowPass }),
  });
  const server = new RateServer({
    routes: [
      ...(windowCode === null ? [] : windowPages(windowCode.door)),
      ...ratingPages({
        door: watched(door),
        clock,
        randomness,
        basePath,
        secure: protocol === 'https:',
        handOver: policy.later.handOver,
        indicators: policy.indicators,
        reasons,
      }),
    ],
    basePath,
    log: logger,
    randomness,
    trustedProxies: rate.trustedProxies,
    limits: rate.limits,
    ...(tls === undefined ? {} : { tls }),
  });
  return {
    start: async () => {
      misuse.start();
      unopened.start();
      return server.start({ host: rate.host, port: rate.port });
    },
    stop: async () => {
      await server.stop();
      await windowCode?.stop();
      await misuse.stop();
      await unopened.stop();
      await refused.stop();
    },
  };
}

/** @throws PjqError `config-invalid` with every file that cannot be read. */
function readTls({ tls }: RateConfiguration): HttpTls | undefined {
  if (tls === undefined) return undefined;
  const faults: string[] = [];
  const read = (key: keyof typeof tls): string => {
    try {
      return readFileSync(tls[key], 'utf8');
    } catch (error) {
      faults.push(`rate.tls.${key}: cannot be read (got ${(error as Error).message})`);
      return '';
    }
  };
  const found = { ca: read('caFile'), cert: read('certFile'), key: read('keyFile') };
  if (faults.length > 0) throw new PjqError('config-invalid', `\n${faults.join('\n')}`);
  return found;
}
