/** Reads a scenario's YAML. Every fault is told at once, each with its line. */
import { isNode, LineCounter, parseDocument, type Document } from 'yaml';
import { z } from 'zod';
import { policySchema, type Policy } from '../../protocol/index.js';
import { durationSchema, openDurationSchema } from './duration.js';
import type { RandomFault, Scenario, SimpleStep, Step } from './scenario.js';
import {
  FAULT_STEPS,
  scenarioHeadSchema,
  STEP_SCHEMAS,
  type FaultStepName,
  type HallWish,
  type SimpleStepName,
} from './scenario-schema.js';

export interface ScenarioFault {
  readonly line: number;
  /** `steps.3.press.level: must be …`. */
  readonly text: string;
}

export type ScenarioReading =
  | { readonly scenario: Scenario; readonly faults: [] }
  | { readonly scenario: undefined; readonly faults: ScenarioFault[] };

type Path = readonly (string | number)[];

/** The demo's truth shows the newest fifty ratings; a run with more could not be judged. */
const MOST_SERVICES = 50;
const STEP_NAMES = [...Object.keys(STEP_SCHEMAS), 'repeat', 'random'];

const repeatSchema = z.strictObject({ times: z.int().min(1).max(MOST_SERVICES), steps: z.array(z.unknown()).min(1) });
const randomSchema = z.strictObject({
  count: z.int().min(1).max(500),
  over: durationSchema,
  faults: z
    .array(z.strictObject({ break: z.unknown(), mend: z.unknown().optional(), lasts: openDurationSchema.optional() }))
    .min(1),
  steps: z.array(z.unknown()).min(1),
});
const NO_TIME = { leastMs: 0, mostMs: 0 };

/**
 * @param text the file's content.
 * @param basePolicy what `hall.policy` is put over.
 */
export function readScenario(file: string, text: string, basePolicy: Policy): ScenarioReading {
  const lines = new LineCounter();
  const document = parseDocument(text, { uniqueKeys: true, lineCounter: lines });
  const reader = new Reader(document, lines);
  const scenario = reader.scenario(file, basePolicy);
  return scenario === undefined || reader.faults.length > 0
    ? { scenario: undefined, faults: reader.faults.sort((a, b) => a.line - b.line) }
    : { scenario, faults: [] };
}

class Reader {
  readonly faults: ScenarioFault[] = [];
  readonly #document: Document.Parsed;
  readonly #lines: LineCounter;

  constructor(document: Document.Parsed, lines: LineCounter) {
    this.#document = document;
    this.#lines = lines;
  }

  scenario(file: string, basePolicy: Policy): Scenario | undefined {
    for (const error of this.#document.errors) {
      const line = error.linePos?.[0].line ?? 1;
      this.faults.push({ line, text: (error.message.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?$/, '') });
    }
    if (this.faults.length > 0) return undefined;
    const value = this.#plainValue();
    const head = this.#check(scenarioHeadSchema, value, []);
    // Steps are read also where the head is wrong: every fault is told at once.
    const given = isMap(value) && Array.isArray(value['steps']) ? (value['steps'] as unknown[]) : [];
    const steps = this.#steps(given, ['steps']);
    if (head === undefined) return undefined;
    const policy = this.#policy(basePolicy, head.hall.policy);
    this.#withinTheHall(steps, head.hall);
    if (services(steps) > MOST_SERVICES)
      this.#fault(['steps'], `opens ${services(steps)} services; at most ${MOST_SERVICES} can be judged`);
    if (policy === undefined) return undefined;
    const { name, title, seed, hall, clock } = head;
    return { file, name, title, seed, hall, policy, scale: clock.scale, steps };
  }

