/** Runs scenarios one after another; those that ask for the same hall share one, and halls can go side by side. */
import { basename } from 'node:path';
import { durationText } from './duration.js';
import { planScenario, stepText, type PlannedStep } from './plan.js';
import { runPlan, type RunResult } from './run-scenario.js';
import { HallFailed, ScenarioHall, type HallSpec } from './scenario-hall.js';
import type { Scenario } from './scenario.js';

export interface RunOptions {
  /** In place of each scenario's own. */
  readonly seed: number | undefined;
  readonly board: 'fast' | 'avr' | undefined;
  /** Keeps the halls' data, and says where. */
  readonly keep: boolean;
  /** How many halls may run at one time. */
  readonly jobs: number;
  /** Whether each step is told when it is over. */
  readonly steps: boolean;
  /** Aborted when the run is to be given up: halls are ended, and what was not run has failed. */
  readonly end: AbortSignal;
  readonly say: (line: string) => void;
}

/** @returns how many scenarios failed. */
export async function runScenarios(scenarios: readonly Scenario[], options: RunOptions): Promise<number> {
  const waiting = [...groupsOf(scenarios, options.board)];
  const lane = async () => {
    let failed = 0;
    for (let group = waiting.shift(); group !== undefined; group = waiting.shift()) {
      const failedHere = await runGroup(group.spec, group.scenarios, options);
      failed += failedHere;
    }
    return failed;
  };
  const lanes = await Promise.all(Array.from({ length: Math.max(1, options.jobs) }, lane));
  return lanes.reduce((total, failed) => total + failed, 0);
}

interface Group {
  readonly spec: HallSpec;
  readonly scenarios: Scenario[];
}

function groupsOf(scenarios: readonly Scenario[], board: 'fast' | 'avr' | undefined): Iterable<Group> {
  const groups = new Map<string, Group>();
  for (const scenario of scenarios) {
    const { policy: _put, ...wish } = scenario.hall;
    const spec = { wish: { ...wish, ...(board === undefined ? {} : { board }) }, policy: scenario.policy };
    const key = JSON.stringify(spec);
    const group = groups.get(key) ?? { spec, scenarios: [] };
    groups.set(key, group);
    group.scenarios.push(scenario);
  }
  return groups.values();
}

async function runGroup(spec: HallSpec, scenarios: readonly Scenario[], options: RunOptions): Promise<number> {
  const { say, keep, seed, steps, end: giveUp } = options;
  const done = (step: PlannedStep, tookMs: number) =>
    steps ? say(`      line ${step.line}: ${stepText(step)}  ${durationText(tookMs)}`) : undefined;
  let hall: ScenarioHall | undefined;
  let failed = 0;
  let unstartable = false;
  const end = async () => {
    if (keep && hall !== undefined) say(`data of the hall: ${hall.folder}`);
    await hall?.stop();
    hall = undefined;
  };
  try {
    for (const scenario of scenarios) {
      const plan = planScenario(scenario, seed);
      let result: RunResult;
      let startMs = performance.now();
      if (unstartable || giveUp.aborted) {
        failed += 1;
        say(`FAIL  ${scenario.name}: not run, ${giveUp.aborted ? 'given up' : 'its hall could not be started'}`);
        continue;
      }
      try {
        if (hall === undefined) {
          hall = await ScenarioHall.start(spec, keep, giveUp);
          say(`hall   ready in ${durationText(performance.now() - startMs)}: ${specText(spec)}`);
          startMs = performance.now();
        }
        result = await runPlan(hall, plan, done);
      } catch (error) {
        if (!(error instanceof HallFailed)) throw error;
        unstartable = true;
        result = { failures: [{ line: 0, text: error.message }], atRest: false };
      }
      const passed = result.failures.length === 0;
      if (!passed) failed += 1;
      say(
        [
          `${passed ? 'pass' : 'FAIL'}  ${scenario.name}  seed ${plan.seed}  ${durationText(performance.now() - startMs)}`,
          ...result.failures.map(({ line, text }) => `      ${placeOf(scenario, line)}: ${text}`),
        ].join('\n'),
      );
      // The next one begins in a hall that is as it should be, or in a new one.
      if (!result.atRest) await end();
    }
  } finally {
    await end();
  }
  return failed;
}

function specText({ wish: { terminals, board, keypad, screen } }: HallSpec): string {
  return [
    `${terminals} ${terminals === 1 ? 'counter' : 'counters'}`,
    `${board} board`,
    ...(keypad.length === 0 ? [] : [`keypad at ${keypad.join(', ')}`]),
    ...(screen === 'page' ? ['screens shown'] : []),
  ].join(', ');
}

function placeOf({ file }: Scenario, line: number): string {
  return line === 0 ? `${basename(file)}, at the end` : `${file}:${line}`;
}
