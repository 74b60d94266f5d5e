/** Recorded clips through `aplay` of alsa-utils, which gets each as a WAV on its standard input. */
import { spawn, type ChildProcess } from 'node:child_process';
import type { LinkState } from '../ports/counter-board.js';
import type { PlayOutcome, SoundClip, SoundPlayer, SoundPlayerEvents } from '../ports/sound-player.js';
import { findClip } from './recorded-clips.js';
import { atVolume, lengthMs, silence, writeWav, type Recording } from './wav.js';

export interface AplayPlayerOptions {
  /** The program; `aplay` where none is named. */
  readonly command?: string;
  /** ALSA's name of the card, as `aplay -L` lists them; the system's default where none is named. */
  readonly device?: string;
  /** Folders with `<clip>.wav`, in the order in which they are looked through. */
  readonly folders: readonly string[];
  /** Wait before the card is tried again, ms; `attempt` counts the failures in a row, from 1. */
  readonly nextDelayMs: (attempt: number) => number;
}

/** How much longer than the recording aplay may take, and how long it may take to end when told, ms. */
const PATIENCE_MS = 3_000;
const END_MS = 300;
/** Too short to be heard, long enough for a card to take it: how the card is tried. */
const TRIAL_MS = 20;
const LONGEST_COMPLAINT = 300;

export class AplayPlayer implements SoundPlayer {
  readonly #options: AplayPlayerOptions;
  #events: SoundPlayerEvents | undefined;
  #link: LinkState = 'lost';
  #linkTold = false;
  #attempt = 0;
  #timer: NodeJS.Timeout | undefined;
  /** Counts what was asked to be played: only the newest sounds. */
  #turn = 0;
  #running: Running | undefined;
  readonly #left = new Set<Promise<unknown>>();

  constructor(options: AplayPlayerOptions) {
    this.#options = options;
  }

  get link(): LinkState {
    return this.#link;
  }

  start(events: SoundPlayerEvents): void {
    if (this.#events) return;
    this.#events = events;
    void this.#sound(silence(TRIAL_MS));
  }

  async play(clip: SoundClip, volumePercent: number): Promise<PlayOutcome> {
    if (!this.#events) return 'failed';
    if (volumePercent <= 0) return 'played';
    const turn = (this.#turn += 1);
    // A trial that falls due while the recording is read must not take the clip's place: the clip is a trial itself.
    clearTimeout(this.#timer);
    const recording = await findClip(this.#options.folders, clip);
    if (turn !== this.#turn) return 'replaced';
    if (recording !== null && !('fault' in recording)) return this.#sound(atVolume(recording, volumePercent));
    if (this.#attempt > 0) this.#tryAgain();
    if (recording === null) return 'played';
    this.#setLink('degraded', recording.fault);
    return 'failed';
  }

  /** Silent at once; no process of it is left when this resolves. */
  async stop(): Promise<void> {
    this.#events = undefined;
    this.#turn += 1;
    clearTimeout(this.#timer);
    this.#running?.end();
    await Promise.all(this.#left);
    this.#link = 'lost';
    this.#linkTold = false;
  }

  #sound(recording: Recording): Promise<PlayOutcome> {
    const outcome = this.#soundAfterOther(recording);
    this.#left.add(outcome);
    return outcome.finally(() => this.#left.delete(outcome));
  }

  async #soundAfterOther(recording: Recording): Promise<PlayOutcome> {
    const turn = (this.#turn += 1);
    clearTimeout(this.#timer);
    // A card without a mixer takes one at a time.
    const before = this.#running;
    before?.end();
    await before?.gone;
    if (turn !== this.#turn || !this.#events) return 'replaced';
    const { command = 'aplay', device } = this.#options;
    const args = ['--quiet', ...(device === undefined ? [] : [`--device=${device}`]), '--file-type=wav', '-'];
    const running = new Running(command, args, recording);
    this.#running = running;
    const failure = await running.gone;
    if (this.#running === running) this.#running = undefined;
    if (running.ended) return 'replaced';
    if (failure === null) {
      this.#attempt = 0;
      this.#setLink('connected', 'the card plays');
      return 'played';
    }
    const absent = /No such (file|device)|ENOENT|no soundcards|cannot find card|Unknown PCM/i.test(failure);
    this.#setLink(absent ? 'lost' : 'degraded', failure);
    this.#tryAgain();
    return 'failed';
  }

  #tryAgain(): void {
    if (!this.#events) return;
    this.#attempt += 1;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#sound(silence(TRIAL_MS)), this.#options.nextDelayMs(this.#attempt));
  }

  #setLink(state: LinkState, reason: string): void {
    if (state === this.#link && this.#linkTold) return;
    this.#link = state;
    this.#linkTold = true;
    this.#events?.link(state, reason);
  }
}

/** One aplay with one recording. */
class Running {
  /** Settles when the process is gone: why it failed, or `null`. */
  readonly gone: Promise<string | null>;
  /** It was told to end. */
  ended = false;
  #child: ChildProcess | undefined;
  #patience: NodeJS.Timeout | undefined;
  #complaint = '';

  constructor(command: string, args: readonly string[], recording: Recording) {
    this.gone = new Promise((resolve) => this.#run(command, args, recording, resolve));
  }

  end(): void {
    if (this.ended) return;
    this.ended = true;
    this.#child?.kill('SIGTERM');
    clearTimeout(this.#patience);
    this.#patience = setTimeout(() => this.#child?.kill('SIGKILL'), END_MS);
  }

  #run(command: string, args: readonly string[], recording: Recording, resolve: (why: string | null) => void): void {
    const settle = (why: string | null) => {
      clearTimeout(this.#patience);
      resolve(why);
    };
    try {
      this.#child = spawn(command, args, { stdio: ['pipe', 'ignore', 'pipe'] });
    } catch (error) {
      // Few errors are thrown here rather than told as an event: no memory for another process.
      return settle((error as Error).message);
    }
    const child = this.#child;
    let tooLong = false;
    this.#patience = setTimeout(
      () => {
        tooLong = true;
        child.kill('SIGKILL');
      },
      lengthMs(recording) + PATIENCE_MS,
    );
    child.on('error', (error) => {
      if (child.pid === undefined) settle(`${command} cannot be run; install alsa-utils (${error.message})`);
    });
    child.on('close', (code, signal) => {
      if (code === 0) return settle(null);
      // ALSA's own lines come first; the last is aplay's.
      const complaint = this.#complaint.trim().split('\n').at(-1) ?? '';
      if (tooLong) settle('aplay does not come to its end');
      else settle(complaint === '' ? `aplay ended (${code ?? signal ?? 'unknown'})` : complaint);
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#complaint = (this.#complaint + text).slice(-LONGEST_COMPLAINT);
    });
    // An aplay that ends before it has read all.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(writeWav(recording));
  }
}
