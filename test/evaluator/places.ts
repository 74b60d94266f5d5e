/** Where things are left: files below a folder, and the memory of a process, as a core dump would hold it. */
import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Found, Searcher } from './searcher.js';

export interface FoundAt extends Found {
  readonly place: string;
}

/** Every file below a folder, whole: databases with their free pages, write-ahead logs, what lies beside them. */
export function searchFiles(searcher: Searcher, folder: string): FoundAt[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .flatMap((path) => searchText(searcher, path, readFileSync(path)));
}

export function searchText(searcher: Searcher, place: string, content: Buffer | string): FoundAt[] {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  return searcher.search(bytes).map((found) => ({ place, ...found }));
}

const CHUNK_BYTES = 8 * 1024 * 1024;

/** How a program holds a text while it works with it; memory is large, and every further way takes its time. */
export const WAYS_IN_MEMORY = ['utf-8', 'gbk', 'utf-16le', 'hex of utf-8', 'base64 of utf-8', 'json', 'url'];

/**
 * The memory of a child process that it may write to: what a core dump holds but for the programs' own files.
 * @returns how much was read, too: nothing read would be nothing found; `null` where the system lets nobody look into
 * another process.
 */
export function searchMemory(searcher: Searcher, pid: number): { found: FoundAt[]; bytes: number } | null {
  const found: FoundAt[] = [];
  let total = 0;
  const memory = openMemory(pid);
  if (memory === null) return null;
  const overlap = searcher.longest;
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES + overlap);
  try {
    for (const { from, to, name } of writableRegions(pid)) {
      for (let at = from; at < to; at += CHUNK_BYTES) {
        const read = readSome(memory, chunk, at, Math.min(chunk.length, to - at));
        total += Math.min(read, CHUNK_BYTES);
        found.push(...searchText(searcher, `memory of ${pid} ${name} 0x${at.toString(16)}`, chunk.subarray(0, read)));
      }
    }
  } finally {
    closeSync(memory);
  }
  return { found, bytes: total };
}

function openMemory(pid: number): number | null {
  try {
    return openSync(`/proc/${pid}/mem`, 'r');
  } catch (error) {
    if (['EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) return null;
    throw error;
  }
}

function writableRegions(pid: number): { from: number; to: number; name: string }[] {
  return readFileSync(`/proc/${pid}/maps`, 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [, from, to, access, name = ''] = /^([0-9a-f]+)-([0-9a-f]+) (\S+) \S+ \S+ \S+\s*(.*)$/.exec(line) ?? [];
      if (from === undefined || to === undefined || access?.startsWith('rw') !== true) return [];
      return [{ from: Number.parseInt(from, 16), to: Number.parseInt(to, 16), name: name === '' ? 'anonymous' : name }];
    });
}

/** A region may go while it is read: what is not there any more holds nothing. */
function readSome(memory: number, into: Buffer, at: number, length: number): number {
  try {
    return readSync(memory, into, 0, length, at);
  } catch {
    return 0;
  }
}
