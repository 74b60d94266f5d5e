/**
 * What becomes of the acts of one service, told from the whole list of what happened at once: no act is judged when it
 * comes. The rule is written down here a second time, so that the two can be compared.
 */
export interface ModelAct {
  readonly id: string;
  readonly byTerminal: boolean;
  readonly verified: boolean;
  readonly lowMs: number | null;
  readonly latestMs: number;
}

export type Happening =
  { readonly what: 'act'; readonly act: ModelAct } | { readonly what: 'covered' | 'try' | 'settle' };

export interface ModelPlace {
  readonly state: 'waiting' | 'held' | 'withdrawn' | 'delivered';
  readonly corrects: string | null;
}

export interface Told {
  readonly standing: string | null;
  readonly aside: Readonly<Record<string, string>>;
  /** Of every act that ever counted. */
  readonly places: Readonly<Record<string, ModelPlace>>;
}

const before = (a: ModelAct, b: ModelAct): boolean => {
  const key = (one: ModelAct) =>
    `${one.verified ? 0 : 1}${String(one.latestMs).padStart(16, '0')}${one.byTerminal ? 0 : 1}${one.id}`;
  return key(a) < key(b);
};

export function model(happened: readonly Happening[], rule: { opens: boolean; daysEndMs: number | null }): Told {
  const acts = happened
    .map((one, at) => ({ one, at }))
    .flatMap(({ one, at }) => (one.what === 'act' ? [{ ...one.act, at }] : []))
    .filter((act, index, all) => all.findIndex(({ id }) => id === act.id) === index);
  const isLate = ({ lowMs }: ModelAct) => rule.daysEndMs !== null && lowMs !== null && lowMs >= rule.daysEndMs;
  const valid = rule.opens ? acts.filter((act) => !isLate(act)) : [];
  const firstOf = (some: typeof valid) =>
    some.find((act) => some.every((other) => other === act || before(act, other)));
  const standing = firstOf(valid);
  /** Those that were the first of all that had come when they came, in the order of their coming. */
  const counted = valid.filter((act) => firstOf(valid.filter(({ at }) => at <= act.at)) === act);

  const aside: Record<string, string> = {};
  for (const act of acts) {
    if (!rule.opens) aside[act.id] = 'service-ungranted';
    else if (isLate(act)) aside[act.id] = 'rating-window-over';
    else if (act !== standing) aside[act.id] = counted.includes(act) ? 'rating-displaced' : 'service-already-rated';
  }

  const atOf = (what: Happening['what'], from: number, until: number) => {
    const at = happened.findIndex((one, index) => one.what === what && index > from && index < until);
    return at < 0 ? null : at;
  };
  const coveredAt = atOf('covered', -1, Infinity) ?? Infinity;
  const places: Record<string, ModelPlace> = {};
  let corrects: string | null = null;
  counted.forEach((act, index) => {
    const until = counted[index + 1]?.at ?? Infinity;
    const freeFrom = act.byTerminal ? act.at : Math.max(act.at, coveredAt);
    const triedAt = atOf('try', freeFrom, until);
    const settledAt = triedAt === null ? null : atOf('settle', triedAt, Infinity);
    const state =
      settledAt !== null
        ? 'delivered'
        : triedAt === null && until < Infinity
          ? 'withdrawn'
          : freeFrom < happened.length
            ? 'waiting'
            : 'held';
    places[act.id] = { state, corrects };
    if (triedAt !== null) corrects = act.id;
  });
  return { standing: standing?.id ?? null, aside, places };
}
