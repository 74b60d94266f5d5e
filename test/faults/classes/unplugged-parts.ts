import { Hall } from '../../support/hall.js';
import { addFindings, NOTHING_FOUND, type FaultClass, type Findings } from '../fault-class.js';
import { auditHall } from '../citizens.js';
import { runUnplugCampaign } from '../unplug-campaign.js';

export const unpluggedParts: FaultClass = {
  name: 'unplugged-parts',
  title: 'board, printer, paper, screen and network of a counter pulled by two hands, by key and by touch',
  permitted: 'nothing-lost',
  outcome: 'zero lost, zero doubled; a whole slip for every service, and none twice without its mark',
  async run({ seed, faults, root, say }) {
    const hall = new Hall({ plugs: true, policy: { changeOfMindMs: 100 }, root });
    try {
      await hall.start();
      const found = await runUnplugCampaign(hall, { seed, pulls: faults, onProgress: say });
      const slips: Findings = {
        ...NOTHING_FOUND,
        unexplained: [
          ...found.twiceUnmarked.map((caseNo) => `${caseNo}: two slips without a mark`),
          ...found.without.map((caseNo) => `${caseNo}: no whole slip`),
        ],
      };
      const findings = await auditHall(hall, found.seen);
      const { printed, again, torn } = found.slips;
      return {
        injected: found.pulls,
        findings: addFindings(findings, slips),
        notes: [`${printed} slips, ${again} marked, ${torn} torn; memory of the terminal ${found.rssMb.join(', ')} MB`],
      };
    } finally {
      await hall.stop();
    }
  },
};
