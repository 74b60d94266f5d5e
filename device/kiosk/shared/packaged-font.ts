/** The font that comes with the page, for machines without Chinese glyphs: described at length, so after the first paint. */
import address from './fonts.css?url';

/** A terminal that is away just now is asked again; the page is readable meanwhile. */
const AGAIN_MS = 2_000;

export function loadPackagedFont(): void {
  const link = document.createElement('link');
  link.rel = 'stylesheet';
  link.href = address;
  link.addEventListener('error', () => {
    link.remove();
    setTimeout(loadPackagedFont, AGAIN_MS);
  });
  document.head.append(link);
}
