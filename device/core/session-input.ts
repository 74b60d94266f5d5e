/** What can happen at the counter. Every input carries its moment; nothing here reads a clock. */
import type { Level, ServiceFacts } from '../../protocol/index.js';
import type { Asked } from './asked.js';
import type { Now } from './session-state.js';

/** What the log knows of a service. */
export type ServiceStanding = 'unknown' | 'open' | 'ended';

export interface InputMap {
  readonly open: {
    readonly type: 'open';
    readonly now: Now;
    readonly service: ServiceFacts;
    readonly standing: ServiceStanding;
    readonly origin: 'command' | 'local';
    readonly window: string | undefined;
    readonly policyId: string;
    readonly asked: Asked;
  };
  /** `id` is new and random; `now` is when the key went down, not when it was heard of. */
  readonly press: {
    readonly type: 'press';
    readonly now: Now;
    readonly id: string;
    readonly level: Level;
    readonly via: 'key' | 'touch';
  };
  /** Several keys at once. */
  readonly chord: { readonly type: 'chord'; readonly now: Now };
  /** A finger on the screen that presses no level. */
  readonly touch: { readonly type: 'touch'; readonly now: Now };
  /** 稍后用手机评: the citizen takes the slip instead of the keys. */
  readonly later: { readonly type: 'later'; readonly now: Now };
  /** The citizen wants to see the reasons. */
  readonly reasonsOpen: { readonly type: 'reasonsOpen'; readonly now: Now };
  /** What they have chosen of them, whole. */
  readonly reasons: { readonly type: 'reasons'; readonly now: Now; readonly codes: readonly string[] };
  /** The citizen wants to give a level to a single thing, by its place among those that are asked. */
  readonly thing: { readonly type: 'thing'; readonly now: Now; readonly index: number };
  /** The citizen has finished with reasons and single things. */
  readonly done: { readonly type: 'done'; readonly now: Now };
  /** The deadline may have come. */
  readonly time: { readonly type: 'time'; readonly now: Now };
  readonly cancel: {
    readonly type: 'cancel';
    readonly now: Now;
    readonly serviceId: string;
    readonly standing: ServiceStanding;
  };
  /** Staff invite once more. */
  readonly invite: {
    readonly type: 'invite';
    readonly now: Now;
    readonly serviceId: string;
    readonly standing: ServiceStanding;
  };
  readonly dutyOn: { readonly type: 'dutyOn'; readonly now: Now; readonly staffNo: string };
  readonly dutyOff: { readonly type: 'dutyOff'; readonly now: Now };
  readonly pause: { readonly type: 'pause'; readonly now: Now; readonly reason: string };
  readonly resume: { readonly type: 'resume'; readonly now: Now };
  /** The terminal cannot record anything any more. */
  readonly fault: { readonly type: 'fault'; readonly now: Now };
  readonly recover: { readonly type: 'recover'; readonly now: Now };
}

export type InputType = keyof InputMap;
export type SessionInput = InputMap[InputType];
