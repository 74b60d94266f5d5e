/** Against stand-ins of the tools, which behave by the documented interface of libgpiod 1.6.3 and 2.1.2. */
import { counterBoardContract } from '../hw/counter-board-contract.js';
import { gpioRig } from './gpio-rig.js';

counterBoardContract('GpioCounterBoard with libgpiod 1', () => gpioRig('v1'));
counterBoardContract('GpioCounterBoard with libgpiod 2', () => gpioRig('v2'));
