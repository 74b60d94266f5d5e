/**
 * What a peer of the overnight drain is: something that keeps records at the edge while the hall is away, and carries
 * them to the hall afterwards, where they end in a durable table of SQLite.
 */
export type SinkKind = 'ordinary' | 'tuned';

export interface PeerPlace {
  /** Empty; everything of this run is in it. */
  readonly folder: string;
  readonly sink: SinkKind;
  /** Library that makes the disk of the far table slow. */
  readonly preload?: string | undefined;
}

export interface Peer {
  readonly name: string;
  /** Nothing has come for so long: it is over, and what is missing is lost. */
  readonly patienceMs: number;
  /** Why it cannot run here; `null` where it can. */
  unavailable(): string | null;
  at(place: PeerPlace): PeerRun;
}

/** One run. Every `start…` takes up what its disk has. */
export interface PeerRun {
  /** Edge and hall know each other, and the hall is away again. */
  prepare(): Promise<void>;
  /** Gives the edge so many records; resolves once it has acknowledged every one. */
  fill(records: number): Promise<void>;
  startHall(): Promise<void>;
  killHall(): Promise<void>;
  killEdge(): Promise<void>;
  startEdge(): Promise<void>;
  stop(): Promise<void>;
}

const RECORD_BYTES = 400;

/** A rating as one record of 400 bytes of JSON; `n` is its id. */
export function recordOf(n: number): string {
  const facts = {
    n,
    terminal: `t${(n % 300) + 1}`,
    serviceId: (n * 2_654_435_761).toString(16).padStart(16, '0').slice(-16),
    caseNo: `20260921${String(n).padStart(8, '0')}`,
    stage: 'completion',
    window: String((n % 300) + 1),
    staffNo: '1024',
    level: (n % 5) + 1,
    via: 'key',
    policy: 'default@5a0e7c31',
    openedAt: 1_789_984_800_000 + n * 1_000,
    pressedAt: 1_789_984_805_000 + n * 1_000,
    note: '',
  };
  const bare = JSON.stringify(facts);
  return JSON.stringify({ ...facts, note: 'x'.repeat(Math.max(0, RECORD_BYTES - bare.length)) });
}

export const TOPIC = 'rating';
