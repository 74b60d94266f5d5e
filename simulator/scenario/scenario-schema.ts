/**
 * What a scenario may say, step by step. Each step is a map with one key, its name; unknown keys are refused.
 * Steps that hold steps (`repeat`, `random`) are put together in `scenario-file.ts`.
 */
import { z } from 'zod';
import { caseNoSchema, levelSchema } from '../../protocol/index.js';
import { durationSchema, openDurationSchema } from './duration.js';

const terminal = z.int().min(1).max(9).default(1);
const level = z.union([levelSchema, z.literal('any')], { error: 'must be a level 1 to 5, or any' });
/** Room is left for the mark by which a run tells its cases from those of other runs. */
const caseNo = caseNoSchema.max(40);
const seed = z.int().min(0).max(0xffff_ffff);
/** A refusal that is expected, by its code. */
const refused = z.string().min(1).optional();

export const PARTS_OF_HALL = ['gateway-network', 'centre-network'] as const;
export const PARTS_OF_COUNTER = ['terminal-network', 'board', 'printer', 'screen'] as const;

const staffSchema = z.discriminatedUnion('do', [
  z
    .strictObject({
      do: z.literal('sign-on'),
      terminal,
      staffNo: z.string().min(1).optional(),
      pin: z.string().min(1).optional(),
      badge: z.string().min(4).optional(),
      refused,
    })
    .refine((who) => (who.staffNo === undefined) !== (who.badge === undefined), 'needs a staffNo or a badge'),
  z.strictObject({ do: z.enum(['sign-off', 'resume', 'cancel', 'invite']), terminal, refused }),
  z.strictObject({ do: z.literal('pause'), terminal, reason: z.string().min(1), refused }),
]);

const selfCheckSchema = z.discriminatedUnion('do', [
  z.strictObject({ do: z.enum(['start', 'stop', 'again']), terminal, refused }),
  z.strictObject({ do: z.literal('touch'), terminal, target: z.string().min(1).optional(), refused }),
  z.strictObject({
    do: z.literal('answer'),
    terminal,
    step: z.string().min(1),
    target: z.string().min(1).optional(),
    ok: z.boolean(),
    scanned: z.string().optional(),
    refused,
  }),
  z.strictObject({ do: z.literal('skip'), terminal, reason: z.string().min(1), refused }),
  /** Goes through all of a running check as a clerk would; `silent` keys are not pressed. */
  z.strictObject({
    do: z.literal('walk'),
    terminal,
    silent: z.array(levelSchema).default([]),
    no: z.array(z.string().min(1)).default([]),
    within: durationSchema.default(90_000),
  }),
]);

const boardSchema = z.discriminatedUnion('do', [
  z.strictObject({ do: z.enum(['bounce', 'hang']), terminal, on: z.boolean() }),
  z.strictObject({ do: z.literal('stick'), terminal, level: levelSchema, on: z.boolean() }),
  z.strictObject({ do: z.literal('garbage'), terminal, seed: seed.optional() }),
  z.strictObject({ do: z.literal('reset'), terminal }),
  z.strictObject({ do: z.literal('chord'), terminal, levels: z.tuple([levelSchema, levelSchema]) }),
]);

const printerSchema = z.union(
  [
    z.strictObject({ do: z.literal('garbage'), terminal, seed: seed.optional() }),
    z.strictObject({ do: z.literal('hang'), terminal, on: z.boolean() }),
    z
      .strictObject({
        terminal,
        paper: z.enum(['ok', 'near-end', 'out']).optional(),
        cover: z.enum(['closed', 'open']).optional(),
        cutter: z.enum(['ok', 'error']).optional(),
        online: z.boolean().optional(),
        paperAfterLines: z.int().min(1).max(10_000).optional(),
      })
      .refine((state) => Object.keys(state).length > 1, 'must say what to change'),
  ],
  {
    error:
      'must be one of { do: garbage }, { do: hang, on }, or any of paper, cover, cutter, online and paperAfterLines',
  },
);

const switchSchema = z
  .strictObject({
    part: z.enum([...PARTS_OF_HALL, ...PARTS_OF_COUNTER]),
    terminal: z.int().min(1).max(9).optional(),
    state: z.enum(['on', 'cut']),
  })
  .transform(({ part, state, terminal: given }) =>
    (PARTS_OF_HALL as readonly string[]).includes(part) ? { part, state } : { part, state, terminal: given ?? 1 },
  );

export const EXPECTATION_KINDS = ['terminal', 'screen', 'slip', 'ledger', 'hall'] as const;

const count = z.int().min(0);
const total = z.union([count, z.strictObject({ atLeast: count.optional(), atMost: count.optional() })], {
  error: 'must be a number, or { atLeast: …, atMost: … }',
});
const slipFields = z.strictObject({
  terminal,
  count: total.optional(),
  newest: z
    .strictObject({
      again: z.boolean().optional(),
      complete: z.boolean().optional(),
      contains: z.string().min(1).optional(),
      qr: z.enum(['verifies', 'absent']).optional(),
    })
    .optional(),
});
const ledgerFields = z.strictObject({
  ratings: total,
  caseNo: caseNo.optional(),
  level: levelSchema.optional(),
  terminal: z.int().min(1).max(9).optional(),
});
const fields = z.record(z.string(), z.unknown());

