/** Parts of configuration that programs share. */
import { z } from 'zod';

const LOOPBACK = /^(127(?:\.\d{1,3}){3}|localhost|::1|\[::1\])$/;

export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host);
}

export const portSchema = z.int().min(0).max(65_535).describe('TCP port; 0 takes a free one');

export const logLevelSchema = z
  .enum(['debug', 'info', 'warn', 'error', 'silent'])
  .default('info')
  .describe('least severity that is logged');

/** PEM files for TLS with client certificates. */
export const tlsSchema = z.strictObject({
  caFile: z.string().min(1).describe("certificate of the hall's authority, PEM"),
  certFile: z.string().min(1).describe('own certificate, PEM; its common name is hall/terminal'),
  keyFile: z.string().min(1).describe('own private key, PEM'),
});

/** An MQTT address: in the clear on loopback only. */
export const mqttAddressSchema = z
  .strictObject({
    url: z
      .string()
      .regex(/^mqtts?:\/\/[^/]+$/, 'must be mqtt://host:port or mqtts://host:port')
      .describe('the broker'),
    tls: tlsSchema.optional(),
  })
  .superRefine(({ url, tls }, context) => {
    if (!URL.canParse(url)) return context.addIssue({ code: 'custom', path: ['url'], message: 'must be an address' });
    const { protocol, hostname } = new URL(url);
    if (protocol === 'mqtt:' && !isLoopback(hostname)) {
      context.addIssue({
        code: 'custom',
        path: ['url'],
        message: 'must be mqtts:// with tls unless the broker is on loopback',
      });
    }
    if (protocol === 'mqtts:' && tls === undefined)
      context.addIssue({ code: 'custom', path: ['tls'], message: 'is needed for mqtts://' });
  });

/** The retry schedule of a program, where its configuration says nothing else. */
export const DEFAULT_RETRY = { initialMs: 200, factor: 2, capMs: 30_000, jitter: 0.3 } as const;
