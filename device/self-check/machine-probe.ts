/** Looks at the machine, where it tells: how hot it is, and whether its power holds. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { absent, finding, type Probe } from './probe.js';

/** A Raspberry Pi throttles itself from 80 °C on. `temp` of a thermal zone is in thousandths (kernel: thermal/sysfs-api). */
const HIGH_MILLIDEGREES = 80_000;
/** Firmware's `get_throttled`, hexadecimal: bit 0 under-voltage now, bit 16 since the boot. */
const UNDER_VOLTAGE_BITS = 0x1_0001;

/** @param root `/`, or a folder that looks like it. */
export function machineProbe(root = '/'): Probe {
  return {
    items: ['temperature', 'power'],
    run: async () => [await temperature(root), await power(root)],
  };
}

async function temperature(root: string) {
  const folder = join(root, 'sys/class/thermal');
  const zones = (await namesIn(folder)).filter((name) => name.startsWith('thermal_zone'));
  const texts = await Promise.all(zones.map((zone) => textOf(join(folder, zone, 'temp'))));
  // A zone that is switched off cannot be read.
  const told = texts.filter((text) => text !== null && /^-?\d+$/.test(text)).map(Number);
  if (told.length === 0) return absent('temperature');
  return Math.max(...told) >= HIGH_MILLIDEGREES
    ? finding('temperature', 'limited', 'temperature-high')
    : finding('temperature', 'pass');
}

async function power(root: string) {
  const throttled = await textOf(join(root, 'sys/devices/platform/soc/soc:firmware/get_throttled'));
  const bits = throttled === null ? Number.NaN : Number.parseInt(throttled, 16);
  const alarm = await voltageAlarm(join(root, 'sys/class/hwmon'));
  if (Number.isNaN(bits) && alarm === null) return absent('power');
  const under = (!Number.isNaN(bits) && (bits & UNDER_VOLTAGE_BITS) !== 0) || alarm === '1';
  return under ? finding('power', 'limited', 'under-voltage') : finding('power', 'pass');
}

/** The alarm of the kernel's `raspberrypi-hwmon`; `null` where there is none. */
async function voltageAlarm(folder: string): Promise<string | null> {
  for (const name of await namesIn(folder)) {
    if ((await textOf(join(folder, name, 'name'))) === 'rpi_volt') return textOf(join(folder, name, 'in0_lcrit_alarm'));
  }
  return null;
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch {
    return [];
  }
}

async function textOf(file: string): Promise<string | null> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch {
    return null;
  }
}
