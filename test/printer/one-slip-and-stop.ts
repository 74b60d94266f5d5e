/** A program of its own: prints one slip on the port that it is given, then stops the driver and has nothing to do. */
import { EscposPrinter } from '../../hw/escpos/escpos-printer.js';
import { parsePrinterAddress } from '../../hw/escpos/printer-address.js';
import { loadPrinterProfile } from '../../hw/profiles/printer-built-in.js';

const options = { profile: loadPrinterProfile('escpos-58'), nextDelayMs: () => 60_000 };
const printer = new EscposPrinter({ ...options, address: parsePrinterAddress(`tcp://127.0.0.1:${process.argv[2]}`) });
// Port 9 discards; here nobody listens, and the next try is a minute away.
const absent = new EscposPrinter({ ...options, address: parsePrinterAddress('tcp://127.0.0.1:9') });

await new Promise<void>((resolve) => {
  absent.start({ status: () => printer.start({ status: (status) => status.link === 'connected' && resolve() }) });
});
const { outcome } = await printer.print({ lines: [{ kind: 'text', text: '一', align: 'left', size: 1, bold: false }] });
console.log(outcome);
await Promise.all([printer.stop(), absent.stop()]);
console.log('stopped');
