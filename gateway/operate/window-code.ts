/** `pjq window-code`: the code that hangs at a window (D §13), to be printed. It holds an address and no secret. */
import { writeFileSync } from 'node:fs';
import { extname } from 'node:path';
import type { Command } from 'commander';
import { toBuffer, toString } from 'qrcode';
import { PjqError } from '../../protocol/index.js';
import { readConfiguration } from '../../protocol/runtime/configuration.js';
import { gatewayConfigurationSchema } from '../configuration.js';
import { windowCodeUrl } from '../rate/window-code-url.js';
import { CONFIG, say } from './with-hall.js';

/** Half of it may be worn away (ISO/IEC 18004: H restores 30 % of the codewords); a wall lasts longer than a slip. */
const CORRECTION = 'H';
const QUIET_ZONE_MODULES = 4;

export function windowCodeCommand(program: Command): void {
  program
    .command('window-code <window>')
    .description('draw the code of a window, which leads to the page that asks for case number and second factor')
    .option('--out <file>', 'where to, .svg or .png; without it SVG goes to standard output')
    .option('--mm <side>', 'side of the printed code with its white edge, mm', '60')
    .requiredOption(...CONFIG)
    .action(async (window: string, { config, out, mm }: { config: string; out?: string; mm: string }) => {
      const { rate } = readConfiguration(config, gatewayConfigurationSchema);
      if (rate === undefined) throw new PjqError('config-invalid', '\nrate: is needed (got nothing)');
      const url = windowCodeUrl(rate.publicUrl, window);
      const sideMm = Number(mm);
      if (!(sideMm >= 25 && sideMm <= 500))
        throw new PjqError('request-malformed', `--mm must be from 25 to 500 (got ${mm})`);
      if (out === undefined) {
        say(await windowCodeSvg(url, sideMm));
        return;
      }
      const kind = extname(out).toLowerCase();
      if (kind !== '.svg' && kind !== '.png')
        throw new PjqError('request-malformed', `${out} is neither .svg nor .png`);
      writeFileSync(out, kind === '.svg' ? await windowCodeSvg(url, sideMm) : await windowCodePng(url, sideMm));
      say(`${url}\t${out}`);
    });
}

export async function windowCodeSvg(url: string, sideMm: number): Promise<string> {
  const svg = await toString(url, { type: 'svg', errorCorrectionLevel: CORRECTION, margin: QUIET_ZONE_MODULES });
  return svg.replace('<svg ', `<svg width="${sideMm}mm" height="${sideMm}mm" `);
}

/** 300 dots an inch. */
export function windowCodePng(url: string, sideMm: number): Promise<Buffer> {
  return toBuffer(url, {
    type: 'png',
    errorCorrectionLevel: CORRECTION,
    margin: QUIET_ZONE_MODULES,
    width: Math.round((sideMm / 25.4) * 300),
  });
}
