/**
 * Intel HEX, as compilers write the program of a microcontroller: records of data and of the end.
 * Source: Intel, Hexadecimal Object File Format Specification, revision A (1988).
 */

const DATA = 0;
const END_OF_FILE = 1;

/**
 * The program in its flash memory of `flashBytes`; what no record fills is erased (0xff).
 * @throws RangeError when a record is malformed, its sum is wrong, it lies beyond the flash, or the end is missing.
 */
export function readIntelHex(text: string, flashBytes: number): Uint8Array {
  const flash = new Uint8Array(flashBytes).fill(0xff);
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line === '') continue;
    const record = readRecord(line);
    if (record === undefined) throw new RangeError(`line ${index + 1} is no record of Intel HEX`);
    if (record.type === END_OF_FILE) return flash;
    // Wider addresses are not for a flash of 32 KiB.
    if (record.type !== DATA || record.address + record.data.length > flashBytes)
      throw new RangeError(`line ${index + 1} is not for a flash of ${flashBytes} bytes`);
    flash.set(record.data, record.address);
  }
  throw new RangeError('the record of the end is missing');
}

function readRecord(line: string): { type: number; address: number; data: Uint8Array } | undefined {
  if (!/^:([0-9a-fA-F]{2}){5,}$/.test(line)) return undefined;
  const bytes = Buffer.from(line.slice(1), 'hex');
  const [total = 0, high = 0, low = 0, type = -1] = bytes;
  const sum = bytes.reduce((all, byte) => all + byte, 0) & 0xff;
  if (bytes.length !== total + 5 || sum !== 0) return undefined;
  return { type, address: (high << 8) | low, data: bytes.subarray(4, 4 + total) };
}
