/** How the parts are, as health tells the hall: what is not at this terminal is not told of. */
import type { HealthMessage } from '../../protocol/index.js';
import type { PartState } from './kiosk-view.js';

export function presentParts(parts: Readonly<Record<string, PartState>>): HealthMessage['parts'] {
  return Object.fromEntries(
    Object.entries(parts).flatMap(([name, state]) => (state === 'absent' ? [] : [[name, state]])),
  );
}
