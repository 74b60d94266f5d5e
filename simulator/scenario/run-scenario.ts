/** Runs one plan in a hall that is at rest, and leaves it at rest, with the invariants checked. */
import { setTimeout as wait } from 'node:timers/promises';
import { CodeCheck } from './code-check.js';
import { DemoFailed } from './demo-client.js';
import { durationText } from './duration.js';
import { Eye, seenText } from './eye.js';
import { resetHall } from './hall-reset.js';
import { Hand } from './hand.js';
import type { Mismatch } from './matching.js';
import { stepText, type Plan, type Planned, type PlannedStep, type PlannedStorm } from './plan.js';
import { judgeLedger, PressBook, unmarkedAgain } from './press-book.js';
import type { ScenarioHall } from './scenario-hall.js';
import { StepFailure } from './step-failure.js';

export interface RunResult {
  /** What went wrong, each with its line (0: found without being asked); empty for a pass. */
  readonly failures: readonly { readonly line: number; readonly text: string }[];
  /** Whether the hall is as it was before, so that another scenario may use it. */
  readonly atRest: boolean;
}

const LOOK_MS = 60;
/** How long a rating may take to the centre once everything is whole again. */
const ARRIVAL_MS = 30_000;

/** @param done hears of each step that is over, and how long it took. */
export async function runPlan(
  hall: ScenarioHall,
  plan: Plan,
  done: (step: PlannedStep, tookMs: number) => void = () => undefined,
): Promise<RunResult> {
  return new Run(hall, done).run(plan);
}

class Run {
  readonly #hall: ScenarioHall;
  readonly #book = new PressBook();
  readonly #eye: Eye;
  readonly #hand: Hand;
  readonly #done: (step: PlannedStep, tookMs: number) => void;

  constructor(hall: ScenarioHall, done: (step: PlannedStep, tookMs: number) => void) {
    this.#hall = hall;
    this.#done = done;
    hall.runs += 1;
    // The same case may come in another scenario, and the centre takes a case once: each run marks its own.
    const suffix = `.${String(hall.runs).padStart(3, '0')}`;
    const mark = (caseNo: string) => `${caseNo}${suffix}`;
    const { client } = hall;
    const cases = () => this.#book.services.map(({ caseNo }) => caseNo);
    this.#eye = new Eye({ client, codes: new CodeCheck(), configOf: (n) => hall.configOf(n), mark, cases });
    this.#hand = new Hand({ client, book: this.#book, mark });
  }

  async run(plan: Plan): Promise<RunResult> {
    const failures: { line: number; text: string }[] = [];
    const note = (line: number, text: string) => void failures.push({ line, text });
    try {
      await this.#steps(plan.steps);
    } catch (error) {
      if (error instanceof StepFailure) note(error.line, error.message);
      else if (error instanceof DemoFailed) note(0, error.message);
      else throw error;
    }
    try {
      const wrong = await this.#reset();
      for (const text of [...wrong, ...(await this.#invariants())]) note(0, text);
      return { failures, atRest: wrong.length === 0 };
    } catch (error) {
      if (!(error instanceof DemoFailed)) throw error;
      note(0, error.message);
      return { failures, atRest: false };
    }
  }

  async #steps(steps: readonly Planned[]): Promise<void> {
    for (const step of steps) await (step.name === 'random' ? this.#storm(step) : this.#step(step));
  }

  async #step(step: PlannedStep): Promise<void> {
    const startMs = performance.now();
    await this.#carryOut(step);
    this.#done(step, performance.now() - startMs);
  }

  async #carryOut(step: PlannedStep): Promise<void> {
    switch (step.name) {
      case 'wait':
        await wait(step.content.ms);
        return;
      case 'expect':
        return this.#expect(step);
      case 'never':
        return this.#never(step);
      default:
        return this.#told(step, () => this.#hand.do(step));
    }
  }

  /** A failure names the step as it was planned. */
  async #told(step: PlannedStep, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (error instanceof StepFailure) throw new StepFailure(error.line, `${stepText(step)}: ${error.message}`);
      throw error;
    }
  }

  async #expect(step: PlannedStep<'expect'>): Promise<void> {
    const { look, withinMs } = step.content;
    const endMs = performance.now() + withinMs;
    for (;;) {
      const seen = await this.#eye.look(look);
      if (seen.length === 0) return;
      if (performance.now() > endMs)
        throw new StepFailure(step.line, `${stepText(step)}: seen instead: ${seenText(seen)}`);
      await wait(LOOK_MS);
    }
  }

  async #never(step: PlannedStep<'never'>): Promise<void> {
    const { look, forMs } = step.content;
    const startMs = performance.now();
    let unseen: readonly Mismatch[] | undefined;
    for (;;) {
      const seen = await this.#eye.look(look);
      if (seen.length === 0)
        throw new StepFailure(step.line, `${stepText(step)}: seen after ${durationText(performance.now() - startMs)}`);
      const nowhere = seen.filter(({ exists }) => !exists);
      if (unseen === undefined || nowhere.length < unseen.length) unseen = nowhere;
      if (performance.now() - startMs >= forMs) break;
      await wait(LOOK_MS);
    }
    // What is nowhere to be seen would never come, however it is spelled.
    if (unseen.length > 0)
      throw new StepFailure(step.line, `${stepText(step)}: there is nothing of that name: ${seenText(unseen)}`);
  }

  /** Both are waited for, also where one has failed: nothing may go on in the next scenario. */
  async #storm({ faults, steps }: PlannedStorm): Promise<void> {
    const startMs = performance.now();
    const breaking = async () => {
      for (const { atMs, step } of faults) {
        await wait(Math.max(0, atMs - (performance.now() - startMs)));
        await this.#step(step);
      }
    };
    const results = await Promise.allSettled([breaking(), this.#steps(steps)]);
    for (const result of results) if (result.status === 'rejected') throw result.reason;
  }

  async #reset(): Promise<string[]> {
    const { client, staffNos, spec } = this.#hall;
    const wrong = await resetHall(client, staffNos, spec.wish.screen === 'page');
    return wrong.length === 0 ? [] : [`the hall did not come to rest: ${seenText(wrong)}`];
  }

  async #invariants(): Promise<string[]> {
    const { services } = this.#book;
    const slips = Array.from({ length: this.#hall.spec.wish.terminals }, async (_, index) =>
      unmarkedAgain(services, index + 1, (await this.#hall.client.slips(index + 1)) ?? []),
    );
    return [...(await this.#ledgerFaults()), ...(await Promise.all(slips)).flat()];
  }

  async #ledgerFaults(): Promise<string[]> {
    const endMs = performance.now() + ARRIVAL_MS;
    for (;;) {
      const truth = await this.#hall.client.truth();
      const { past } = this.#hall;
      const { services } = this.#book;
      const rows = truth?.ledger ?? [];
      // Of what earlier runs rated nothing may come again; the oldest of it is not told any more.
      const { wrong } = judgeLedger([...past, ...services], rows);
      const { missing } = judgeLedger(services, rows);
      if (truth !== undefined && (wrong.length > 0 || missing.length === 0 || performance.now() > endMs)) {
        past.push(...services);
        return [...wrong, ...missing];
      }
      if (performance.now() > endMs) return ['the centre does not answer'];
      await wait(LOOK_MS);
    }
  }
}
