/** The mechanisms that are taken out on purpose, each with the class of faults that must find it. */
import type { Break } from './break.js';

export const BREAKS: readonly Break[] = [];
