/** The driver of Firmata boards, a virtual board and the cable between them, as the contract suite wants it. */
import { FirmataCounterBoard, type FirmataCounterBoardOptions } from '../../hw/firmata/firmata-counter-board.js';
import { parseBoardAddress } from '../../hw/link/byte-link.js';
import type { VirtualBoard } from '../../simulator/board/virtual-board.js';
import { QUICK_PROFILE, QUICK_TIMINGS } from './quick-profile.js';
import type { Cable } from './cable.js';
import type { BoardRig } from './counter-board-contract.js';

type Lay = (device: { port: number; hasClient: () => boolean }) => Promise<Cable & { remove?: () => Promise<void> }>;

export async function firmataRig(
  bench: VirtualBoard,
  lay: Lay,
  options: Partial<FirmataCounterBoardOptions> = {},
): Promise<BoardRig> {
  const { port } = await bench.start();
  const cable = await lay({ port, hasClient: () => bench.hasClient });
  const profile = options.profile ?? QUICK_PROFILE;
  return {
    board: new FirmataCounterBoard({
      profile,
      address: parseBoardAddress(cable.address, profile.transport),
      monoMs: () => performance.now(),
      nextDelayMs: () => 20,
      // A busy machine may take its time over a handshake.
      timings: { ...QUICK_TIMINGS, handshakeTimeoutMs: 10_000 },
      ...options,
    }),
    moveKey: (level, down) => (down ? bench.press(level) : bench.release(level)),
    lamps: () => bench.lamps(),
    cut: () => cable.cut(),
    join: () => cable.join(),
    garbage: (bytes) => bench.garbage(bytes),
    stop: async () => {
      await (cable.remove ?? cable.cut)();
      await bench.stop();
    },
  };
}
