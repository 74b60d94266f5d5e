/** The member of staff as the screens show them (R1: photo, name, post, title, number). */
import type { HallFacts } from '../hall-file.js';

export interface StaffShown {
  readonly staffNo: string;
  readonly name: string | null;
  readonly post: string | null;
  readonly title: string | null;
  /** Whether `GET /v1/staff/{staffNo}/photo` has a picture. */
  readonly photo: boolean;
}

/** Somebody who is not in the hall file is shown by number. */
export function staffShown(facts: HallFacts, staffNo: string | undefined): StaffShown | null {
  if (staffNo === undefined) return null;
  const member = facts.staff.get(staffNo);
  if (member === undefined) return { staffNo, name: null, post: null, title: null, photo: false };
  return { staffNo, name: member.name, post: member.post, title: member.title, photo: member.photo !== null };
}
