/**
 * The languages of the screens. `xx` is no language: English with a third more letters, to see whether a layout
 * holds the languages to come.
 */
export const LANGUAGES = ['zh', 'en', 'xx'] as const;
export type Language = (typeof LANGUAGES)[number];

/** What a screen speaks until somebody chooses. */
export const FIRST_LANGUAGE: Language = 'zh';

/** The `lang` attribute, which also picks the right glyphs. */
export const LANGUAGE_TAGS: Readonly<Record<Language, string>> = { zh: 'zh-CN', en: 'en', xx: 'en' };

/** The language that a page's address asks for with `?lang=`. */
export function languageOf(search: string): Language {
  const asked = new URLSearchParams(search).get('lang');
  return LANGUAGES.find((language) => language === asked) ?? FIRST_LANGUAGE;
}

/** What the button beside it switches to. */
export function otherLanguage(language: Language): Language {
  return language === 'zh' ? 'en' : 'zh';
}
