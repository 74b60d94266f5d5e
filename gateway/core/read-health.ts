/** A terminal's last health, as the store keeps it. */
import { healthMessageSchema, type HealthMessage } from '../../protocol/index.js';

/** @param json a HealthMessage; `undefined` when there is none. */
export function readHealth(json: string | null): HealthMessage | undefined {
  if (json === null) return undefined;
  try {
    return healthMessageSchema.safeParse(JSON.parse(json)).data;
  } catch {
    // A health that cannot be read is a health that is not known.
    return undefined;
  }
}
