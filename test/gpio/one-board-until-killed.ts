/** Starts the driver on the chip of its argument and says when it serves with a lamp lit; then waits to be killed. */
import { GpioCounterBoard } from '../../hw/gpio/gpio-counter-board.js';
import { QUICK_GPIO_PROFILE } from './quick-gpio-profile.js';

const [chip = '', gpiomon = '', gpioset = '', gpioget = '', gpioinfo = ''] = process.argv.slice(2);
const board = new GpioCounterBoard({
  profile: QUICK_GPIO_PROFILE,
  address: { kind: 'gpio', chip },
  tools: { gpiomon, gpioset, gpioget, gpioinfo },
  monoMs: () => performance.now(),
  nextDelayMs: () => 20,
});
board.setLamps('invited');
board.start({
  press: () => undefined,
  chord: () => undefined,
  stuck: () => undefined,
  freed: () => undefined,
  link: (state) => console.log(state),
});
