/** The five levels (D, F, S §11, G). 5 is the best here; a centre's own order belongs to its profile. */
import { z } from 'zod';

export const LEVELS = [5, 4, 3, 2, 1] as const;
export type Level = (typeof LEVELS)[number];

export const levelSchema = z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4), z.literal(5)]);

/** 总体评价 words by level, Chinese and English. */
export const LEVEL_NAMES: Readonly<Record<Level, { zh: string; en: string }>> = {
  5: { zh: '非常满意', en: 'very satisfied' },
  4: { zh: '满意', en: 'satisfied' },
  3: { zh: '基本满意', en: 'basically satisfied' },
  2: { zh: '不满意', en: 'dissatisfied' },
  1: { zh: '非常不满意', en: 'very dissatisfied' },
};

/** 差评: opens a work order (D §10, S §21). */
export function isNegative(level: Level): boolean {
  return level <= 2;
}

/** 好评 (D §10); level 3 is neither. */
export function isPositive(level: Level): boolean {
  return level >= 4;
}
