// A program like any of ours: says its pid, then works until it is told to end.
import { runProgram } from '../../dist/protocol/runtime/program.js';

await runProgram(() => {
  const work = setInterval(() => undefined, 60_000);
  process.stdout.write(`${process.pid}\n`);
  return Promise.resolve(() => Promise.resolve(clearInterval(work)));
});
