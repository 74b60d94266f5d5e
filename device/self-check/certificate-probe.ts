/** Looks at the certificates by which the gateway is reached: readable, of this time, and with their own key. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { absent, finding, type Probe } from './probe.js';

const EXPIRING_MS = 14 * 86_400_000;

export interface CertificateFiles {
  readonly caFile: string;
  readonly certFile: string;
  readonly keyFile: string;
}

/** @param files `null`: the gateway is reached without. @param nowMs the hall's time where it is known, ms since 1970. */
export function certificateProbe(files: CertificateFiles | null, nowMs: () => number): Probe {
  return {
    items: ['certificates'],
    async run() {
      if (files === null) return [absent('certificates')];
      const code = await faultOf(files, nowMs());
      if (code === null) return [finding('certificates', 'pass')];
      return [finding('certificates', code === 'certificate-expiring' ? 'limited' : 'fail', code)];
    },
  };
}

async function faultOf({ caFile, certFile, keyFile }: CertificateFiles, nowMs: number): Promise<string | null> {
  try {
    const [ca, own, key] = await Promise.all([readFile(caFile), readFile(certFile), readFile(keyFile)]);
    const certificates = [new X509Certificate(ca), new X509Certificate(own)] as const;
    const [, certificate] = certificates;
    if (!certificate.checkPrivateKey(createPrivateKey(key))) return 'certificate-mismatch';
    const ends = Math.min(...certificates.map(({ validTo }) => Date.parse(validTo)));
    const begins = Math.max(...certificates.map(({ validFrom }) => Date.parse(validFrom)));
    if (nowMs >= ends) return 'certificate-expired';
    if (nowMs < begins) return 'certificate-early';
    return ends - nowMs < EXPIRING_MS ? 'certificate-expiring' : null;
  } catch {
    return 'certificate-unreadable';
  }
}
