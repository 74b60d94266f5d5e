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
  /** When it was made, as whoever took it has it. */
  readonly madeMs: number;
  /** The act that it says it changes. */
  readonly replaces: string | null;
}

/** `atMs`: when the gateway had it. */
export type Happening = { readonly atMs: number } & (
  { readonly what: 'act'; readonly act: ModelAct } | { readonly what: 'covered' | 'try' | 'settle' }
);

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

export interface ModelRule {
  readonly opens: boolean;
  readonly daysEndMs: number | null;
  readonly changeMs: number;
}

type Come = ModelAct & { readonly at: number };

export function model(happened: readonly Happening[], { opens, daysEndMs, changeMs }: ModelRule): Told {
  const acts: Come[] = happened
    .map((one, at) => ({ one, at }))
    .flatMap(({ one, at }) => (one.what === 'act' ? [{ ...one.act, at }] : []))
    .filter((act, index, all) => all.findIndex(({ id }) => id === act.id) === index);
  const untilOf = (act: Come) => act.madeMs + changeMs;
  /** The act whose place in the order it has: of a change that of the first of them. */
  const originOf = (act: Come): Come => {
    const named = acts.find(({ id, at }) => id === act.replaces && at < act.at);
    const may = named?.byTerminal === false && named.verified === act.verified && act.madeMs <= untilOf(named);
    return may ? originOf(named) : act;
  };
  const rankOf = (act: Come): string => {
    const { verified, latestMs, byTerminal, id } = originOf(act);
    return `${verified ? 0 : 1}${String(latestMs).padStart(16, '0')}${byTerminal ? 0 : 1}${id}`;
  };
  const isLate = (act: Come) => {
    const { lowMs } = originOf(act);
    return daysEndMs !== null && lowMs !== null && lowMs >= daysEndMs;
  };
  const valid = opens ? acts.filter((act) => !isLate(act)) : [];
  /** Of the first place of all: the act that was never changed, or the last of those that changed it. */
  const firstOf = (some: readonly Come[]): Come | undefined => {
    const first = some.map(rankOf).sort()[0];
    const same = some.filter((act) => rankOf(act) === first);
    return same.reduce((last, act) => (act.replaces === last.id ? act : last), same[0] as Come);
  };
  const standing = valid.length === 0 ? undefined : firstOf(valid);
  /** Those that were the first of all that had come when they came, in the order of their coming. */
  const counted = valid.filter((act) => firstOf(valid.filter(({ at }) => at <= act.at)) === act);

  const aside: Record<string, string> = {};
  for (const act of acts) {
    const after = counted[counted.indexOf(act) + 1];
    const isChanged = after?.replaces === act.id && originOf(after) === originOf(act);
    if (!opens) aside[act.id] = 'service-ungranted';
    else if (isLate(act)) aside[act.id] = 'rating-window-over';
    else if (act === standing) continue;
    else if (!counted.includes(act)) aside[act.id] = 'service-already-rated';
    else aside[act.id] = isChanged ? 'rating-replaced' : 'rating-displaced';
  }

  const first = (what: Happening['what'], is: (at: number) => boolean) => {
    const at = happened.findIndex((one, index) => one.what === what && is(index));
    return at < 0 ? Infinity : at;
  };
  const coveredAt = first('covered', () => true);
  const places: Record<string, ModelPlace> = {};
  let corrects: string | null = null;
  counted.forEach((act, index) => {
    const until = counted[index + 1]?.at ?? Infinity;
    const freeFrom = act.byTerminal ? act.at : Math.max(act.at, coveredAt);
    const isFinal = (at: number) => act.byTerminal || (happened[at]?.atMs ?? -1) >= untilOf(act);
    const triedAt = first('try', (at) => at > freeFrom && at < until && isFinal(at));
    const settledAt = first('settle', (at) => at > triedAt);
    const isFree = triedAt < Infinity || (freeFrom < happened.length && isFinal(freeFrom));
    const hasGone = triedAt === Infinity && until < Infinity;
    const state = settledAt < Infinity ? 'delivered' : hasGone ? 'withdrawn' : isFree ? 'waiting' : 'held';
    places[act.id] = { state, corrects };
    if (triedAt < Infinity) corrects = act.id;
  });
  return { standing: standing?.id ?? null, aside, places };
}
