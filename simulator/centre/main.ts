/**
 * A central system:
 * `node dist/simulator/centre/main.js --port 7320 --data DIR --secret-file FILE [--host 127.0.0.1] [--recognise case|key] [--refuse-bare-negative]`.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { PjqError } from '../../protocol/index.js';
import { faultsOf } from '../../protocol/runtime/configuration.js';
import { createLogger } from '../../protocol/runtime/logging.js';
import { systemClock } from '../../protocol/runtime/node-suite.js';
import { runProgram } from '../../protocol/runtime/program.js';
import { CentreServer } from './centre-server.js';
import { RECOGNITIONS } from './ledger.js';

const optionsSchema = z.strictObject({
  host: z.string().min(1).default('127.0.0.1'),
  port: z
    .string()
    .regex(/^\d{1,5}$/, 'must be a port number, 0 for any')
    .transform(Number)
    .pipe(z.int().max(65_535)),
  data: z.string().min(1),
  'secret-file': z.string().min(1),
  recognise: z.enum(RECOGNITIONS).default('case'),
  'refuse-bare-negative': z.boolean().default(false),
});

/** @throws PjqError `config-invalid`, one line a fault. */
function readOptions(args: string[]): z.infer<typeof optionsSchema> {
  const option = { type: 'string' } as const;
  let values: Record<string, unknown>;
  try {
    ({ values } = parseArgs({
      args,
      options: {
        host: option,
        port: option,
        data: option,
        'secret-file': option,
        recognise: option,
        'refuse-bare-negative': { type: 'boolean' },
      },
    }));
  } catch (cause) {
    throw new PjqError('config-invalid', `\n(command line): ${(cause as Error).message}`, { cause });
  }
  const parsed = optionsSchema.safeParse({ ...values });
  if (!parsed.success) throw new PjqError('config-invalid', `\n${faultsOf(parsed.error, values).join('\n')}`);
  return parsed.data;
}

/** The shared secret: the file's text without white space around it. */
function readSecret(file: string): string {
  let secret: string;
  try {
    secret = readFileSync(file, 'utf8').trim();
  } catch (cause) {
    throw new PjqError('config-invalid', `\nsecret-file: cannot be read (got ${(cause as Error).message})`, { cause });
  }
  if (secret === '')
    throw new PjqError('config-invalid', '\nsecret-file: must hold the shared secret (got an empty file)');
  return secret;
}

await runProgram(async () => {
  const options = readOptions(process.argv.slice(2));
  const log = createLogger('centre');
  const server = new CentreServer({
    host: options.host,
    port: options.port,
    dataDir: options.data,
    secret: readSecret(options['secret-file']),
    recognition: options.recognise,
    refusesBareNegative: options['refuse-bare-negative'],
    clock: systemClock,
    log,
  });
  const port = await server.start();
  log.info({ host: options.host, port }, 'listening');
  return () => server.stop();
});
