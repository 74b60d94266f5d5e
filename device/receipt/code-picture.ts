/** A QR code as a path that the screen draws: one path, no picture file. */
import { create } from 'qrcode';

export interface CodePicture {
  /** Modules along a side, without the quiet zone of four that the page adds (ISO/IEC 18004). */
  readonly size: number;
  /** SVG path data in module units: the dark modules, run by run. */
  readonly path: string;
}

/** Error correction M: a screen has glare, but neither folds nor dirt. */
export function codePicture(text: string): CodePicture {
  const { modules } = create(text, { errorCorrectionLevel: 'M' });
  const { size } = modules;
  let path = '';
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      if (modules.get(y, x) === 0) continue;
      let run = 1;
      while (x + run < size && modules.get(y, x + run) !== 0) run += 1;
      path += `M${x} ${y}h${run}v1h-${run}z`;
      x += run;
    }
  }
  return { size, path };
}
