/** Scenarios as texts, and the program that runs them. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { readPolicy } from '../../protocol/runtime/policy-file.js';
import { readScenario, type ScenarioReading } from '../../simulator/scenario/scenario-file.js';
import type { Scenario } from '../../simulator/scenario/scenario.js';

const beside = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const MAIN = beside('dist/simulator/scenario/main.js');
export const SHIPPED = beside('simulator/scenarios');

const { policy } = readPolicy(beside('gateway/policies/default.yaml'));

/** Five lines; the steps begin on the sixth. */
export const HEAD = `name: told-by-a-test
title: { zh: 测试, en: a test }
seed: 7
hall: { policy: { changeOfMindMs: 500 } }
steps:
`;

export const read = (text: string): ScenarioReading => readScenario('told.yaml', text, policy);

/** @throws with the faults of one that is invalid. */
export function valid(text: string): Scenario {
  const { scenario, faults } = read(text);
  if (scenario === undefined) throw new Error(JSON.stringify(faults));
  return scenario;
}

export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'pjq-scenario-test-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }));
  return path;
}

/** Each as a file of its own. @returns where they are, in order. */
export function asFiles(...texts: string[]): string[] {
  const place = folder();
  return texts.map((text, index) => {
    const file = join(place, `${index + 1}.yaml`);
    writeFileSync(file, text);
    return file;
  });
}

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** The program while it runs; it ends with the test. */
export interface Running {
  /** What it has said on standard error so far. */
  err(): string;
  /** Ctrl-C. */
  interrupt(): void;
  readonly ended: Promise<Ended>;
}

export function startSim(...args: string[]): Running {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGTERM'));
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  return {
    err: () => err,
    interrupt: () => void child.kill('SIGINT'),
    ended: new Promise((resolve) => child.once('close', (code) => resolve({ code, out, err }))),
  };
}

/** The program, as it is called by hand. */
export const sim = (...args: string[]): Promise<Ended> => startSim(...args).ended;
