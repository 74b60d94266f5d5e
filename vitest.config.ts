import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Tests of what people and machines do in real time: a finger, a lamp, a slip, a page that is drawn. */
const IN_REAL_TIME = ['demo', 'gpio', 'hw', 'keypad', 'kiosk', 'printer', 'receipts', 'scenarios', 'staff-page'].map(
  (folder) => `test/${folder}/`,
);
const isInRealTime = (file: string) => IN_REAL_TIME.some((folder) => file.startsWith(folder));

/** Tests that look at their own process, its memory or what it holds open: nobody was there before them. */
const OF_THEIR_OWN_PROCESS = [
  'bad-peers/an-endless-sysex-fills-no-memory',
  'bad-peers/who-says-nothing-or-reads-nothing-is-cut-off',
  'gpio/no-process-keeps-the-lines',
  'hw/noise-on-the-wire-presses-no-key',
  'hw/plugged-in-again-and-again-leaves-nothing',
  'keypad/a-box-that-hangs-or-starts-anew',
  'keypad/presence-of-a-device',
  'protocol/a-damaged-batch-is-refused',
].map((name) => `test/${name}.test.ts`);

/** The longest, so that none of them is left alone at the end. */
const LONG = [
  'scenarios/the-shipped-scenarios-pass',
  'faults/every-break-is-found',
  'faults/programs-and-disks',
  'faults/networks-and-peers',
  'kiosk/every-',
  'staff-page/every-',
  'demo/',
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const found = LONG.findIndex((name) => moduleId.includes(`/test/${name}`));
      return found < 0 ? LONG.length : found;
    };
    // Files of a project together: a worker goes on to the next one of its own project.
    const project = (file: TestSpecification) => file.project.name;
    return (await super.sort(files)).sort(
      (a, b) => place(a) - place(b) || Number(project(a) > project(b)) - Number(project(a) < project(b)),
    );
  }
}

/** Programs and what they are made of take half a second to load: the files of a worker share what one has loaded. */
const TOGETHER = { isolate: false };
/** What waits for conditions and fills the processors comes first; then what is timed, which leaves them idle in between. */
const FIRST = { sequence: { groupOrder: 0 } };
const THEN = { sequence: { groupOrder: 1 } };
/** A machine that does too much at a time makes a finger late: then again, and the summary says so. */
const AGAIN = { retry: 2 };

const testsOf = (folder: string) => `${folder}**/*.test.ts`;
const EXCEPT = [...OF_THEIR_OWN_PROCESS, '**/node_modules/**'];

export default defineConfig({
  test: {
    globalSetup: ['test/support/build.ts'],
    // Tests start real programs on two processors: time enough.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } },
    // Programs under test, and broken copies of them, run as they were compiled.
    server: { deps: { external: [/\/dist\/(device|gateway|hw|protocol|simulator)\//] } },
    reporters: ['default'],
    sequence: { sequencer: LongestFirst },
    // Two fill two processors but for half of the time, four fill them always.
    maxWorkers: 3,
    projects: [
      {
        extends: true,
        test: {
          name: 'in real time',
          include: IN_REAL_TIME.map(testsOf),
          exclude: EXCEPT,
          ...TOGETHER,
          ...THEN,
          ...AGAIN,
        },
      },
      {
        extends: true,
        test: {
          name: 'in real time, alone',
          include: OF_THEIR_OWN_PROCESS.filter(isInRealTime),
          ...THEN,
          ...AGAIN,
        },
      },
      // Nothing lost, nothing doubled: once wrong is wrong.
      {
        extends: true,
        test: {
          name: 'in any order',
          include: [testsOf('test/')],
          exclude: [...IN_REAL_TIME.map(testsOf), ...EXCEPT],
          ...TOGETHER,
          ...FIRST,
        },
      },
      {
        extends: true,
        test: {
          name: 'in any order, alone',
          include: OF_THEIR_OWN_PROCESS.filter((file) => !isInRealTime(file)),
          ...FIRST,
        },
      },
    ],
  },
});
