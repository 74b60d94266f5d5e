/**
 * What a run has done at the keys and on the screens, and what somebody watched: against it the centre's ledger is
 * judged. A press whose lamp nobody saw may have been taken or not, so both must be allowed for.
 */
import type { Level } from '../../protocol/index.js';

export type Witnessed = 'accepted' | 'refused' | 'unknown';

export interface RatedService {
  readonly terminal: number;
  readonly caseNo: string;
  /** In order; a refused one is not among them. */
  readonly presses: readonly { readonly level: Level; readonly witnessed: Exclude<Witnessed, 'refused'> }[];
}

/** A rating as the centre has it. */
export interface CentreRow {
  readonly caseNo: string;
  readonly terminal: string;
  readonly satisfaction: Level;
}

interface OpenService {
  readonly terminal: number;
  readonly caseNo: string;
  readonly presses: { readonly level: Level; readonly witnessed: Exclude<Witnessed, 'refused'> }[];
}

export class PressBook {
  readonly #services: OpenService[] = [];

  /** Or asked to be opened: of one that was, nobody may know. */
  opened(terminal: number, caseNo: string): void {
    const index = this.#services.findIndex((service) => service.caseNo === caseNo && service.terminal === terminal);
    const [again] = index < 0 ? [] : this.#services.splice(index, 1);
    this.#services.push(again ?? { terminal, caseNo, presses: [] });
  }

  /** The service that a press made now at this terminal would rate; taken before the key moves. */
  serviceAt(terminal: number): OpenService | undefined {
    return this.#services.findLast((service) => service.terminal === terminal);
  }

  /** @param service what `serviceAt` said before the key moved. */
  pressed(service: OpenService | undefined, level: Level, witnessed: Witnessed): void {
    if (witnessed !== 'refused') service?.presses.push({ level, witnessed });
  }

  get services(): readonly RatedService[] {
    return this.#services;
  }
}

/** The levels that may stand: the last one that was seen to be taken, and what came after it unseen. */
function possibleLevels({ presses }: RatedService): Level[] {
  const last = presses.findLastIndex(({ witnessed }) => witnessed === 'accepted');
  return presses.slice(Math.max(0, last)).map(({ level }) => level);
}

/** What is wrong between the presses and the ledger; `missing` may still arrive, `wrong` never mends. */
export interface LedgerJudgement {
  readonly wrong: readonly string[];
  readonly missing: readonly string[];
}

/** @param rows all ratings that the centre has from this hall. */
export function judgeLedger(services: readonly RatedService[], rows: readonly CentreRow[]): LedgerJudgement {
  const wrong: string[] = [];
  const missing: string[] = [];
  for (const service of services) {
    const { caseNo, presses } = service;
    const mine = rows.filter((row) => row.caseNo === caseNo);
    const [row] = mine;
    if (mine.length > 1) wrong.push(`${caseNo} stands at the centre ${mine.length} times`);
    if (row !== undefined && presses.length === 0)
      wrong.push(`${caseNo} is rated ${row.satisfaction}, and nobody pressed`);
    else if (row !== undefined && !possibleLevels(service).includes(row.satisfaction))
      wrong.push(`${caseNo} is rated ${row.satisfaction}, the last press was ${possibleLevels(service).join(' or ')}`);
    if (row !== undefined && row.terminal !== `t${service.terminal}`)
      wrong.push(`${caseNo} is rated at ${row.terminal}, pressed at t${service.terminal}`);
    if (row === undefined && presses.some(({ witnessed }) => witnessed === 'accepted'))
      missing.push(`${caseNo} was pressed ${possibleLevels(service).join(' or ')}, and the centre has no rating of it`);
  }
  for (const { caseNo, satisfaction } of rows) {
    if (!services.some((service) => service.caseNo === caseNo))
      wrong.push(`${caseNo} is rated ${satisfaction}, and nobody opened it`);
  }
  return { wrong, missing };
}

/** A slip on the roll. */
export interface PaperSlip {
  readonly n: number;
  readonly text: string;
  /** Whether it carries the mark 补打. */
  readonly again: boolean;
}

/** A slip may break a case number where its line ends. */
export function slipNames({ text }: Pick<PaperSlip, 'text'>, caseNo: string): boolean {
  return text.replace(/\s/g, '').includes(caseNo.replace(/\s/g, ''));
}

/** Slips that came out a second time without saying so. */
export function unmarkedAgain(
  services: readonly RatedService[],
  terminal: number,
  slips: readonly PaperSlip[],
): string[] {
  return services
    .filter((service) => service.terminal === terminal)
    .flatMap(({ caseNo }) => {
      const [, ...later] = slips.filter((slip) => slipNames(slip, caseNo));
      return later
        .filter(({ again }) => !again)
        .map(({ n }) => `slip ${n} of terminal ${terminal} is another one of ${caseNo}, without 补打`);
    });
}
