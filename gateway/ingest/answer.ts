/** The gateway's word on how far its disk has an epoch: signed, and built only after the commit that it tells of. */
import {
  ackMessage,
  encodeMessage,
  ERRORS,
  genesisHash,
  terminalSource,
  type AckMessage,
  type Clock,
  type ErrorCode,
  type HeadSigner,
  type Suite,
} from '../../protocol/index.js';
import type { Place } from './cursors.js';

/** What is to be told to a terminal. */
export interface Answer {
  readonly terminal: string;
  readonly epoch: string;
  /** Where the epoch stands; at its genesis when absent. */
  readonly place?: Place;
  readonly session?: string | undefined;
  readonly refused?: { readonly code: ErrorCode } | undefined;
}

export interface AnswerParts {
  readonly hall: string;
  readonly suite: Suite;
  readonly signer: HeadSigner;
  readonly clock: Clock;
}

/** Stands for the epoch in an answer to something whose epoch could not be read; no epoch is named so. */
export const UNKNOWN_EPOCH = 'AAAAAAAAAAA';

/** The payload of an ack. */
export function ackOf(
  { hall, suite, signer, clock }: AnswerParts,
  identity: { readonly storeId: string; readonly generation: number },
  { terminal, epoch, place, session, refused }: Answer,
): Uint8Array {
  const source = terminalSource(hall, terminal);
  const said = {
    epoch,
    throughSeq: place?.throughSeq ?? 0,
    headHash: suite.base64urlEncode(place?.headHash ?? genesisHash(suite, source, epoch)),
    ...identity,
  };
  const ack: AckMessage = {
    v: 1,
    ...said,
    gatewayTime: clock.wallMs(),
    sig: suite.base64urlEncode(signer.sign(ackMessage(suite, source, said))),
    ...(session === undefined ? {} : { session }),
    ...(place?.stopped == null ? {} : { stopped: place.stopped }),
    ...(refused === undefined ? {} : { refused: { code: refused.code, hint: ERRORS[refused.code].hint } }),
  };
  return encodeMessage(suite, 'ack', ack);
}

/** One answer for each epoch, unless it is a refusal or repeats a session. */
export function merged(answers: readonly Answer[]): Answer[] {
  const last = new Map<string, Answer>();
  const others: Answer[] = [];
  for (const answer of answers) {
    if (answer.refused !== undefined || answer.session !== undefined) others.push(answer);
    else last.set(`${answer.terminal} ${answer.epoch}`, answer);
  }
  return [...last.values(), ...others];
}
