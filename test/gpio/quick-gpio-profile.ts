/** The Raspberry Pi profile with times that a test can wait for. */
import { GPIO_PI_FIVE_KEYS, parseGpioProfile, type GpioProfile } from '../../hw/profiles/gpio-profile.js';

export const QUICK_GPIO_PROFILE: GpioProfile = parseGpioProfile({ ...GPIO_PI_FIVE_KEYS, armUpMs: 60, stuckMs: 1_000 });
