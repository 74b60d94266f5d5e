/** The hall: its parts as processes that are kept running, its counters, and what is still missing of it. */
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Level } from '../../protocol/index.js';
import { SupervisedProcess } from '../process/supervised-process.js';
import { BoardBench } from './board-bench.js';
import { BoardFinger, type Lamps } from './board-finger.js';
import type { CentreDoor } from './centre-door.js';
import { enrolTerminals } from './enrolment.js';
import { GatewayDoor } from './gateway-door.js';
import type { CounterPlace, HallFiles } from './hall-files.js';
import type { WirePorts } from './hall-wires.js';
import { PrinterDoor } from './printer-door.js';
import { PROGRAMS, type Command } from './programs.js';
import { TerminalDoor, type TerminalDesk } from './terminal-door.js';
import { witnessPress, type PressResult } from './witnessed-press.js';

/** `checked`: a self-check was going on and no service open, so the key was moved and no lamp watched. */
export type CounterPress = PressResult | 'checked';

export interface Counter {
  readonly place: CounterPlace;
  readonly door: TerminalDoor;
  readonly printer: PrinterDoor;
  readonly bench: BoardBench;
  press(level: Level): Promise<CounterPress>;
  /** `undefined` while the board's program does not answer. */
  lamps(): Promise<Lamps | undefined>;
}

export interface DemoHallParts {
  readonly files: HallFiles;
  readonly wires: WirePorts;
  readonly centre: CentreDoor;
  readonly centrePort: number;
}

const SIGN_ON_RETRY_MS = 100;

export class DemoHall {
  readonly #files: HallFiles;
  readonly #centre: CentreDoor;
  readonly #ending = new AbortController();
  readonly #processes: SupervisedProcess[] = [];
  #wasReady = false;
  readonly counters: readonly Counter[];
  readonly gateway: GatewayDoor;

