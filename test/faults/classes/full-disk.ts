/**
 * A disk that runs full under a terminal or under the gateway, and has room again later. The room that the programs
 * keep back is taken, too, once they have given it up; one terminal has a disk so small that it cannot keep any.
 */
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Hall } from '../../support/hall.js';
import { seeded } from '../../support/seeded.js';
import type { Program } from '../../support/program.js';
import { auditHall, settled } from '../citizens.js';
import type { FaultClass, FaultOutcome, FaultRun } from '../fault-class.js';
import { noSmallDisks, SmallDisk } from '../tools/small-disk.js';
import { startAgain } from '../tools/start-again.js';
import { Tally } from '../tools/tally.js';
import { ratingGoesOn, TouchingCitizens } from '../tools/touching-citizens.js';

/** Room for everything that a terminal keeps back; room for little more than its log; a gateway's. */
const SIZES_KB = { t1: 48 * 1_024, t2: 8 * 1_024, gateway: 64 * 1_024 } as const;
type Place = keyof typeof SIZES_KB;
const PLACES = Object.keys(SIZES_KB) as readonly Place[];
const PRESSES = 12;
/** A full terminal takes presses for a while: its write-ahead log has room. So many wear that out. */
const UNTIL_REFUSED = 300;
/** How long the gateway is left without room; terminals go on meanwhile. */
const FULL_MS = 700;
const GOES_ON_MS = 30_000;

export const fullDisk: FaultClass = {
  name: 'full-disk',
  title: 'the disk of a terminal or of the gateway runs full under load, and has room again later',
  permitted: 'nothing-lost',
  outcome:
    'zero lost, zero doubled; a press that cannot be kept is refused and stands nowhere; with room again all goes on by itself',
  unavailable: async () => (process.getuid?.() === 0 ? undefined : 'needs root'),
  async run(run) {
    const missing = await noSmallDisks(run.folder);
    if (missing !== undefined) throw new Error(missing);
    const hall = new Hall({ terminals: 2, root: run.root });
    const disks = {
      t1: new SmallDisk(join(hall.folder, 't1'), SIZES_KB.t1),
      t2: new SmallDisk(join(hall.folder, 't2'), SIZES_KB.t2),
      gateway: new SmallDisk(hall.gatewayData, SIZES_KB.gateway),
    };
    try {
      for (const place of PLACES) await disks[place].start();
      await hall.start();
      return await fullRound(run, hall, disks);
    } finally {
      await hall.stopPrograms();
      for (const place of PLACES) await disks[place].stop();
      await hall.stop();
    }
  },
};

/** Presses until a few were refused. */
async function untilRefused(citizens: TouchingCitizens, n: number): Promise<void> {
  let refused = 0;
  for (let press = 0; press < UNTIL_REFUSED && refused < 5; press += 1)
    if ((await citizens.serve(n))?.outcome !== 'accepted') refused += 1;
}

async function fullRound(run: FaultRun, hall: Hall, disks: Readonly<Record<Place, SmallDisk>>): Promise<FaultOutcome> {
  const citizens = new TouchingCitizens(hall, { random: seeded(`${run.seed} citizens`), prefix: run.seed });
  const tally = new Tally();
  const stuck: string[] = [];
  const notes = new Set<string>();
  let unopened = 0;
  const programOf = (place: Place): Program =>
    place === 'gateway' ? hall.gateway : hall.counter(Number(place.slice(1))).program;
  const serve = async (place: Place) => {
    for (let n = 0; n < PRESSES; n += 1)
      if ((await citizens.serve(place === 'gateway' ? 1 + (n % 2) : Number(place.slice(1)))) === null) unopened += 1;
  };
  while (tally.total < run.faults) {
    const place = PLACES[tally.total % PLACES.length] ?? 'gateway';
    const disk = disks[place];
    const program = programOf(place);
    await serve(place);
    disk.fill(Math.floor(run.random() * 64) * 1_024);
    await serve(place);
    // Whatever was given up is gone as well.
    disk.fill();
    await serve(place);
    if (place === 't2') await untilRefused(citizens, 2);
    const killed = place !== 'gateway' && run.random() < 0.3;
    if (killed) await program.kill();
    if (place === 'gateway') await wait(FULL_MS);
    disk.clear();
    tally.add(`${place === 'gateway' ? 'gateway' : 'terminal'}${killed ? ', killed while it was full' : ''}`);
    if (!program.running) {
      if (!killed) notes.add(`${place} ended on a full disk, and was started again`);
      await startAgain(program);
    }
    citizens.start();
    for (const name of place === 'gateway' ? ['t1', 't2'] : [place])
      if (!(await ratingGoesOn(citizens, name, GOES_ON_MS)))
        stuck.push(`${name} takes no press ${GOES_ON_MS} ms after the disk of ${place} had room again`);
    await citizens.stop();
    run.say(`${tally.total} full disks, ${citizens.seen.length} presses, ${unopened} services could not be opened`);
  }
  await settled(hall, citizens.seen);
  const findings = await auditHall(hall, citizens.seen);
  return {
    injected: tally.counts(),
    findings: { ...findings, unexplained: [...findings.unexplained, ...stuck] },
    notes: [...notes, `${unopened} services could not be opened on a full disk`],
  };
}
