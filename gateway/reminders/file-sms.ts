/**
 * Writes messages to a file, a line of JSON each, for another program to carry. It holds phone numbers in clear, so it
 * is for its owner's eyes only, and no part of the hall's data folder, of which backups are made.
 */
import { open } from 'node:fs/promises';
import type { Clock } from '../../protocol/index.js';
import type { SmsMessage, SmsOutcome, SmsSender } from './sms-port.js';

export interface FileSmsOptions {
  readonly file: string;
  readonly clock: Pick<Clock, 'wallMs'>;
}

export class FileSms implements SmsSender {
  readonly #options: FileSmsOptions;

  constructor(options: FileSmsOptions) {
    this.#options = options;
  }

  async send(message: SmsMessage): Promise<SmsOutcome> {
    const { file, clock } = this.#options;
    const line = `${JSON.stringify({ at: new Date(clock.wallMs()).toISOString(), ...message })}\n`;
    const handle = await open(file, 'a', 0o600).catch((error: NodeJS.ErrnoException) => error);
    if (handle instanceof Error)
      return { kind: 'retry', code: 'sms-unreachable', detail: handle.code ?? 'the file cannot be opened' };
    try {
      // A file that was there before may be open to others.
      await handle.chmod(0o600);
      await handle.appendFile(line);
      await handle.sync();
      return { kind: 'sent' };
    } catch (error) {
      return { kind: 'unsure', code: 'sms-unsure', detail: (error as NodeJS.ErrnoException).code ?? 'unknown fault' };
    } finally {
      await handle.close();
    }
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
