/** What every part of the page needs: the words, and how to ask the terminal for something and tell how it went. */
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Parameters, Text } from '../shared/catalogue.js';
import type { Method, Problem } from '../shared/call.js';
import type { Language } from '../shared/language.js';
import type { WordKey } from './words.js';

/** What the page last had to say. `slip`: a mistake of the hand, found before anything was sent. */
export type Message =
  | { readonly kind: 'done' | 'slip'; readonly key: WordKey; readonly parameters: Parameters }
  | { readonly kind: 'problem'; readonly problem: Problem };

export interface Desk {
  readonly language: Language;
  readonly text: Text<WordKey>;
  readonly say: (kind: 'done' | 'slip', key: WordKey, parameters?: Parameters) => void;
  readonly tell: (problem: Problem) => void;
  readonly hush: () => void;
  /**
   * Asks, and tells how it went; while one request is under way, further ones are not sent.
   * @param own takes a problem that it knows what to do about; the others are told.
   * @returns whether it was done.
   */
  readonly ask: (
    method: Method,
    path: string,
    body: object,
    done: WordKey | null,
    own?: (problem: Problem) => boolean,
  ) => Promise<boolean>;
}

const DeskContext = createContext<Desk | null>(null);
export const DeskProvider = DeskContext.Provider;

export function useDesk(): Desk {
  const desk = useContext(DeskContext);
  if (desk === null) throw new Error('a part of the page stands outside of it');
  return desk;
}
