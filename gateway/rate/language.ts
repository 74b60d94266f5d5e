/** The languages of the phone page. A further one is a further key here; the compiler then asks for its words. */
export const LANGUAGES = ['zh', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

export type Phrase = Readonly<Record<Language, string>>;

/** The `lang` attribute, which also picks the right glyphs. */
export const LANGUAGE_TAGS: Readonly<Record<Language, string>> = { zh: 'zh-CN', en: 'en' };

/** What each language calls itself. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = { zh: '中文', en: 'English' };

const FIRST: Language = 'zh';

/** What the address asks for, else the first of ours that the browser names, else Chinese. */
export function languageOf(query: URLSearchParams, acceptLanguage = ''): Language {
  const asked = LANGUAGES.find((language) => language === query.get('lang'));
  if (asked !== undefined) return asked;
  // Browsers name them in the order of preference; few send weights out of it.
  for (const range of acceptLanguage.slice(0, 200).split(',')) {
    const primary = range.trim().slice(0, 2).toLowerCase();
    const ours = LANGUAGES.find((language) => language === primary);
    if (ours !== undefined) return ours;
  }
  return FIRST;
}
