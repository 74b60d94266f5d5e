/** Identifiers: the names by which halls, terminals, services and ratings are known. */
import { z } from 'zod';

const NAME = /^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/;

/** Name of a hall or a terminal: 1–32 of `a-z 0-9 -`, as it stands in topics, certificates and sources. */
export const nameSchema = z.string().regex(NAME, 'must be 1-32 lower-case letters, digits or inner hyphens');

/**
 * The writer of a log: `{hall}/{terminal}` for a terminal, `{hall}/@{gateway}` for a gateway.
 * One source has one live chain (epoch) at a time, and may have older ones.
 */
export const sourceSchema = z
  .string()
  .regex(
    /^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?\/@?[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/,
    'must be hall/terminal or hall/@gateway',
  );

/** 64 random bits in unpadded base64url: identity of a press, a boot, an epoch, a command. */
export const randomIdSchema = z.string().regex(/^[A-Za-z0-9_-]{11}$/, 'must be 11 base64url characters');

/** Global identity of a service, made by whoever opens it (business system, gateway or terminal). */
export const serviceIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/, 'must be 1-64 of A-Z a-z 0-9 . _ : -');

/** 办件流水号. GB/T 39046—2020 table 9 gives it an..50; control characters would break slips and logs. */
export const caseNoSchema = z
  .string()
  .min(1)
  .max(50)
  .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]+$/u, 'must not hold control characters');

/** A SHA-256 (or SM3) digest in unpadded base64url. */
export const digestSchema = z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'must be 43 base64url characters');

/** Identity of a log key: first 16 hex digits of the digest of its raw public key. */
export const keyIdSchema = z.string().regex(/^[0-9a-f]{16}$/, 'must be 16 lower-case hex digits');

/** Milliseconds since 1970, as the speaker's wall clock had them. */
export const wallMsSchema = z.int().min(0).max(Number.MAX_SAFE_INTEGER);

/** Milliseconds since the speaker's boot; never steps. */
export const monoMsSchema = z.int().min(0).max(Number.MAX_SAFE_INTEGER);

/** Place of an entry in its chain: from 1, gapless. */
export const seqSchema = z.int().min(1).max(Number.MAX_SAFE_INTEGER);

export function terminalSource(hall: string, terminal: string): string {
  return `${hall}/${terminal}`;
}

export function gatewaySource(hall: string, gateway: string): string {
  return `${hall}/@${gateway}`;
}

/** The two halves of a terminal's source; `null` for a gateway's. */
export function parseTerminalSource(source: string): { hall: string; terminal: string } | null {
  const slash = source.indexOf('/');
  if (slash < 0 || source[slash + 1] === '@') return null;
  return { hall: source.slice(0, slash), terminal: source.slice(slash + 1) };
}
