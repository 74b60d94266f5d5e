/** The thread behind `checkpointer.ts`: a second connection that carries the write-ahead log over into the database. */
import { parentPort, workerData } from 'node:worker_threads';
import Database from 'better-sqlite3';

const { file, everyMs } = workerData as { file: string; everyMs: number };
const connection = new Database(file, { timeout: 0, fileMustExist: true });
connection.pragma('synchronous = FULL');
const timer = setInterval(() => {
  try {
    // PASSIVE waits for nobody and holds nobody up; what it cannot take now it takes the next time.
    connection.pragma('wal_checkpoint(PASSIVE)');
  } catch {
    // A full or failing disk is met by the commits themselves, which tell of it.
  }
}, everyMs);
parentPort?.once('message', () => {
  clearInterval(timer);
  connection.close();
});
