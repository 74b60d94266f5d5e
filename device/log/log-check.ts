/** Asks whether the log's file is whole and its chain holds, without a press having to wait for the answer. */
import { Worker } from 'node:worker_threads';
import type { RowPlace } from './entry-chain.js';

/** The log may be large and the card slow: whoever stands before the terminal is not kept waiting for it. */
const LIMIT_MS = 2_000;
const TAIL_ENTRIES = 500;

export interface LogCheckQuestion {
  readonly file: string;
  readonly source: string;
  readonly head: RowPlace & { readonly hash: Uint8Array };
  readonly tailEntries: number;
}

/** `unreadable`: the file could not be opened or read, which is no word on what is in it. */
export interface LogCheckFound {
  readonly integrity: 'ok' | 'damaged' | 'slow' | 'unreadable';
  readonly chain: 'ok' | 'broken' | 'head-differs' | 'slow' | 'unreadable';
}

export type LogCheckAnswer = Partial<LogCheckFound>;

export interface LogCheckParts {
  readonly file: string;
  readonly source: string;
  /** The last entry as the running program wrote it. */
  readonly head: () => LogCheckQuestion['head'];
  readonly limitMs?: number;
  /** The built program of the thread. */
  readonly program?: URL;
}

/** Checks it once. What has no answer within the limit is `slow`. Never rejects. */
export function checkLog(parts: LogCheckParts): Promise<LogCheckFound> {
  const { file, source, head, limitMs = LIMIT_MS } = parts;
  const program = parts.program ?? new URL('./log-check-worker.js', import.meta.url);
  return new Promise((resolve) => {
    const question: LogCheckQuestion = { file, source, head: head(), tailEntries: TAIL_ENTRIES };
    const worker = new Worker(program, { workerData: question });
    // It only reads: a program that ends does not wait for it.
    worker.unref();
    let found: LogCheckAnswer = {};
    const end = (rest: 'slow' | 'unreadable') => {
      clearTimeout(limit);
      resolve({ integrity: rest, chain: rest, ...found });
      void worker.terminate();
    };
    const limit = setTimeout(() => end('slow'), limitMs);
    worker.on('message', (answer: LogCheckAnswer) => {
      found = { ...found, ...answer };
      if (found.integrity !== undefined && found.chain !== undefined) end('slow');
    });
    worker.on('error', () => end('unreadable'));
    worker.on('exit', () => end('unreadable'));
  });
}
