/** A program of its own: a slip as text, then one with a drawn row; after each its memory, and whether libvips is in. */
import { readFileSync } from 'node:fs';
import { loadEncoder } from '../../hw/escpos/encode-commands.js';
import { drawnSlipBytes } from '../../hw/escpos/slip-bytes.js';
import { loadTextDrawer } from '../../hw/escpos/text-drawer.js';
import { loadPrinterProfile } from '../../hw/profiles/printer-built-in.js';

const encode = await loadEncoder();
const profile = loadPrinterProfile('escpos-58');
for (const text of process.argv.slice(2)) {
  const slip = { lines: [{ kind: 'text', text, align: 'left', size: 1, bold: false }] } as const;
  await drawnSlipBytes(slip, profile, encode, () => loadTextDrawer(24));
  const mb = Number(/VmRSS:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? 0) / 1024;
  const drawer = readFileSync('/proc/self/maps', 'utf8').includes('libvips');
  console.log(JSON.stringify({ drawer, mb: Math.round(mb) }));
}
