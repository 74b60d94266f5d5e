/**
 * A hall's policy: every number and rule that a hall may choose. A policy is a file (`gateway/policies/`),
 * never code; its `terminal` part travels to the terminals.
 */
import { z } from 'zod';
import type { stageSchema } from './entry.js';
import { indicatorsSchema } from './indicators.js';

/** The part that a terminal obeys. Durations in the unit of their name. */
export const terminalPolicySchema = z.strictObject({
  changeOfMindMs: z
    .int()
    .min(0)
    .max(60_000)
    .describe(
      'how long after the first press the citizen may press again; counted from the first press so that its length tells nothing (I6)',
    ),
  invitationMs: z
    .int()
    .min(60_000)
    .max(3_600_000)
    .describe('after this long without a touch an invitation ends unrated; at least 60 s'),
  commandValidMs: z
    .int()
    .min(1_000)
    .max(600_000)
    .describe('how long an opening command may travel before it greets the wrong citizen'),
  retentionDays: z.int().min(1).max(4_000).describe('how long acknowledged entries stay on the terminal'),
  reasonsMs: z
    .int()
    .min(5_000)
    .max(120_000)
    .default(20_000)
    .describe('once the citizen has asked for the reasons, how long after their last touch the session stays open'),
  farewellMs: z.int().min(2_000).max(60_000).default(8_000).describe('how long the thanks stay on the screen'),
  laterShownMs: z
    .int()
    .min(0)
    .max(600_000)
    .default(60_000)
    .describe('how long after an unrated session its code for the phone may still be shown'),
  receipt: z
    .strictObject({
      onOpen: z.boolean().default(false).describe('print when a service opens'),
      onLater: z.boolean().default(true).describe('print when the citizen asks to rate later by phone'),
      onUnrated: z.boolean().default(false).describe('print when a session ends unrated'),
      dropAfterMs: z
        .int()
        .min(10_000)
        .max(86_400_000)
        .default(600_000)
        .describe('a slip that could not be printed for so long is not printed any more'),
    })
    .prefault({})
    .describe('when a receipt is printed; at most one a service by itself'),
  sound: z
    .strictObject({
      key: z.boolean().default(true).describe('a short tone when a press was taken, the same for every level'),
      welcome: z.boolean().default(false).describe('say a welcome when a service opens, before the invitation'),
      invite: z.boolean().default(true).describe('say "please rate" when a service opens'),
      thanks: z.boolean().default(true).describe('say "thank you" when a session ends with a rating'),
      volumePercent: z.int().min(0).max(100).default(40).describe('volume of all sounds; sixty windows talk at once'),
      languages: z
        .array(z.enum(['zh', 'en', 'bo']))
        .min(1)
        .max(3)
        .default(['zh'])
        .describe('languages of the prompts, said one after another'),
      quiet: z
        .array(
          z.strictObject({
            from: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be hh:mm'),
            to: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be hh:mm'),
          }),
        )
        .max(8)
        .default([])
        .describe("hours of the hall's day without any sound; one may go past midnight"),
    })
    .prefault({})
    .describe('what the terminal says (R9: ours); never a matter or a name, and the same at every level'),
});
export type TerminalPolicy = z.infer<typeof terminalPolicySchema>;

/** Who is rated at a stage: the receiving window, or the department that decided (S §18, D §9). */
export const attributionSchema = z.enum(['window', 'department']);

/** What a stage opens (S §18). */
export const stageRuleSchema = z.strictObject({
  opens: z.enum(['full', 'attitude-and-ability', 'nothing']).describe('what may be rated at this stage'),
  attributedTo: attributionSchema.describe('whom the rating belongs to'),
  serviceNumber: z
    .int()
    .min(1)
    .max(99)
    .describe(
      'number of this service within its case at the centre; stages are numbered apart so that both ratings stand',
    ),
});

