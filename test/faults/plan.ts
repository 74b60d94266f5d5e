/** Every class, and how many faults of it a set has. */
import { brokerKill } from './classes/broker-kill.js';
import { brokerMemory } from './classes/broker-memory.js';
import { centreConflicts } from './classes/centre-conflicts.js';
import { centreKill } from './classes/centre-kill.js';
import { centreMisbehaves } from './classes/centre-misbehaves.js';
import { clockSteps } from './classes/clock-steps.js';
import { corruptionGateway } from './classes/corruption-gateway.js';
import { corruptionTerminal } from './classes/corruption-terminal.js';
import { deviceKill } from './classes/device-kill.js';
import { fullDisk } from './classes/full-disk.js';
import { gatewayKill } from './classes/gateway-kill.js';
import { gatewayLostEverything } from './classes/gateway-lost-everything.js';
import { gatewayLostWhatWasPruned } from './classes/gateway-lost-what-was-pruned.js';
import { messages } from './classes/messages.js';
import { networkCut } from './classes/network-cut.js';
import { networkHalfOpen } from './classes/network-half-open.js';
import { networkSlow } from './classes/network-slow.js';
import { networkStall } from './classes/network-stall.js';
import { oldGatewayBackup } from './classes/old-gateway-backup.js';
import { oldTerminalBackup } from './classes/old-terminal-backup.js';
import { powerCut } from './classes/power-cut.js';
import { readOnlyDisk } from './classes/read-only-disk.js';
import { replacedCard } from './classes/replaced-card.js';
import { twoTerminalsOneIdentity } from './classes/two-terminals-one-identity.js';
import { unpluggedParts } from './classes/unplugged-parts.js';
import { writeFaults } from './classes/write-faults.js';
import type { FaultClass } from './fault-class.js';

export interface Planned {
  readonly fault: FaultClass;
  /** In `npm test`; 0: by hand and in the long set only. */
  readonly short: number;
  /** In the long set. */
  readonly long: number;
}

export const PLAN: readonly Planned[] = [
  { fault: deviceKill, short: 4, long: 120 },
  { fault: gatewayKill, short: 2, long: 80 },
  { fault: centreKill, short: 2, long: 50 },
  { fault: brokerKill, short: 2, long: 40 },
  { fault: writeFaults, short: 4, long: 100 },
  { fault: powerCut, short: 8, long: 200 },
  { fault: corruptionTerminal, short: 40, long: 320 },
  { fault: corruptionGateway, short: 20, long: 220 },
  { fault: fullDisk, short: 1, long: 25 },
  { fault: readOnlyDisk, short: 1, long: 25 },
  { fault: clockSteps, short: 3, long: 40 },
  { fault: unpluggedParts, short: 20, long: 60 },
  { fault: networkCut, short: 4, long: 50 },
  { fault: networkHalfOpen, short: 1, long: 25 },
  { fault: networkStall, short: 2, long: 45 },
  { fault: networkSlow, short: 1, long: 30 },
  { fault: messages, short: 60, long: 330 },
  { fault: brokerMemory, short: 1, long: 40 },
  { fault: twoTerminalsOneIdentity, short: 3, long: 15 },
  { fault: replacedCard, short: 2, long: 15 },
  { fault: oldTerminalBackup, short: 3, long: 20 },
  { fault: oldGatewayBackup, short: 2, long: 15 },
  { fault: gatewayLostEverything, short: 2, long: 15 },
  { fault: gatewayLostWhatWasPruned, short: 2, long: 15 },
  { fault: centreMisbehaves, short: 13, long: 170 },
  { fault: centreConflicts, short: 2, long: 30 },
];

/** @throws when there is no class of such a name. */
export function planOf(names: readonly string[] | undefined): readonly Planned[] {
  if (names === undefined) return PLAN;
  return names.map((wanted) => {
    const planned = PLAN.find(({ fault }) => fault.name === wanted);
    if (planned === undefined) throw new Error(`no class ${wanted}: see --list`);
    return planned;
  });
}
