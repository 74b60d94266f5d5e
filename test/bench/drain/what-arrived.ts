/**
 * What the terminals' files say was pressed, beside what the gateway's file has: by the files alone, with nothing of
 * the programs that wrote them.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { LOG } from './hall-of-the-bench.js';

export interface Arrived {
  /** Ratings and presses that the terminals wrote. */
  readonly written: number;
  readonly entries: number;
  readonly lost: readonly string[];
  readonly doubled: readonly string[];
  /** What the gateway made of them: rows that stand beside the log. */
  readonly presses: number;
  readonly ratings: number;
  readonly queued: number;
  readonly setAside: number;
}

interface Line {
  readonly kind: string;
  readonly body: { readonly id?: string };
}

/** @param folders of the terminals, one folder in them each. */
export function lookWhatArrived(folders: readonly string[], gatewayFile: string): Arrived {
  const written = new Set<string>();
  for (const folder of new Set(folders))
    for (const terminal of readdirSync(folder)) {
      const file = join(folder, terminal, LOG);
      if (!existsSync(file)) continue;
      for (const id of idsIn(file)) written.add(id);
    }
  const times = new Map<string, number>();
  for (const id of idsIn(gatewayFile)) times.set(id, (times.get(id) ?? 0) + 1);
  const db = new Database(gatewayFile, { readonly: true });
  const total = (table: string) => Number(db.prepare(`SELECT count(*) FROM ${table}`).pluck().get());
  try {
    return {
      written: written.size,
      entries: total('entry'),
      lost: [...written].filter((id) => !times.has(id)),
      doubled: [...times].filter(([id, seen]) => seen > 1 || !written.has(id)).map(([id]) => id),
      presses: total('press'),
      ratings: total('rating'),
      queued: total('forward'),
      setAside: total('quarantine') + total('gap') + total('pending'),
    };
  } finally {
    db.close();
  }
}

/** `kind id` of every press and rating in a log; both databases keep the entries' bytes in a table of this name. */
function* idsIn(file: string): Generator<string> {
  const db = new Database(file, { readonly: true });
  try {
    for (const { bytes } of db.prepare('SELECT bytes FROM entry').iterate() as IterableIterator<{ bytes: Buffer }>) {
      const { kind, body } = JSON.parse(bytes.toString()) as Line;
      if (kind === 'press' || kind === 'rating') yield `${kind} ${body.id ?? '?'}`;
    }
  } finally {
    db.close();
  }
}
