/** The name of a service of which only a receipt's code is known: of its terminal and its reference. Pure. */

const PREFIX = 'later:';

export interface CodedService {
  readonly terminal: string;
  /** 64 bits of the digest of the real serviceId (`protocol/receipt-token.ts`). */
  readonly reference: string;
}

/** Under which its acts stand until a log tells of it. Codes of two terminals never mean one service. */
export function provisionalServiceId({ terminal, reference }: CodedService): string {
  return `${PREFIX}${terminal}:${reference}`;
}

/** Whether it is such a name: nobody may open a service under one. */
export function isProvisionalId(serviceId: string): boolean {
  return serviceId.startsWith(PREFIX);
}

/** @returns null for what is no such name. */
export function readProvisionalId(serviceId: string): CodedService | null {
  const [terminal, reference, ...rest] = serviceId.slice(PREFIX.length).split(':');
  if (!isProvisionalId(serviceId) || terminal === undefined || reference === undefined || rest.length > 0) return null;
  return { terminal, reference };
}
