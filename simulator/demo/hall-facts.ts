/** The name of the demo hall, its staff and its matters, as the hall file has them, and the zone of its clocks. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { PjqError, type Matter } from '../../protocol/index.js';
import { readPolicy } from '../../protocol/runtime/policy-file.js';
import type { ShownMatter, ShownStaff, TwoLanguages } from './hall-view.js';

const hallSchema = z.object({
  hall: z.object({ zh: z.string(), en: z.string() }),
  staff: z.array(
    z
      .object({
        staffNo: z.string(),
        name: z.string(),
        pin: z.string().optional(),
        badge: z.string().nullable().default(null),
      })
      .transform(({ pin, ...rest }) => ({ ...rest, pin: pin !== undefined })),
  ),
  matters: z.array(z.object({ code: z.string(), name: z.string(), label: z.string().nullable().default(null) })),
});

export interface DemoHallFacts {
  readonly hall: TwoLanguages;
  /** IANA name, as the policy has it. */
  readonly timeZone: string;
  readonly matters: readonly ShownMatter[];
  readonly staff: readonly ShownStaff[];
}

/** @throws what the file system or the schema says: the file is part of the demo; PjqError of the policy. */
export function readHallFacts(file: string, policyFile: string): DemoHallFacts {
  const { timeZone } = readPolicy(policyFile).policy;
  return { ...hallSchema.parse(parse(readFileSync(file, 'utf8'))), timeZone };
}

/** @throws PjqError `request-malformed` when the hall has no such matter. */
export function matterOf({ matters }: DemoHallFacts, code: string): Matter {
  const found = matters.find((matter) => matter.code === code);
  if (found === undefined) throw new PjqError('request-malformed', 'matter: must be the code of a matter of the hall');
  return { code, name: found.name, ...(found.label === null ? {} : { label: found.label }) };
}
