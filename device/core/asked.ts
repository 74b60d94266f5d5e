/** What a citizen is asked besides the level. It is settled when their service opens, and the hall's next wish is the next citizen's. */
import {
  thingsOf,
  type Indicator,
  type Mark,
  type ReasonList,
  type ServiceFacts,
  type Thing,
} from '../../protocol/index.js';

/** What the hall wishes, as far as this terminal has been told. */
export interface Wishes {
  readonly list: ReasonList;
  readonly indicators: readonly Indicator[];
}

export interface Asked {
  readonly list: ReasonList;
  /** What may be given a level of its own, in the order in which it is asked. */
  readonly things: readonly Thing[];
}

export function askedOf({ list, indicators }: Wishes, { stage, matters }: ServiceFacts): Asked {
  return { list, things: thingsOf(indicators, 'terminal', stage, matters) };
}

/** The marks with one more, which takes the place of an earlier one of the same thing. */
export function marked(marks: readonly Mark[], mark: Mark): readonly Mark[] {
  return [...marks.filter((other) => !isOf(mark, other)), mark];
}

export function markOf(marks: readonly Mark[], thing: Pick<Thing, 'of' | 'code'> | undefined): Mark | undefined {
  return thing === undefined ? undefined : marks.find((mark) => isOf(thing, mark));
}

function isOf(one: Pick<Thing, 'of' | 'code'>, other: Pick<Thing, 'of' | 'code'>): boolean {
  return one.of === other.of && one.code === other.code;
}
