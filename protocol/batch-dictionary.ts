/**
 * The preset dictionary of batch version 1: what entries are mostly made of, the most frequent last
 * (DEFLATE reaches near text more cheaply). It is part of the wire format: a change is a new version.
 */
import type { Suite } from './suite.js';

const DICTIONARY = [
  '{"v":1,"source":"hall-1/window-01","epoch":"AAAAAAAAAAA","firstSeq":1,"count":1,"prevHash":"","headHash":"","keyId":"","sig":"","time":{"bootId":"AAAAAAAAAAA","mono":0,"at":1790000000000,"echo":{"gatewayTime":1790000000000,"mono":0}}}',
  '"clock":"free","body":{"version":"0.1.0"}}',
  '"kind":"epoch","at":17,"body":{"cause":"first","ancestor":null,"keyId":"',
  '"kind":"boot","kind":"policy","body":{"policy":"',
  '"kind":"fault","body":{"part":"board","state":"lost","code":"board-lost"}}"state":"connected"}}',
  '"kind":"duty.on","body":{"staffNo":"1024"}}"kind":"duty.off","kind":"pause","body":{"reason":"}}"kind":"resume","body":{}}',
  '"kind":"unrated","body":{"serviceId":"","cause":"time-over"}}"cause":"cancelled"}}"cause":"restart"}}',
  '"matter":{"code":"","name":"","label":""},"origin":"local","re":{"epoch":"","seq":',
  '","kind":"service.opened","at":179,"bootId":"","mono":,"clock":"synced","body":{"serviceId":"","caseNo":"2026","stage":"completion","origin":"command","window":"1","staffNo":"1001","policy":"default@',
  '","seq":1,"kind":"rating","at":179,"bootId":"","mono":,"clock":"synced","body":{"id":"","serviceId":"","level":5,"cause":"next-service"}}"cause":"time-over"}}',
  '{"source":"hall/t1","epoch":"","seq":1,"kind":"press","at":179,"bootId":"","mono":,"clock":"synced","body":{"id":"","serviceId":"","level":5,"via":"touch"}},"via":"key"}}',
].join('');

const encoded = new WeakMap<Suite, Uint8Array>();

export function batchDictionary(suite: Suite): Uint8Array {
  let bytes = encoded.get(suite);
  if (bytes === undefined) {
    bytes = suite.utf8Encode(DICTIONARY);
    encoded.set(suite, bytes);
  }
  return bytes;
}
