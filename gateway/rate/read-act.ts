/** An act of rating as the form says it. Pure. */
import {
  levelSchema,
  markSchema,
  MAX_REASONS,
  PjqError,
  randomIdSchema,
  type Level,
  type Mark,
} from '../../protocol/index.js';
import type { PhoneAct } from './rate-door.js';

/** As many as an entry holds. */
const MAX_MARKS = 24;

/**
 * Reasons of another level were chosen before the citizen changed their mind about the level; they are not shown any
 * more, and not meant. Whether reasons and single points are those that were asked is for the door to say.
 * @throws PjqError `request-malformed` without a level or with an id that no form of ours has.
 */
export function readAct(form: URLSearchParams): PhoneAct {
  const level = levelOf(form.get('level'));
  const id = idOf(form.get('id'));
  const replaces = form.has('replaces') ? idOf(form.get('replaces')) : undefined;
  if (level === null || id === null || replaces === null) throw new PjqError('request-malformed');
  const ofLevel = form.getAll('reason').filter((code) => code.startsWith(String(level)));
  const marks = marksOf(form);
  const text = oneLine(form.get('text') ?? '');
  return {
    id,
    level,
    reasons: [...new Set(ofLevel)].slice(0, MAX_REASONS),
    ...(text === '' ? {} : { text }),
    ...(marks.length === 0 ? {} : { marks }),
    ...(replaces === undefined ? {} : { replaces }),
  };
}

/** Fields are named `mark.{of}.{code}`; of one that stands twice the first is taken. */
function marksOf(form: URLSearchParams): readonly Mark[] {
  const names = [...new Set(form.keys())].filter((name) => name.startsWith('mark.'));
  return names.slice(0, MAX_MARKS).map((name) => {
    const [, of, ...code] = name.split('.');
    const mark = markSchema.safeParse({ of, code: code.join('.'), level: levelOf(form.get(name)) });
    if (!mark.success) throw new PjqError('request-malformed');
    return mark.data;
  });
}

function levelOf(text: string | null): Level | null {
  return levelSchema.safeParse(text === null || !/^[1-5]$/.test(text) ? null : Number(text)).data ?? null;
}

function idOf(text: string | null): string | null {
  return randomIdSchema.safeParse(text).data ?? null;
}

/** Words stand in one line of the record; a form may break them. */
function oneLine(text: string): string {
  return text.replace(/[\s\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}