  constructor({ files, wires, centre, centrePort }: DemoHallParts) {
    this.#files = files;
    this.#centre = centre;
    this.gateway = new GatewayDoor({ port: wires.gateway, secretFile: files.apiSecretFile });
    this.#add('centre', PROGRAMS.centre, [
      '--port',
      String(centrePort),
      '--data',
      files.centreDataDir,
      '--secret-file',
      files.centreSecretFile,
    ]);
    this.#add('gateway', PROGRAMS.gateway, ['--config', files.gatewayConfig]);
    this.counters = files.counters.map((place) => this.#addCounter(place));
  }

  /**
   * Registers the terminals and starts everything; it need not be ready yet when this returns.
   * @throws when a terminal could not be registered.
   */
  async start(): Promise<void> {
    const { signal } = this.#ending;
    // Centre, boards and printers need no registration; gateway and terminals must not meet a registry in the making.
    for (const process of this.#processes.filter(isIndependent)) process.start();
    await enrolTerminals(this.#files, signal);
    if (signal.aborted) return;
    for (const process of this.#processes.filter((one) => !isIndependent(one))) process.start();
  }

  async stop(): Promise<void> {
    this.#ending.abort();
    await Promise.all(this.#processes.map((process) => process.stop()));
  }

  /** Those that run now. */
  processes(): { name: string; pid: number }[] {
    return this.#processes.flatMap(({ name, pid }) => (pid === undefined ? [] : [{ name, pid }]));
  }

  /** All of them; `pid` is null while one is down, `starts` counts its starts. */
  allProcesses(): { name: string; pid: number | null; starts: number }[] {
    return this.#processes.map(({ name, pid = null, starts }) => ({ name, pid, starts }));
  }

  /** Ends a part outright; it is started again. @returns whether it ran; `undefined` when there is no such part. */
  kill(name: string): boolean | undefined {
    return this.#processes.find((process) => process.name === name)?.kill();
  }

  /** Whether all of it was there once; what is missing after that is a fault, and no start. */
  get wasReady(): boolean {
    return this.#wasReady;
  }

  /** What still has to come before a citizen can rate at every counter; empty when all is ready. */
  async missing(): Promise<string[]> {
    const down = this.#processes
      .filter(isNeeded)
      .flatMap(({ name, pid }) => (pid === undefined ? [`${name}: not running`] : []));
    const [centre, windows, ...counters] = await Promise.all([
      this.#centre.answers(),
      this.gateway.windows(),
      ...this.counters.map(missingAtCounter),
    ]);
    const atGateway =
      windows === undefined
        ? ['gateway: does not answer']
        : this.counters.flatMap(({ place: { terminal, number } }) => {
            const row = windows.find((window) => window.terminal === terminal);
            if (row?.connection !== 'connected') return [`terminal-${number}: not connected to the gateway`];
            return row.duty === 'on' ? [] : [`terminal-${number}: nobody on duty, as the gateway knows`];
          });
    const missing = [...down, ...(centre ? [] : ['centre: does not answer']), ...atGateway, ...counters.flat()];
    this.#wasReady ||= missing.length === 0;
    return missing;
  }

  #add(name: string, command: Command, args: readonly string[], onStarted?: () => void): SupervisedProcess {
    const logFile = join(this.#files.logDir, `${name}.log`);
    const process = new SupervisedProcess({
      name,
      command,
      args,
      logFile,
      ...(onStarted === undefined ? {} : { onStarted }),
    });
    this.#processes.push(process);
    return process;
  }

  #addCounter(place: CounterPlace): Counter {
    const door = new TerminalDoor(place);
    const board = this.#add(`board-${place.number}`, ...this.#boardProgram(place));
    this.#add(`printer-${place.number}`, PROGRAMS.printer, [
      '--port',
      String(place.printerPort),
      '--control-port',
      String(place.printerControlPort),
    ]);
    const terminal = this.#add(`terminal-${place.number}`, PROGRAMS.terminal, ['--config', place.configFile], () => {
      void this.#signOn(door, terminal);
    });
    const finger = new BoardFinger(board);
    const bench = new BoardBench(board);
    const witnessed = (level: Level) =>
      witnessPress({ session: () => door.session(), press: () => finger.press(level), run: () => terminal.starts });
    return {
      place,
      door,
      printer: new PrinterDoor(place.printerControlPort),
      bench,
      lamps: () => finger.lamps(),
      press: async (level) => {
        if (!isCheckingKeys(await door.desk())) return witnessed(level);
        await bench.tap(level);
        return 'checked';
      },
    };
  }

  /** Either form of board, or a serial keypad in its place: all have the same wire and the same control. */
  #boardProgram({ boardPort, keypad }: CounterPlace): [command: Command, args: string[]] {
    const ports = ['--port', String(boardPort), '--control-port', '0'];
    if (keypad !== undefined) return [PROGRAMS.keypad, [...ports, '--profile', keypad]];
    return [PROGRAMS.board, this.#files.board === 'fast' ? ports : [...ports, '--firmware', this.#files.board]];
  }

  /** Once a start, so that a member of staff who signs off stays off. */
  async #signOn(door: TerminalDoor, terminal: SupervisedProcess): Promise<void> {
    const run = terminal.starts;
    while (terminal.starts === run && !this.#ending.signal.aborted) {
      const session = await door.session();
      if (
        session?.state === 'offDuty' ? await door.signOn() : session !== undefined && session.state !== 'outOfService'
      )
        return;
      await wait(SIGN_ON_RETRY_MS);
    }
  }
}

/** A key that is pressed then goes to the check, and lights no lamp. */
function isCheckingKeys(desk: TerminalDesk | undefined): boolean {
  return desk?.service === null && desk.selfCheck?.running?.step?.name === 'keys';
}

function isIndependent({ name }: SupervisedProcess): boolean {
  return name === 'centre' || /^(board|printer)-/.test(name);
}

/** Rating goes on without a printer; screen and sound are no processes here. */
function isNeeded({ name }: SupervisedProcess): boolean {
  return !name.startsWith('printer-');
}

async function missingAtCounter({ place: { number }, door }: Counter): Promise<string[]> {
  const [session, parts] = await Promise.all([door.session(), door.parts()]);
  if (session === undefined) return [`terminal-${number}: does not answer`];
  if (session.state === 'offDuty') return [`terminal-${number}: nobody on duty`];
  return parts?.['board'] === 'connected' ? [] : [`board-${number}: not connected to its terminal`];
}
