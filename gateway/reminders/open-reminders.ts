/** The messages of a hall, as its configuration names them. */
import { readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { gatewaySource, PjqError } from '../../protocol/index.js';
import type { GatewayConfiguration } from '../configuration.js';
import type { EvaluatorSafe } from '../evaluator/evaluator-safe.js';
import { FileSms } from './file-sms.js';
import { HttpSms } from './http-sms.js';
import { OptOuts } from './opt-out.js';
import { Reminders, type RemindersParts } from './reminders.js';
import type { SmsConfiguration } from './sms-configuration.js';
import type { SmsSender } from './sms-port.js';

type OpenParts = Omit<
  RemindersParts,
  'hall' | 'ownSource' | 'sender' | 'optOuts' | 'templates' | 'retry' | 'phoneOf'
> & {
  readonly evaluators: EvaluatorSafe | undefined;
};

/**
 * @returns `null` where nobody is to be written to: the policy does not have it, nobody carries messages, or no number
 *   is taken.
 * @throws PjqError `config-invalid`.
 */
export function openReminders(config: GatewayConfiguration, parts: OpenParts): Reminders | null {
  const { sms, hall, dataDir } = config;
  const { evaluators, policy, logger, store, clock } = parts;
  if (!policy.reminders.enabled) return null;
  if (sms === undefined || evaluators === undefined) {
    logger.warn({}, 'the policy has messages to those who have not rated; without sms and evaluator none are sent');
    return null;
  }
  const { retry, templates, perSecond } = sms;
  const optOuts = new OptOuts({ db: store.db, clock, digestOf: (phone) => evaluators.phoneDigest(phone) });
  const sender = openSender(sms, dataDir, clock);
  const phoneOf = async (serviceId: string) => (await evaluators.evaluatorFor(serviceId))?.phone ?? null;
  return new Reminders(
    { ...parts, hall, ownSource: gatewaySource(hall, config.gateway), retry, templates, optOuts, sender, phoneOf },
    { restMs: Math.ceil(1_000 / perSecond) },
  );
}

/** Who carries messages, as the configuration says it. @throws PjqError `config-invalid`. */
export function openSender(sms: SmsConfiguration, dataDir: string, clock: RemindersParts['clock']): SmsSender {
  const { kind, file, url, secretFile, timeoutMs } = sms;
  if (kind === 'file' && file !== undefined) {
    // Of the data folder backups are made.
    if (!relative(resolve(dataDir), resolve(file)).startsWith('..'))
      throw invalid('sms.file', 'must not be in dataDir', file);
    return new FileSms({ file, clock });
  }
  if (url === undefined || secretFile === undefined) throw invalid('sms', `lacks what kind ${kind} needs`, kind);
  return new HttpSms({ url, secret: readSecret('sms.secretFile', secretFile), timeoutMs });
}

function readSecret(path: string, file: string): string {
  let secret: string;
  try {
    secret = readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw invalid(path, 'cannot be read', (error as Error).message);
  }
  if (secret.length < 16) throw invalid(path, 'the secret must have at least 16 characters', String(secret.length));
  return secret;
}

function invalid(path: string, reason: string, got: string): PjqError {
  return new PjqError('config-invalid', `\n${path}: ${reason} (got ${got})`);
}
