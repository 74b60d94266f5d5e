/** Looks at the log: whether its file is whole and its chain holds. */
import type { ItemResult } from '../core/self-check-items.js';
import type { LogCheckFound } from '../log/log-check.js';
import { finding, type Probe } from './probe.js';

const INTEGRITY: Readonly<Record<LogCheckFound['integrity'], readonly [ItemResult, string?]>> = {
  ok: ['pass'],
  damaged: ['fail', 'log-damaged'],
  slow: ['limited', 'log-check-slow'],
  unreadable: ['fail', 'log-unreadable'],
};

const CHAIN: Readonly<Record<LogCheckFound['chain'], readonly [ItemResult, string?]>> = {
  ok: ['pass'],
  broken: ['fail', 'log-chain-broken'],
  'head-differs': ['fail', 'log-head-differs'],
  slow: ['limited', 'log-check-slow'],
  unreadable: ['fail', 'log-unreadable'],
};

/** @param check looks once; see `checkLog`. */
export function logProbe(check: () => Promise<LogCheckFound>): Probe {
  return {
    items: ['log-integrity', 'log-chain'],
    async run() {
      const { integrity, chain } = await check();
      return [finding('log-integrity', ...INTEGRITY[integrity]), finding('log-chain', ...CHAIN[chain])];
    },
  };
}