/** The looks that are the same for `expect` and `never`. */
const looks = [
  z.looseObject({ terminal: z.int().min(1).max(9) }),
  z.strictObject({ screen: fields }),
  z.strictObject({ slip: slipFields }),
  z.strictObject({ ledger: ledgerFields }),
  z.strictObject({ hall: fields }),
] as const;

export type Look =
  | { readonly kind: 'terminal' | 'screen'; readonly terminal: number; readonly fields: Record<string, unknown> }
  | { readonly kind: 'slip'; readonly fields: z.infer<typeof slipFields> }
  | { readonly kind: 'ledger'; readonly fields: z.infer<typeof ledgerFields> }
  | { readonly kind: 'hall'; readonly fields: Record<string, unknown> };

const NO_LOOK = `must look at one of ${EXPECTATION_KINDS.join(', ')}`;

function lookOf(value: Record<string, unknown>, context: z.core.$RefinementCtx): Look {
  // A slip and a ledger name their terminal inside; beside them it would be another look.
  const kind = EXPECTATION_KINDS.find((one) => one !== 'terminal' && one in value) ?? 'terminal';
  const schema = looks[EXPECTATION_KINDS.indexOf(kind)];
  const parsed = schema?.safeParse(value);
  if (parsed?.success !== true) {
    if (kind === 'terminal' && !('terminal' in value)) context.addIssue({ code: 'custom', message: NO_LOOK });
    else
      for (const { path, message } of parsed?.error.issues ?? []) context.addIssue({ code: 'custom', path, message });
    return z.NEVER;
  }
  const data = parsed.data as Record<string, unknown>;
  switch (kind) {
    case 'terminal':
    case 'screen': {
      const { terminal: n = 1, ...rest } = (kind === 'terminal' ? data : data['screen']) as Record<string, unknown>;
      if (Object.keys(rest).length === 0) context.addIssue({ code: 'custom', message: 'must expect something' });
      return { kind, terminal: n as number, fields: rest };
    }
    case 'slip':
      return { kind, fields: data['slip'] as z.infer<typeof slipFields> };
    case 'ledger':
      return { kind, fields: data['ledger'] as z.infer<typeof ledgerFields> };
    case 'hall':
      return { kind, fields: data['hall'] as Record<string, unknown> };
  }
}

const expectSchema = z
  .looseObject({ within: durationSchema.default(5_000) })
  .transform(({ within, ...rest }, context) => ({ look: lookOf(rest, context), withinMs: within }));
const neverSchema = z
  .looseObject({ for: durationSchema.default(2_000) })
  .transform(({ for: forMs, ...rest }, context) => ({ look: lookOf(rest, context), forMs }));

export const STEP_SCHEMAS = {
  open: z.strictObject({
    terminal,
    caseNo,
    matter: z.string().min(1).optional(),
    locally: z.boolean().default(false),
    refused,
  }),
  press: z.strictObject({
    terminal,
    level,
    result: z.enum(['accepted', 'refused', 'unknown', 'any']).default('accepted'),
  }),
  touch: z.strictObject({ terminal, level, result: z.enum(['accepted', 'refused', 'any']).default('accepted') }),
  rate: z.strictObject({ terminal, level }),
  later: z.strictObject({ terminal, refused }),
  staff: staffSchema,
  'self-check': selfCheckSchema,
  board: boardSchema,
  printer: printerSchema,
  paper: z.strictObject({ terminal, paper: z.enum(['ok', 'near-end', 'out']) }),
  switch: switchSchema,
  kill: z.string().regex(/^(centre|gateway|(terminal|board|printer)-[1-9])$/, 'must be the name of a process'),
  wait: openDurationSchema,
  expect: expectSchema,
  never: neverSchema,
} as const;

export type SimpleStepName = keyof typeof STEP_SCHEMAS;
/** What may happen at a random moment. */
export const FAULT_STEPS = ['board', 'printer', 'paper', 'switch', 'kill'] as const satisfies SimpleStepName[];
export type FaultStepName = (typeof FAULT_STEPS)[number];

export const hallSchema = z
  .strictObject({
    terminals: z.int().min(1).max(9).default(1),
    board: z.enum(['fast', 'avr']).default('fast'),
    /** Counters that have a serial keypad in place of the board. */
    keypad: z.array(z.int().min(1).max(9)).default([]),
    /** `page`: Chromium shows each kiosk page; `interface`: touches are asked for as that page would. */
    screen: z.enum(['page', 'interface']).default('interface'),
    /** Put over the terminal's part of the default policy. */
    policy: z.record(z.string(), z.unknown()).default({}),
  })
  .prefault({});
export type HallWish = z.infer<typeof hallSchema>;

export const scenarioHeadSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be words of a-z and 0-9, joined by -'),
  title: z.strictObject({ zh: z.string().min(1), en: z.string().min(1) }),
  seed: seed.default(1),
  hall: hallSchema,
  clock: z.strictObject({ scale: z.number().min(0.01).max(100).default(1) }).prefault({}),
  steps: z.array(z.unknown()).min(1),
});
