/** Words in a narrow box: lines of Chinese may end at any character, so they are told where its words end. */
import { Fragment } from 'preact';
import type { Language } from '../shared/language.js';

const segmenter = new Intl.Segmenter('zh', { granularity: 'word' });

/** A line may end between two words only (style: `word-break: keep-all`). */
export function BetweenWords({ text, language }: { readonly text: string; readonly language: Language }) {
  if (language !== 'zh') return <>{text}</>;
  return (
    <>
      {Array.from(segmenter.segment(text), ({ segment, index }) => (
        <Fragment key={index}>
          {index > 0 && <wbr />}
          {segment}
        </Fragment>
      ))}
    </>
  );
}
