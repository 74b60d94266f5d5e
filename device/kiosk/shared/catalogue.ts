/** The words of a page: one phrase a key, in every language, with `{name}` where something is put in. */
import type { Language } from './language.js';

export interface Phrase {
  readonly zh: string;
  readonly en: string;
}

export type Catalogue<Key extends string> = Readonly<Record<Key, Phrase>>;
export type Parameters = Readonly<Record<string, string | number>>;
export type Text<Key extends string> = (key: Key, parameters?: Parameters) => string;

/** How much longer than English a coming language is taken to be. */
const LONGER_BY = 0.3;
const FILLER = 'yarn';

/** The words of a catalogue in one language. */
export function textOf<Key extends string>(catalogue: Catalogue<Key>, language: Language): Text<Key> {
  return (key, parameters = {}) => fill(wordsOf(catalogue[key], language), parameters);
}

/** A phrase that is data (a hall's name, a reason) in a language. */
export function wordsOf(phrase: Phrase, language: Language): string {
  return language === 'xx' ? lengthened(phrase.en) : phrase[language];
}

/** A third longer, by words as short as syllables are. */
export function lengthened(words: string): string {
  const missing = Math.ceil(words.length * LONGER_BY);
  let more = '';
  while (more.length < missing) more += ` ${FILLER.slice(0, Math.max(1, missing - more.length - 1))}`;
  return words + more;
}

function fill(words: string, parameters: Parameters): string {
  return words.replace(/\{(\w+)\}/g, (place, name: string) => String(parameters[name] ?? place));
}
