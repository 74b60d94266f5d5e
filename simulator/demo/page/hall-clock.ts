/** Times as the hall's clocks show them, whatever zone the machine is set to that the page is looked at from. */
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { useWords } from './words.js';

/** IANA name; undefined until the hall has said it. */
export const ZoneContext = createContext<string | undefined>(undefined);

export function useHallClock(timeStyle: 'short' | 'medium'): (ms: number) => string {
  const { language } = useWords();
  const timeZone = useContext(ZoneContext);
  const format = new Intl.DateTimeFormat(language === 'zh' ? 'zh-CN' : 'en-GB', {
    timeStyle,
    hourCycle: 'h23',
    ...(timeZone === undefined ? {} : { timeZone }),
  });
  return (ms) => format.format(ms);
}
