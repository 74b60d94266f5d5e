/** The genuine StandardFirmata for an Uno, from the package that carries it; see FIRMWARE.md. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { PjqError } from '../../protocol/index.js';
import { readIntelHex } from './intel-hex.js';

const FILE = 'avrgirl-arduino/junk/hex/uno/StandardFirmata.cpp.hex';
const SHA256 = '6d57ea7cf30e26c9c2f3a01ee37907d2c951f8bc9c27f84dddad12fa9c8b8f36';
/** Of an ATmega328P. */
const FLASH_BYTES = 32_768;

/**
 * The program as it lies in the flash of an ATmega328P.
 * @throws PjqError `config-invalid` when the package is not installed, or its file is not the one that was examined.
 */
export function loadUnoFirmware(file: string = packagedFile()): Uint8Array {
  let text: Buffer;
  try {
    text = readFileSync(file);
  } catch (cause) {
    throw new PjqError('config-invalid', `firmware: cannot be read (got ${(cause as Error).message})`, { cause });
  }
  const sha256 = createHash('sha256').update(text).digest('hex');
  if (sha256 !== SHA256)
    throw new PjqError('config-invalid', `firmware: ${file} must have the SHA-256 ${SHA256} (got ${sha256})`);
  return readIntelHex(text.toString('latin1'), FLASH_BYTES);
}

function packagedFile(): string {
  try {
    return createRequire(import.meta.url).resolve(FILE);
  } catch (cause) {
    throw new PjqError('config-invalid', 'firmware: the package avrgirl-arduino is not installed', { cause });
  }
}
