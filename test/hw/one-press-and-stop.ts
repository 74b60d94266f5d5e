/** A program that presses a key, stops driver and board while the key is still down, and must then end by itself. */
import { FirmataCounterBoard } from '../../hw/firmata/firmata-counter-board.js';
import { parseBoardAddress } from '../../hw/link/byte-link.js';
import { loadBoardProfile } from '../../hw/profiles/built-in.js';
import { VirtualBoard } from '../../simulator/board/virtual-board.js';

const board = new VirtualBoard();
const { port } = await board.start();
const profile = loadBoardProfile('uno-five-keys');
const driver = new FirmataCounterBoard({
  profile,
  address: parseBoardAddress(`tcp://127.0.0.1:${port}`, profile.transport),
  monoMs: () => performance.now(),
  nextDelayMs: () => 100,
});
const pressed = new Promise<number>((resolve) => {
  driver.start({
    press: resolve,
    chord: () => undefined,
    stuck: () => undefined,
    freed: () => undefined,
    link: (state) => void (state === 'connected' && board.press(5)),
  });
});
process.stdout.write(`pressed ${await pressed}\n`);
await driver.stop();
await board.stop();
process.stdout.write('stopped\n');
