/** Who rates by phone, watched. */
import type { KeyedDigest } from '../rate/page-key.js';
import type { RateDoor } from '../rate/rate-door.js';
import { callerMarks } from './caller-marks.js';
import { Misuse, type MisuseParts } from './misuse.js';
import { Sightings } from './sightings.js';
import { WatchedDoor } from './watched-door.js';

export interface MisuseWatch {
  /** The same door, watched. */
  watched(door: RateDoor): RateDoor;
  readonly misuse: Misuse;
}

/** @param parts.hallNetworks of the configuration; the private ones where nothing is said. */
export function openMisuse(
  parts: Omit<MisuseParts, 'sightings'> & {
    readonly digest: KeyedDigest;
    readonly hallNetworks?: readonly string[] | undefined;
  },
): MisuseWatch {
  const { digest, hallNetworks, ...rest } = parts;
  const sightings = new Sightings({ ...rest, marksOf: callerMarks(digest, hallNetworks) });
  return {
    watched: (door) => new WatchedDoor(door, sightings),
    misuse: new Misuse({ ...rest, sightings }),
  };
}
