/**
 * What a run does, with nothing left open: every choice of the scenario is made by its seed before anything starts.
 * The same scenario and seed give the same plan, byte for byte.
 */
import { LEVELS, type Level } from '../../protocol/index.js';
import { durationText } from './duration.js';
import type { Scenario, SimpleStep, Step, StepContent } from './scenario.js';
import type { FaultStepName, Look, SimpleStepName } from './scenario-schema.js';
import { seededChoice, type SeededChoice } from './seeded-choice.js';

type Closed<N extends SimpleStepName> = N extends 'press' | 'touch' | 'rate'
  ? Omit<StepContent<N>, 'level'> & { readonly level: Level }
  : N extends 'wait'
    ? { readonly ms: number }
    : StepContent<N>;

export type PlannedStep<N extends SimpleStepName = SimpleStepName> = {
  [K in N]: { readonly name: K; readonly line: number; readonly content: Closed<K> };
}[N];

/** Faults at their moments, while the steps go on. */
export interface PlannedStorm {
  readonly name: 'random';
  readonly line: number;
  readonly faults: readonly { readonly atMs: number; readonly step: PlannedStep<FaultStepName> }[];
  readonly steps: readonly Planned[];
}

export type Planned = PlannedStep | PlannedStorm;

export interface Plan {
  readonly scenario: string;
  readonly seed: number;
  readonly steps: readonly Planned[];
}

const MOST_SEED = 0xffff_ffff;

/** @param seed in place of the scenario's own. */
export function planScenario(scenario: Scenario, seed: number = scenario.seed): Plan {
  const planner = new Planner(seededChoice(seed), scenario.scale);
  return { scenario: scenario.name, seed, steps: planner.steps(scenario.steps, undefined) };
}

class Planner {
  readonly #choice: SeededChoice;
  readonly #scale: number;

  constructor(choice: SeededChoice, scale: number) {
    this.#choice = choice;
    this.#scale = scale;
  }

  steps(steps: readonly Step[], round: number | undefined): Planned[] {
    return steps.flatMap((step) => {
      switch (step.name) {
        case 'repeat':
          return Array.from({ length: step.times }, (_, index) => this.steps(step.steps, index + 1)).flat();
        case 'random':
          return [this.#storm(step, round)];
        default:
          return [this.#close(step, round)];
      }
    });
  }

  #storm(step: Extract<Step, { name: 'random' }>, round: number | undefined): PlannedStorm {
    const faults = Array.from({ length: step.count }, () => {
      const fault = this.#choice.of(step.faults);
      const atMs = this.#choice.between(0, this.#scaled(step.overMs));
      const lastsMs = this.#scaled(this.#choice.between(fault.lasts.leastMs, fault.lasts.mostMs));
      const broken = { atMs, step: this.#fault(fault.break) };
      return fault.mend === undefined ? [broken] : [broken, { atMs: atMs + lastsMs, step: this.#fault(fault.mend) }];
    }).flat();
    // Sorting keeps the order of those of one moment: a fault stays before its own end.
    faults.sort((a, b) => a.atMs - b.atMs);
    return { name: 'random', line: step.line, faults, steps: this.steps(step.steps, round) };
  }

  #fault(step: SimpleStep<FaultStepName>): PlannedStep<FaultStepName> {
    return this.#close(step, undefined) as PlannedStep<FaultStepName>;
  }

  #close(step: SimpleStep, round: number | undefined): PlannedStep {
    const { name, line, content } = step;
    switch (name) {
      case 'press':
        return { name, line, content: { ...content, level: this.#level(content.level) } };
      case 'touch':
        return { name, line, content: { ...content, level: this.#level(content.level) } };
      case 'rate':
        return { name, line, content: { ...content, level: this.#level(content.level) } };
      case 'wait':
        return { name, line, content: { ms: this.#scaled(this.#choice.between(content.leastMs, content.mostMs)) } };
      case 'board':
        return content.do === 'garbage' ? { name, line, content: this.#seeded(content) } : { name, line, content };
      case 'printer':
        return 'do' in content && content.do === 'garbage'
          ? { name, line, content: this.#seeded(content) }
          : { name, line, content };
      case 'open':
        return { name, line, content: { ...content, caseNo: inRound(content.caseNo, round) } };
      case 'expect':
        return { name, line, content: { ...content, look: inRound(content.look, round) } };
      case 'never':
        return {
          name,
          line,
          content: { forMs: this.#scaled(content.forMs), look: inRound(content.look, round) },
        };
      default:
        return step;
    }
  }

  #level(level: Level | 'any'): Level {
    return level === 'any' ? this.#choice.of(LEVELS) : level;
  }

  #seeded<T extends { readonly seed?: number | undefined }>(content: T): T {
    return { ...content, seed: content.seed ?? this.#choice.between(0, MOST_SEED) };
  }

  #scaled(ms: number): number {
    return Math.round(ms * this.#scale);
  }
}

/** `{n}` in any text becomes the round; outside of a `repeat` it stays as it is. */
function inRound<T>(value: T, round: number | undefined): T {
  if (round === undefined) return value;
  return JSON.parse(JSON.stringify(value).replaceAll('{n}', String(round))) as T;
}

/** One line a step: what `--dry-run` prints and what a failure names. */
export function planText({ scenario, seed, steps }: Plan): string {
  return [`${scenario}, seed ${seed}`, ...steps.flatMap(linesOf), ''].join('\n');
}

function linesOf(step: Planned): string[] {
  if (step.name !== 'random') return [`  line ${step.line}: ${stepText(step)}`];
  return [
    `  line ${step.line}: random`,
    ...step.faults.map(({ atMs, step: fault }) => `    at ${durationText(atMs)}: ${stepText(fault)}`),
    ...step.steps.flatMap(linesOf).map((line) => `  ${line}`),
  ];
}

export function stepText({ name, content }: PlannedStep): string {
  switch (name) {
    case 'wait':
      return `wait ${durationText(content.ms)}`;
    case 'kill':
      return `kill ${content}`;
    case 'expect':
      return `expect ${lookText(content.look)} within ${durationText(content.withinMs)}`;
    case 'never':
      return `never ${lookText(content.look)} for ${durationText(content.forMs)}`;
    default:
      return `${name} ${JSON.stringify(content)}`;
  }
}

function lookText(look: Look): string {
  const { kind, fields } = look;
  return kind === 'terminal' || kind === 'screen'
    ? `${kind} ${look.terminal} ${JSON.stringify(fields)}`
    : `${kind} ${JSON.stringify(fields)}`;
}
