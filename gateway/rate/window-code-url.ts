/** Address of a window's fixed code: `{publicUrl}/w/{window}`. */
import { PjqError } from '../../protocol/index.js';

const MOST_WINDOW = 20;

/** @throws PjqError `request-malformed` for a window that no terminal can stand at. */
export function windowCodeUrl(publicUrl: string, window: string): string {
  if (window === '' || window.length > MOST_WINDOW || /[\p{Cc}\s]/u.test(window))
    throw new PjqError('request-malformed', `window ${JSON.stringify(window)}`);
  return `${publicUrl.replace(/\/+$/, '')}/w/${encodeURIComponent(window)}`;
}
