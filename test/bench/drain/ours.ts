/** What is measured of pjq: mornings after a night of so many ratings, from one terminal and from hundreds. */
import { writeBacklog, type Backlog } from './backlog.js';
import { drainOnce, type DrainFigures, type DrainOptions } from './drain-once.js';
import { quantilesMs, type Contestant, type Figures } from './figures.js';
import { removeFolder } from './folders.js';
import { killOnce } from './kill-once.js';
import { canGivePrecedence } from './precedence.js';

export interface OurSizes {
  readonly ratings: number;
  readonly terminals: readonly number[];
}

export class Ours {
  readonly #sizes: OurSizes;
  readonly #root: string | undefined;
  readonly #backlogs = new Map<number, Backlog>();

  constructor(sizes: OurSizes, root: string | undefined) {
    this.#sizes = sizes;
    this.#root = root;
  }

  /** @param slowDisk library that makes the gateway's disk slow; without it that part is left out. */
  contestants(slowDisk: string | null): Contestant[] {
    const { terminals } = this.#sizes;
    const fewest = Math.min(...terminals);
    const most = Math.max(...terminals);
    return [
      ...terminals.map((total) => this.#drain(named(total), total, {})),
      this.#drain(`${named(fewest)}, pressed while it drains`, fewest, { pressed: 'draining' }),
      this.#drain(`${named(most)}, pressed at one that is online`, most, { pressed: 'online' }),
      ...(canGivePrecedence()
        ? [
            this.#drain(`${named(most)}, pressed at one that is a machine of its own`, most, {
              pressed: 'online',
              ownMachine: true,
            }),
          ]
        : []),
      ...(slowDisk === null
        ? []
        : terminals.map((total) => this.#drain(`${named(total)}, 5 ms fsync`, total, { preload: slowDisk }))),
    ];
  }

  /** Mornings in which one side is killed, at the fewest terminals and at the most. */
  kills(): Contestant[] {
    const { terminals } = this.#sizes;
    const ends = [...new Set([Math.min(...terminals), Math.max(...terminals)])];
    return ends.flatMap((total) =>
      (['edge', 'hall'] as const).map((kill) => ({
        name: `${named(total)}, ${kill} killed`,
        once: async () => {
          const { lost, doubled, setAside } = await killOnce(await this.backlogOf(total), { kill, root: this.#root });
          return { lost: lost.length, doubled: doubled.length, setAside };
        },
      })),
    );
  }

  async backlogOf(terminals: number): Promise<Backlog> {
    let backlog = this.#backlogs.get(terminals);
    if (backlog === undefined) {
      backlog = await writeBacklog({ terminals, ratings: this.#sizes.ratings, online: 1 });
      this.#backlogs.set(terminals, backlog);
    }
    return backlog;
  }

  remove(): void {
    for (const { folder } of this.#backlogs.values()) removeFolder(folder);
  }

  #drain(name: string, terminals: number, options: DrainOptions): Contestant {
    return {
      name,
      once: async () => {
        const backlog = await this.backlogOf(terminals);
        const figures = await drainOnce(backlog, { ...options, root: this.#root });
        complain(backlog, figures);
        return flat(figures);
      },
    };
  }
}

/** @returns what a drain from so many terminals is called in the report. */
export function named(terminals: number): string {
  return `pjq, ${terminals} terminal${terminals === 1 ? '' : 's'}`;
}

/** @throws when the figures are of a drain that did not do its work. */
export function complain(backlog: Backlog, { arrived, pressed }: DrainFigures): void {
  const { lost, doubled, setAside, presses, ratings, queued } = arrived;
  const least = backlog.ratings;
  const faults = [
    lost.length > 0 && `${lost.length} lost`,
    doubled.length > 0 && `${doubled.length} doubled`,
    setAside > 0 && `${setAside} set aside`,
    presses !== least + (pressed?.durableUs.length ?? 0) && `${presses} presses projected`,
    ratings < least && `${ratings} ratings projected`,
    queued < least && `${queued} queued for the centre`,
  ].filter((fault) => fault !== false);
  if (faults.length > 0) throw new Error(`of ${least} ratings: ${faults.join(', ')}`);
}

export function flat(figures: DrainFigures): Figures {
  const { pressed, arrived, ...numbers } = figures;
  return {
    ...numbers,
    lost: arrived.lost.length,
    doubled: arrived.doubled.length,
    ...(pressed === null
      ? {}
      : { ...quantilesMs('durable', pressed.durableUs), ...quantilesMs('acked', pressed.ackedUs) }),
  };
}
