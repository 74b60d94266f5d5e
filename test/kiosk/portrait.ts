/** The photo of nobody: drawn, so that no real person is needed. */
import sharp from 'sharp';

const PICTURE = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 400" width="600" height="800">
  <defs>
    <linearGradient id="wall" x2="0" y2="1"><stop stop-color="#9fc3d9"/><stop offset="1" stop-color="#5f93b4"/></linearGradient>
    <linearGradient id="skin" x2="0" y2="1"><stop stop-color="#f7d9c3"/><stop offset="1" stop-color="#ecc1a4"/></linearGradient>
  </defs>
  <rect width="300" height="400" fill="url(#wall)"/>
  <path d="M78 190c-14-90 20-132 74-132s86 42 72 132c-4 34-14 52-26 60h-94c-14-8-22-26-26-60z" fill="#241f22"/>
  <path d="M125 235h52v52l-26 28-26-28z" fill="#e5b798"/>
  <path d="M20 400c2-66 30-96 104-112l27 26 27-26c74 16 100 46 102 112z" fill="#22384f"/>
  <path d="M122 284l29 30-16 34-30-54zM180 284l-29 30 16 34 30-54z" fill="#f4f6f8"/>
  <path d="M151 314l-14 30 14 56 14-56z" fill="#7c1f2d"/>
  <path d="M98 168c0 62 22 94 53 94s53-32 53-94-18-84-53-84-53 22-53 84z" fill="url(#skin)"/>
  <path d="M95 176c-6-66 22-98 56-98s62 32 56 98c-8-30-22-50-40-58-22 22-52 22-60 20-6 10-10 22-12 38z" fill="#2b2529"/>
  <path d="M118 164q11-8 22 0M162 164q11-8 22 0" stroke="#3a2c28" stroke-width="4" fill="none" stroke-linecap="round"/>
  <ellipse cx="129" cy="178" rx="6" ry="5" fill="#2a2020"/><ellipse cx="173" cy="178" rx="6" ry="5" fill="#2a2020"/>
  <path d="M151 180v22q-4 5 2 6" stroke="#d29f80" stroke-width="3" fill="none" stroke-linecap="round"/>
  <path d="M131 222q20 18 40 0-20 5-40 0z" fill="#b8564f"/>
  <rect x="196" y="338" width="44" height="14" rx="2" fill="#e9d9a6"/>
</svg>`;

let drawn: Promise<Buffer> | undefined;

export function portrait(): Promise<Buffer> {
  drawn ??= sharp(Buffer.from(PICTURE)).jpeg({ quality: 85 }).toBuffer();
  return drawn;
}
