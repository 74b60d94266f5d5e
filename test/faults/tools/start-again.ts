import { until } from '../../support/hall.js';
import type { Program } from '../../support/program.js';

/** A start on a machine that is busy with other faults. */
const START_MS = 60_000;

/** Starts a program that has ended, as systemd would, and waits until it listens. @throws when it ends instead. */
export async function startAgain(program: Program): Promise<void> {
  const from = program.lines.length;
  await program.start({ waitForListening: false });
  await until(
    `${program.name} listens`,
    () => {
      if (!program.running) throw new Error(`${program.name} ended: ${program.stderr.slice(-12).join('\n')}`);
      return program.lines.slice(from).some(({ event }) => event === 'listening');
    },
    START_MS,
  );
}
