/** What this counter's browser keeps for its next use. Nothing of a case or a citizen. */
import { LANGUAGES, type Language } from '../shared/language.js';
import type { Matter, Stage } from './desk.js';

const LAST_MATTER = 'pjq-staff-matter';
const LAST_STAGE = 'pjq-staff-stage';
const LAST_STAFF = 'pjq-staff-number';
const LANGUAGE = 'pjq-staff-language';

/** Names a matter within its list; `''` is no matter. */
export function matterId(matter: Matter): string {
  return JSON.stringify([matter.code ?? '', matter.name ?? '', matter.label ?? '']);
}

export function lastMatter(): string {
  return localStorage.getItem(LAST_MATTER) ?? '';
}

export function lastStage(): Stage {
  return localStorage.getItem(LAST_STAGE) === 'intake' ? 'intake' : 'completion';
}

export function rememberOpening(matter: string, stage: Stage): void {
  localStorage.setItem(LAST_MATTER, matter);
  localStorage.setItem(LAST_STAGE, stage);
}

export function lastStaff(): string {
  return localStorage.getItem(LAST_STAFF) ?? '';
}

export function rememberStaff(staffNo: string): void {
  localStorage.setItem(LAST_STAFF, staffNo);
}

export function lastLanguage(): Language | null {
  const kept = localStorage.getItem(LANGUAGE);
  return LANGUAGES.find((language) => language === kept) ?? null;
}

export function rememberLanguage(language: Language): void {
  localStorage.setItem(LANGUAGE, language);
}
