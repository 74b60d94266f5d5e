/** What is said between the bench and a program that holds terminals. */
import type { Pressed } from './held-terminal.js';

export interface LoadOrder {
  readonly folder: string;
  readonly terminals: readonly string[];
  readonly mqttPort: number;
  /** The first terminal is pressed so often, ms; nobody presses where it is not said. */
  readonly pressEveryMs?: number;
  /** Every terminal obeys the hall, and its citizens press. */
  readonly serve?: boolean;
}

export type ToLoad = { readonly type: 'open'; readonly order: LoadOrder } | { readonly type: 'go' | 'press' | 'end' };

export interface LoadFigures {
  readonly sentBytes: number;
  readonly receivedBytes: number;
  readonly pressed: Pressed;
  readonly peakRssBytes: number;
}

export type FromLoad =
  | { readonly type: 'ready' | 'level' }
  | { readonly type: 'begun'; readonly atMs: number }
  | { readonly type: 'pressing' }
  | { readonly type: 'ended'; readonly figures: LoadFigures };
