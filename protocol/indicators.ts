/**
 * What is rated beside the whole: indicators of the policy (S §11 matter and service; G 四 efficiency, attitude, guide,
 * discipline, environment, courier), and each matter of a theme (S §20). The press itself is the overall.
 */
import { z } from 'zod';

/** How many indicators a hall may ask for: more nobody answers at a counter. */
export const MAX_INDICATORS = 8;
/** How many matters of a theme may be rated one by one. */
export const MAX_MATTERS = 16;

export const markCodeSchema = z
  .string()
  .regex(/^[0-9A-Za-z.-]{1,40}$/, 'must be 1-40 letters, digits, dots or hyphens');

export const indicatorSchema = z.strictObject({
  code: markCodeSchema.describe('as marks name it; never used again for something else'),
  zh: z.string().min(1).max(16).describe('what is asked, in Chinese'),
  en: z.string().min(1).max(32).describe('and in English'),
  stages: z
    .array(z.enum(['intake', 'completion']))
    .min(1)
    .default(['completion'])
    .describe("stages at which it is asked; an intake opens the receiving window's attitude and ability only (S §18)"),
  askedAt: z
    .array(z.enum(['terminal', 'phone']))
    .min(1)
    .default(['terminal', 'phone'])
    .describe('where it is asked'),
});
export type Indicator = z.infer<typeof indicatorSchema>;

export const indicatorsSchema = z
  .array(indicatorSchema)
  .max(MAX_INDICATORS)
  .refine((all) => new Set(all.map(({ code }) => code)).size === all.length, 'each code stands once');

/** A matter of a theme as a citizen may be shown it: its code and its neutral label, and never whose case it is. */
export const themeMatterSchema = z.object({ code: markCodeSchema, label: z.string().min(1).max(60) });
export type ThemeMatter = z.infer<typeof themeMatterSchema>;

/** Something that may be given a level of its own. */
export interface Thing {
  readonly of: 'indicator' | 'matter';
  readonly code: string;
  readonly zh: string;
  readonly en: string;
}

/** What a citizen is asked beside the whole, in its order. */
export function thingsOf(
  indicators: readonly Indicator[],
  at: Indicator['askedAt'][number],
  stage: Indicator['stages'][number],
  matters: readonly ThemeMatter[] = [],
): readonly Thing[] {
  return [
    ...indicators
      .filter(({ askedAt, stages }) => askedAt.includes(at) && stages.includes(stage))
      .map(({ code, zh, en }) => ({ of: 'indicator' as const, code, zh, en })),
    ...matters.map(({ code, label }) => ({ of: 'matter' as const, code, zh: label, en: label })),
  ];
}

/** Whether each mark is of a thing that was asked, and no thing has two. */
export function areMarksOf(
  things: readonly Pick<Thing, 'of' | 'code'>[],
  marks: readonly Pick<Thing, 'of' | 'code'>[],
): boolean {
  const named = marks.map(({ of, code }) => `${of} ${code}`);
  const asked = new Set(things.map(({ of, code }) => `${of} ${code}`));
  return new Set(named).size === named.length && named.every((name) => asked.has(name));
}
