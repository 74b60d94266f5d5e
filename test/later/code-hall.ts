/** A hall whose terminals make codes: the real log, projection, registry of keys and desks. Time is driven. */
import { join } from 'node:path';
import { CodeDesk } from '../../gateway/rate/code-desk.js';
import { FirstProgress } from '../../gateway/rate/first-progress.js';
import type { Caller, PhoneAct } from '../../gateway/rate/rate-door.js';
import { RefusedCodes } from '../../gateway/rate/refused-codes.js';
import { ReceiptKeyDesk } from '../../gateway/registry/receipt-key-desk.js';
import { RECEIPT_KEYS_FILE } from '../../gateway/registry/receipt-key-file.js';
import { ReceiptKeys } from '../../gateway/registry/receipt-keys.js';
import { makeReceiptToken, type Policy, type SharedReceiptKey } from '../../protocol/index.js';
import { nodeRandomness, nodeSuite } from '../../protocol/runtime/node-suite.js';
import { quiet } from '../ingest/hall-log.js';
import type { TerminalChain } from '../ingest/terminal-chain.js';
import { POLICY, RatedHall } from '../rules/rated-hall.js';

export const PHONE: Caller = { address: '203.0.113.7', device: 'a-phone' };

/** Whether it is the caller's own act that is asked after. */
export const ownerOf = (actId: string): Caller => ({ ...PHONE, actId });

/** A terminal that prints slips. */
export interface Printer {
  readonly chain: TerminalChain;
  readonly shared: SharedReceiptKey;
  /** The code of a service that was opened at that moment; of the key that it has now, or another. */
  code(serviceId: string, openedAtMs?: number, key?: SharedReceiptKey): string;
}

export class CodeHall {
  readonly hall: RatedHall;
  readonly keyDesk: ReceiptKeyDesk;
  readonly keys: ReceiptKeys;
  readonly refused: RefusedCodes;
  readonly door: CodeDesk;
  #numbers = 0;

  private constructor(hall: RatedHall) {
    this.hall = hall;
    const { store, clock, folder } = hall.log;
    const file = join(folder, RECEIPT_KEYS_FILE);
    this.keyDesk = new ReceiptKeyDesk({ store, file, suite: nodeSuite, clock });
    this.keys = new ReceiptKeys({ file, suite: nodeSuite, clock });
    this.refused = new RefusedCodes({ store, clock, logger: quiet });
    this.door = new CodeDesk({
      db: store.db,
      clock,
      policy: hall.policy,
      keys: this.keys,
      desk: hall.desk,
      progress: new FirstProgress(store.db),
      refused: this.refused,
    });
  }

  static async open(policy: Policy = POLICY): Promise<CodeHall> {
    return new CodeHall(await RatedHall.open(policy));
  }

  /** A terminal whose receipt key the registry has, unless told otherwise. */
  async printer({ registered = true }: { readonly registered?: boolean } = {}): Promise<Printer> {
    const chain = await this.hall.terminal();
    this.#numbers += 1;
    const shared = newKey(this.#numbers);
    if (registered) await this.register(chain.terminal, shared);
    return {
      chain,
      shared,
      code: (serviceId, openedAtMs = chain.clock.wallMs(), key = shared) =>
        makeReceiptToken(nodeSuite, { ...key, serviceId, nowMs: openedAtMs }),
    };
  }

  async register(terminal: string, shared: SharedReceiptKey): Promise<void> {
    await this.keyDesk.add(terminal, shared);
    this.look();
  }

  /** Enough time that the file of keys is looked at again. */
  look(): void {
    this.hall.advance(2_000);
  }

  /** Everything of a terminal arrives; it knows the hall's time. */
  async arrive({ chain }: Printer): Promise<void> {
    const { log } = this.hall;
    const [mono, at] = [chain.clock.monoMs(), chain.clock.wallMs()];
    const echo = { gatewayTime: log.clock.wallMs(), mono };
    await log.send(chain, chain.batch(1, chain.headSeq, { time: { bootId: chain.bootId, mono, at, echo } }));
  }

  /** The outcome of a look: its state, or the code of the refusal. */
  async looked(pass: string, caller: Caller = PHONE): Promise<string> {
    return this.door.look(pass, caller).then(({ state }) => state, codeOf);
  }

  /** The same of an act. */
  async rated(pass: string, act: Partial<PhoneAct> = {}): Promise<string> {
    return this.door.rate(pass, phoneAct(act), PHONE).then(({ state }) => state, codeOf);
  }
}

export function newKey(terminalNumber: number, keyNumber = 1): SharedReceiptKey {
  return { terminalNumber, keyNumber, key: crypto.getRandomValues(new Uint8Array(32)) };
}

export function phoneAct(act: Partial<PhoneAct> = {}): PhoneAct {
  return { id: nodeRandomness.newId(), level: 5, reasons: [], ...act };
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
