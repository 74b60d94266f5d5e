/**
 * Whether a device is plugged in, by its file under /dev: a udev rule gives it a stable name, and it comes and goes
 * with the device. A link whose target is gone counts as gone.
 *
 * The folder is watched, so that a change is told at once; a slow look tells it where watching does not work (the
 * folder is not there yet or was made anew, the system has no watches left, the target of a link went).
 */
import { watch, type FSWatcher } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { LinkState } from '../ports/counter-board.js';

export interface DeviceNodeOptions {
  readonly path: string;
  /** How often it is looked for at least, ms; 2,000 by default. */
  readonly everyMs?: number;
}

export interface DeviceNodeEvents {
  /** Told once after `start`, then at each change. `reason` is for the operator. */
  link(state: LinkState, reason: string): void;
}

const EVERY_MS = 2_000;

export class DeviceNode {
  readonly #path: string;
  readonly #everyMs: number;
  #events: DeviceNodeEvents | undefined;
  #link: LinkState = 'lost';
  #told = false;
  #timer: NodeJS.Timeout | undefined;
  #watcher: { readonly of: FSWatcher; readonly folder: string } | undefined;
  #looking = false;
  #lookAgain = false;

  constructor({ path, everyMs }: DeviceNodeOptions) {
    this.#path = path;
    this.#everyMs = everyMs ?? EVERY_MS;
  }

  /** `lost` before it is started, while it is not known yet, and after it was stopped. */
  get link(): LinkState {
    return this.#link;
  }

  start(events: DeviceNodeEvents): void {
    if (this.#events) return;
    this.#events = events;
    this.#timer = setInterval(() => this.#look(), this.#everyMs);
    this.#look();
  }

  stop(): void {
    this.#events = undefined;
    clearInterval(this.#timer);
    this.#unwatch();
    this.#link = 'lost';
    this.#told = false;
  }

  /** One look at a time; a change that comes meanwhile is looked at after it. */
  #look(): void {
    if (this.#looking) {
      this.#lookAgain = true;
      return;
    }
    this.#looking = true;
    this.#lookAgain = false;
    const events = this.#events;
    void this.#find().then((found) => {
      this.#looking = false;
      // Stopped meanwhile, and perhaps started again: that look is not this one.
      if (events === this.#events) this.#tell(found);
      if (this.#events && (this.#lookAgain || events !== this.#events)) this.#look();
    });
  }

  /** Watches before it looks: what changes in between is heard. */
  async #find(): Promise<boolean> {
    await this.#watchFolder();
    return (await identity(this.#path)) !== undefined;
  }

  #tell(found: boolean): void {
    const state = found ? 'connected' : 'lost';
    if (this.#told && state === this.#link) return;
    this.#link = state;
    this.#told = true;
    this.#events?.link(state, found ? `${this.#path} is there` : `${this.#path} is not there; is it plugged in?`);
  }

  async #watchFolder(): Promise<void> {
    const folder = dirname(this.#path);
    const present = await identity(folder);
    if (!this.#events || this.#watcher?.folder === present) return;
    this.#unwatch();
    if (present === undefined) return;
    try {
      const of = watch(folder, () => this.#look());
      // The slow look goes on without it.
      of.on('error', () => this.#unwatch());
      this.#watcher = { of, folder: present };
    } catch {
      this.#watcher = undefined;
    }
  }

  #unwatch(): void {
    this.#watcher?.of.close();
    this.#watcher = undefined;
  }
}

/** Tells a file from another one of the same name; `undefined`: there is none. */
async function identity(path: string): Promise<string | undefined> {
  try {
    const { dev, ino, birthtimeMs } = await stat(path);
    return `${dev}:${ino}:${birthtimeMs}`;
  } catch {
    return undefined;
  }
}