  #plainValue(): unknown {
    try {
      return this.#document.toJS() as unknown;
    } catch (cause) {
      this.#fault([], (cause as Error).message);
      return undefined;
    }
  }

  #policy(base: Policy, put: Record<string, unknown>): Policy | undefined {
    const terminal: Record<string, unknown> = { ...base.terminal };
    for (const [key, value] of Object.entries(put)) {
      const under = terminal[key];
      terminal[key] = isMap(under) && isMap(value) ? { ...under, ...value } : value;
    }
    const parsed = policySchema.safeParse({ ...base, terminal });
    if (parsed.success) return parsed.data;
    this.#issues(parsed.error, (path) => ['hall', 'policy', ...path.slice(1)]);
    return undefined;
  }

  #steps(values: readonly unknown[], path: Path): Step[] {
    return values.flatMap((value, index) => this.#step(value, [...path, index]) ?? []);
  }

  #step(value: unknown, path: Path): Step | undefined {
    const [name, ...others] = isMap(value) ? Object.keys(value) : [];
    if (!isMap(value) || name === undefined || others.length > 0)
      return this.#fault(path, `must be a map with one key, one of ${STEP_NAMES.join(', ')}`);
    const content = value[name];
    const line = this.#lineOf(path);
    switch (name) {
      case 'repeat': {
        const repeat = this.#check(repeatSchema, content, [...path, name]);
        const steps = this.#inner(content, [...path, name]);
        return repeat === undefined ? undefined : { name, line, times: repeat.times, steps };
      }
      case 'random': {
        const random = this.#check(randomSchema, content, [...path, name]);
        const steps = this.#inner(content, [...path, name]);
        if (random === undefined) return undefined;
        const faults = random.faults.flatMap(
          (fault, index) => this.#randomFault(fault, [...path, name, 'faults', index]) ?? [],
        );
        return { name, line, count: random.count, overMs: random.over, faults, steps };
      }
      default:
        return this.#simpleStep(name, content, path);
    }
  }

  #simpleStep(name: string, content: unknown, path: Path): SimpleStep | undefined {
    if (!isSimple(name)) return this.#fault(path, `${name}: no such step; there are ${STEP_NAMES.join(', ')}`);
    const read = this.#check(STEP_SCHEMAS[name] as z.ZodType, content, [...path, name]);
    // The schema of this name has just made it.
    return read === undefined ? undefined : ({ name, line: this.#lineOf(path), content: read } as SimpleStep);
  }

  #inner(content: unknown, path: Path): Step[] {
    const given = isMap(content) && Array.isArray(content['steps']) ? (content['steps'] as unknown[]) : [];
    return this.#steps(given, [...path, 'steps']);
  }

  #randomFault(fault: z.infer<typeof randomSchema>['faults'][number], path: Path): RandomFault | undefined {
    const broken = this.#faultStep(fault.break, [...path, 'break']);
    const mend = fault.mend === undefined ? undefined : this.#faultStep(fault.mend, [...path, 'mend']);
    return broken === undefined ? undefined : { break: broken, mend, lasts: fault.lasts ?? NO_TIME };
  }

  #faultStep(value: unknown, path: Path): SimpleStep<FaultStepName> | undefined {
    const step = this.#step(value, path);
    if (step === undefined || isFault(step)) return step;
    return this.#fault(path, `${step.name}: no fault; there are ${FAULT_STEPS.join(', ')}`);
  }

  /** A step at a counter that the hall does not have could never be done. */
  #withinTheHall(steps: readonly Step[], { terminals }: HallWish): void {
    for (const step of steps) {
      if (step.name === 'repeat' || step.name === 'random') {
        this.#withinTheHall(step.steps, { terminals } as HallWish);
        if (step.name === 'random') this.#withinTheHall(step.faults.flatMap(allSteps), { terminals } as HallWish);
        continue;
      }
      const n = terminalOf(step);
      if (n !== undefined && n > terminals)
        this.faults.push({
          line: step.line,
          text: `${step.name}: the hall has no terminal ${n}, only 1 to ${terminals}`,
        });
    }
  }

  #check<S extends z.ZodType>(schema: S, value: unknown, path: Path): z.infer<S> | undefined {
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    this.#issues(parsed.error, (inside) => [...path, ...inside]);
    return undefined;
  }

  #issues(error: z.ZodError, place: (path: Path) => Path): void {
    for (const issue of error.issues) {
      const inside = issue.path.filter((step) => typeof step !== 'symbol');
      const keys = issue.code === 'unrecognized_keys' ? issue.keys : undefined;
      if (keys === undefined) this.#fault(place(inside), issue.message);
      else for (const key of keys) this.#fault(place([...inside, key]), 'unknown key');
    }
  }

  #fault(path: Path, reason: string): undefined {
    const place = path.length === 0 ? '' : `${path.join('.')}: `;
    this.faults.push({ line: this.#lineOf(path), text: `${place}${reason}` });
  }

  /** Of the node at a path, or of the nearest one above that is written. */
  #lineOf(path: Path): number {
    for (let length = path.length; length >= 0; length -= 1) {
      const node = length === 0 ? this.#document.contents : this.#document.getIn(path.slice(0, length), true);
      const start = isNode(node) ? node.range?.[0] : undefined;
      if (start !== undefined) return this.#lines.linePos(start).line;
    }
    return 1;
  }
}

function isSimple(name: string): name is SimpleStepName {
  return Object.hasOwn(STEP_SCHEMAS, name);
}

function isFault(step: Step): step is SimpleStep<FaultStepName> {
  return (FAULT_STEPS as readonly string[]).includes(step.name);
}

function allSteps(fault: RandomFault): Step[] {
  return fault.mend === undefined ? [fault.break] : [fault.break, fault.mend];
}

function terminalOf({ name, content }: SimpleStep): number | undefined {
  if (name === 'kill') return Number(/\d$/.exec(content)?.[0] ?? 1);
  const place =
    name === 'expect' || name === 'never' ? ('terminal' in content.look ? content.look : content.look.fields) : content;
  const { terminal } = place as { terminal?: unknown };
  return typeof terminal === 'number' ? terminal : undefined;
}

function services(steps: readonly Step[]): number {
  return steps.reduce((total, step) => {
    if (step.name === 'repeat') return total + step.times * services(step.steps);
    if (step.name === 'random') return total + services(step.steps);
    return total + (step.name === 'open' ? 1 : 0);
  }, 0);
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
