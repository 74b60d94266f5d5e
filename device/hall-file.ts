/** What this terminal shows of its hall: its name, the staff with their photos, the matters done here. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, extname, resolve } from 'node:path';
import { z } from 'zod';
import { matterSchema, PjqError, staffNoSchema } from '../protocol/index.js';
import { readConfiguration } from '../protocol/runtime/configuration.js';
import { isPinHash } from './local/pin.js';

const PHOTO_TYPES: Readonly<Record<string, string>> = {
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.svg': 'image/svg+xml',
};

const staffSchema = z.strictObject({
  staffNo: staffNoSchema.describe('工号'),
  name: z.string().min(1).max(40).describe('姓名'),
  post: z.string().min(1).max(40).optional().describe('岗位'),
  title: z.string().min(1).max(40).optional().describe('职务'),
  photo: z.string().min(1).optional().describe('picture beside this file: jpg, png, webp or svg'),
  // Checked below: a fault of the schema repeats the value, and these must not be repeated.
  pin: z
    .unknown()
    .optional()
    .describe('hash of the PIN for signing on, as `pjq-device pin` prints it; without one the number is enough'),
  badge: z.unknown().optional().describe('what a badge reader types for this member, 4-64 characters, in quotes'),
});

export const hallFileSchema = z.strictObject({
  hall: z
    .strictObject({
      zh: z.string().min(1).max(40).describe('name of the hall, Chinese'),
      en: z.string().min(1).max(80).describe('name of the hall, English'),
    })
    .optional()
    .describe('name of the hall as the screens show it'),
  staff: z.array(staffSchema).max(500).default([]).describe('who may serve here'),
  matters: z
    .array(z.strictObject(matterSchema.shape))
    .max(500)
    .default([])
    .describe('事项 done here, for the staff page'),
});

export interface StaffMember {
  readonly staffNo: string;
  readonly name: string;
  readonly post: string | null;
  readonly title: string | null;
  /** Path of the picture. */
  readonly photo: string | null;
  /** Hash of the PIN; `null`: the number is enough. Never shown, never logged, like the badge. */
  readonly pin: string | null;
  readonly badge: string | null;
}

export interface HallFacts {
  readonly hall: { readonly zh: string; readonly en: string } | null;
  readonly staff: ReadonlyMap<string, StaffMember>;
  readonly matters: readonly z.infer<typeof matterSchema>[];
}

export const NO_HALL_FACTS: HallFacts = { hall: null, staff: new Map(), matters: [] };

/** @throws PjqError `config-invalid` with every fault at once, a picture that is not there among them. */
export function readHallFile(file: string): HallFacts {
  const { hall = null, staff, matters } = readConfiguration(file, hallFileSchema);
  const members = staff.map(({ photo, post = null, title = null, pin = null, badge = null, ...rest }) => ({
    ...rest,
    pin,
    badge,
    post,
    title,
    photo: photo === undefined ? null : resolve(dirname(file), photo),
  }));
  const faults = members.flatMap(({ staffNo, photo, pin, badge }, index) => [
    ...(isPinText(pin) ? [] : [`${file}: staff.${index}.pin: must be what pjq-device pin prints (got a hidden value)`]),
    ...(isBadgeText(badge)
      ? []
      : [`${file}: staff.${index}.badge: must be 4-64 characters in quotes (got a hidden value)`]),
    ...(badge !== null && members.findIndex((other) => other.badge === badge) < index
      ? [`${file}: staff.${index}.badge: must be another than everybody else's (got a hidden value)`]
      : []),
    ...(members.findIndex((other) => other.staffNo === staffNo) < index
      ? [`${file}: staff.${index}.staffNo: must be there once (got ${JSON.stringify(staffNo)})`]
      : []),
    ...(photo !== null && (!existsSync(photo) || photoType(photo) === undefined)
      ? [`${file}: staff.${index}.photo: must be a jpg, png, webp or svg file (got ${JSON.stringify(photo)})`]
      : []),
  ]);
  if (faults.length > 0) throw new PjqError('config-invalid', `\n${faults.join('\n')}`);
  // Both are texts, or there would be faults.
  const text = (value: unknown) => (typeof value === 'string' ? value : null);
  const known = members.map((member) => ({ ...member, pin: text(member.pin), badge: text(member.badge) }));
  return { hall, staff: new Map(known.map((member) => [member.staffNo, member])), matters };
}

function isPinText(pin: unknown): boolean {
  return pin === null || (typeof pin === 'string' && isPinHash(pin));
}

function isBadgeText(badge: unknown): boolean {
  return badge === null || (typeof badge === 'string' && /^\S.{2,62}\S$/.test(badge));
}

/** The picture and its media type. @throws PjqError `staff-unknown` when there is none. */
export function readPhoto(facts: HallFacts, staffNo: string): { readonly bytes: Buffer; readonly type: string } {
  const photo = facts.staff.get(staffNo)?.photo ?? null;
  const type = photo === null ? undefined : photoType(photo);
  if (photo === null || type === undefined) throw new PjqError('staff-unknown', `no photo of ${staffNo}`);
  return { bytes: readFileSync(photo), type };
}

function photoType(path: string): string | undefined {
  return PHOTO_TYPES[extname(path).toLowerCase()];
}
