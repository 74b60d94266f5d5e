/** The hall's wishes for this terminal (policy and window): the last that came is kept beside the log. */
import { configMessageSchema, type ConfigMessage, type Policy, type TerminalPolicy } from '../protocol/index.js';
import type { TerminalLog } from './log/terminal-log.js';

const META_CONFIG = 'config';

export class HallConfig {
  readonly #log: TerminalLog;
  readonly #fallback: { policy: TerminalPolicy; policyId: string; window: string | undefined };
  #current: ConfigMessage | null = null;

  constructor(log: TerminalLog, fallback: { policy: Policy; policyId: string; window: string | undefined }) {
    this.#log = log;
    this.#fallback = { ...fallback, policy: fallback.policy.terminal };
  }

  /** Takes up what came last, before the network is there. */
  start(): void {
    const kept = this.#log.readMeta(META_CONFIG);
    if (kept === null) return;
    this.#current = configMessageSchema.safeParse(JSON.parse(kept)).data ?? null;
  }

  /** A new wish of the hall: kept, and told in the log when the policy is another. */
  take(config: ConfigMessage): void {
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

  window(): string | undefined {
    return this.#current?.window ?? this.#fallback.window;
  }
}
