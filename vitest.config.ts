import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Tests of what people and machines do in real time: a finger, a lamp, a slip, a page that is drawn. */
const IN_REAL_TIME = ['demo', 'gpio', 'hw', 'keypad', 'kiosk', 'printer', 'receipts', 'scenarios', 'staff-page'].map(
  (folder) => `test/${folder}/**/*.test.ts`,
);

/** The longest, so that none of them is left alone at the end. */
const LONG = [
  'faults/every-break-is-found',
  'faults/programs-and-disks',
  'faults/networks-and-peers',
  'scenarios/the-shipped-scenarios-pass',
  'demo/',
  'kiosk/every-',
  'staff-page/every-',
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const found = LONG.findIndex((name) => moduleId.includes(`/test/${name}`));
      return found < 0 ? LONG.length : found;
    };
    return (await super.sort(files)).sort((a, b) => place(a) - place(b));
  }
}

export default defineConfig({
  test: {
    globalSetup: ['test/support/build.ts'],
    // Tests start real programs on two processors: few at a time, and time enough.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } },
    // Programs under test, and broken copies of them, run as they were compiled.
    server: { deps: { external: [/\/dist\/(device|gateway|hw|protocol|simulator)\//] } },
    reporters: ['default'],
    sequence: { sequencer: LongestFirst },
    projects: [
      // A machine that does too much at a time makes a finger late: then once more, and the summary says so.
      { extends: true, test: { name: 'in real time', include: IN_REAL_TIME, retry: 1 } },
      // Nothing lost, nothing doubled: once wrong is wrong.
      {
        extends: true,
        test: {
          name: 'in any order',
          include: ['test/**/*.test.ts'],
          exclude: [...IN_REAL_TIME, '**/node_modules/**'],
        },
      },
    ],
  },
});
