/** Rows of a hall's database, read beside the running gateway. */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Hall } from './hall.js';

export function gatewayRows<T>(hall: Hall, sql: string, ...parameters: unknown[]): T[] {
  const db = new Database(join(hall.gatewayData, 'hall.db'), { readonly: true });
  try {
    return db.prepare(sql).all(...parameters) as T[];
  } finally {
    db.close();
  }
}
