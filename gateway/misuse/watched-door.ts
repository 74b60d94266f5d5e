/** A door of the page before which it is noted who came. What it takes and answers is the other door's. */
import type { Caller, PhoneAct, RateDoor, Standing } from '../rate/rate-door.js';
import type { Sightings } from './sightings.js';

export class WatchedDoor implements RateDoor {
  readonly #door: RateDoor;
  readonly #sightings: Pick<Sightings, 'note'>;

  constructor(door: RateDoor, sightings: Pick<Sightings, 'note'>) {
    this.#door = door;
    this.#sightings = sightings;
  }

  look(pass: string, caller: Caller): Promise<Standing> {
    return this.#door.look(pass, caller);
  }

  async rate(pass: string, act: PhoneAct, caller: Caller): Promise<Standing> {
    const standing = await this.#door.rate(pass, act, caller);
    this.#sightings.note(act.id, caller);
    return standing;
  }
}
