/** The language of the page, for every part of it. */
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { sayIn, type Language, type Say } from './catalogue.js';

export interface Words {
  readonly language: Language;
  readonly say: Say;
}

export const WordsContext = createContext<Words>({ language: 'zh', say: sayIn('zh') });

export function useWords(): Words {
  return useContext(WordsContext);
}
