/** The hall's wishes for this terminal (policy, window, what is asked): the last that came is kept beside the log. */
import {
  configMessageSchema,
  isTrueList,
  NATIONAL_LIST,
  type ConfigMessage,
  type Policy,
  type TerminalPolicy,
} from '../protocol/index.js';
import { nodeSuite } from '../protocol/runtime/node-suite.js';
import type { Wishes } from './core/asked.js';
import type { TerminalLog } from './log/terminal-log.js';

const META_CONFIG = 'config';

type ReasonListWish = ConfigMessage['reasons'];

export class HallConfig {
  readonly #log: TerminalLog;
  readonly #fallback: { policy: TerminalPolicy; policyId: string; window: string | undefined };
  readonly #indicators: Wishes['indicators'];
  #current: ConfigMessage | null = null;

  constructor(log: TerminalLog, fallback: { policy: Policy; policyId: string; window: string | undefined }) {
    this.#log = log;
    this.#fallback = { ...fallback, policy: fallback.policy.terminal };
    this.#indicators = fallback.policy.indicators;
  }

  /** Takes up what came last, before the network is there. */
  start(): void {
    const kept = this.#log.readMeta(META_CONFIG);
    if (kept === null) return;
    this.#current = configMessageSchema.safeParse(JSON.parse(kept)).data ?? null;
  }

  /**
   * A new wish of the hall: kept, and told in the log when the policy is another. A list of reasons that is not what its
   * name tells of is left aside, and the one before stays.
   */
  take(message: ConfigMessage): void {
    const config = { ...message, reasons: this.#trueList(message) };
    const text = JSON.stringify(config);
    if (text === this.#log.readMeta(META_CONFIG)) return;
    const before = this.policy().policyId;
    this.#log.writeMeta(META_CONFIG, text);
    this.#current = config;
    if (config.policyId !== before) this.#log.append([{ kind: 'policy', body: { policy: config.policyId } }]);
  }

  policy(): { policy: TerminalPolicy; policyId: string } {
    return this.#current ?? this.#fallback;
  }

  /** What is asked besides the level. */
  wishes(): Wishes {
    const { reasons = NATIONAL_LIST, indicators = this.#indicators } = this.#current ?? {};
    return { list: reasons, indicators };
  }

  #trueList({ reasons }: ConfigMessage): ReasonListWish {
    return reasons === undefined || isTrueList(nodeSuite, reasons) ? reasons : this.#current?.reasons;
  }

  window(): string | undefined {
    return this.#current?.window ?? this.#fallback.window;
  }
}
