/** The programs and pages under test are the ones that ship: compiled first, once a run. */
import { execFileSync } from 'node:child_process';

/** Every project of vitest asks for it, each with this module loaded anew. */
const run = globalThis as { pjqIsBuilt?: true };

export default function build(): void {
  if (run.pjqIsBuilt === true) return;
  execFileSync(process.execPath, ['scripts/bootstrap.mjs'], { stdio: 'inherit' });
  run.pjqIsBuilt = true;
}