export const policySchema = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9-]{1,40}$/)
    .describe('name of the policy'),
  version: z.int().min(1).describe('raised with every change'),
  timeZone: z.string().min(1).max(60).describe("the hall's time zone, IANA name"),
  terminal: terminalPolicySchema,
  stages: z.strictObject({
    intake: stageRuleSchema,
    completion: stageRuleSchema,
  }),
  indicators: indicatorsSchema
    .default([])
    .describe(
      'what may be rated beside the whole, when the citizen asks for it (S §11, G 四); the press is the overall',
    ),
  ratingWindowDays: z
    .int()
    .min(1)
    .max(365)
    .describe('natural days after completion in which a service may be rated (S §17: 7)'),
  expiry: z
    .strictObject({
      countsAs: z
        .int()
        .min(1)
        .max(5)
        .nullable()
        .default(3)
        .describe('level that an unrated service counts as when its days are over, marked `default`; null: as nothing'),
    })
    .prefault({})
    .describe('what becomes of a service that nobody rated (S §17: 基本满意)'),
  offSiteHoldHours: z
    .number()
    .min(0)
    .max(24 * 30)
    .default(24)
    .describe(
      'so long a rating by phone waits for the log of the terminal, which may hold an earlier one, before it goes to the centre',
    ),
  bareNegative: z
    .strictObject({
      waitHours: z
        .number()
        .min(0)
        .max(24 * 60)
        .default(240)
        .describe(
          'how long a negative without a reason waits for a callback to supply one, where the centre refuses it bare',
        ),
      then: z
        .enum(['hold', 'neutral-text'])
        .default('hold')
        .describe("afterwards it goes on waiting, or goes with the profile's neutral words, marked as the system's"),
    })
    .prefault({})
    .describe('a negative rating without reason or text, at a centre that refuses one; a reason is never invented'),
  reminders: z
    .strictObject({
      enabled: z
        .boolean()
        .default(false)
        .describe('whether those who have not rated are written to (S §13, X 五(二)3)'),
      invitationAfterHours: z
        .number()
        .min(0)
        .max(24)
        .default(2)
        .describe('the invitation goes so long after the service, within 24 h of it (X 五(二)3)'),
      reminderDaysBefore: z
        .int()
        .min(1)
        .max(30)
        .default(2)
        .describe('the reminder goes so many days before the last day (S §13)'),
      from: z
        .string()
        .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be hh:mm')
        .default('08:30')
        .describe("nothing is sent earlier in the hall's day"),
      to: z
        .string()
        .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be hh:mm')
        .default('20:00')
        .describe("nothing is sent later in the hall's day"),
    })
    .prefault({})
    .describe('messages to those who have not rated; only with a basis for the contact, and never twice'),
  later: z
    .strictObject({
      changeSeconds: z
        .int()
        .min(0)
        .max(600)
        .default(60)
        .describe('how long a rating by phone may be changed by the same person'),
      handOver: z
        .string()
        .max(300)
        .regex(/^https:\/\/[^\s]*\{token\}[^\s]*$/, 'must be an https address with {token} in it')
        .nullable()
        .default(null)
        .describe("the province's own page, which is given the code in place of ours; null: our page"),
      secondFactor: z
        .enum(['phone-last-four', 'sms-code'])
        .default('phone-last-four')
        .describe("what is asked beside the case number at a window's fixed code (D §13)"),
      attempts: z.int().min(1).max(20).default(5).describe('tries at the second factor of a case, then it is locked'),
      lockMinutes: z.int().min(1).max(1_440).default(30).describe('how long it is locked then'),
    })
    .prefault({})
    .describe('rating later, by phone (S §14, D §13)'),
  graceHours: z
    .number()
    .min(0)
    .max(24 * 60)
    .describe('after this long without word of a terminal the gateway closes a pressed service with its last press'),
  ratedDelayMs: z
    .int()
    .min(0)
    .max(60_000)
    .describe('the counter PC hears "rated" this long after the closing, at every level (I6)'),
});
export type Policy = z.infer<typeof policySchema>;
export type StageRule = z.infer<typeof stageRuleSchema>;

/** What the rule for a stage is. */
export function stageRule(policy: Policy, stage: z.infer<typeof stageSchema>): StageRule {
  return policy.stages[stage];
}
