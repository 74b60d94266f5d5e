/** The line that leads through the first minute. What is to be clicked is marked where it is. */
import { useEffect } from 'preact/hooks';
import { GUIDE_STEPS } from './guide-steps.js';
import { useWords } from './words.js';

export function Guide({ step, onAgain, onEnd }: { step: number; onAgain: () => void; onEnd: () => void }) {
  const { say } = useWords();
  const text = GUIDE_STEPS[step]?.text;
  const of = GUIDE_STEPS.length;
  useEffect(() => {
    // The first two are seen without it; later ones may be below the edge of a small window.
    if (step < 2) return;
    const marked = [...document.querySelectorAll('.guided')].at(-1);
    marked?.scrollIntoView({ block: 'nearest', behavior: 'smooth' });
  }, [step]);
  return (
    <section class="guide" aria-label={say('guide.heading')}>
      <ol class="guide-dots" aria-hidden="true">
        {GUIDE_STEPS.map((one, index) => (
          <li key={one.text} class={index < step ? 'past' : index === step ? 'now' : ''}>
            {index < step ? '✓' : index + 1}
          </li>
        ))}
      </ol>
      <p role="status" class="guide-text">
        {text !== undefined && <span class="aloud">{say('guide.step', { n: step + 1, of })} </span>}
        {say(text ?? 'guide.finish')}
      </p>
      {text === undefined && (
        <button class="quiet" type="button" onClick={onAgain}>
          {say('guide.again')}
        </button>
      )}
      <button class="quiet" type="button" onClick={onEnd}>
        {say(text === undefined ? 'guide.done' : 'guide.skip')}
      </button>
    </section>
  );
}
