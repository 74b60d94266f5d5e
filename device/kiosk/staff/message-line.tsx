/** What the page last had to say: done, a slip of the hand, or the terminal's refusal with what to do about it. */
import { wordsOf } from '../shared/catalogue.js';
import { useDesk, type Message } from './desk-context.js';
import { problemWords } from './problem-words.js';
import { Mark } from './mark.js';

export function MessageLine({ message }: { readonly message: Message | null }) {
  const { text, language, hush } = useDesk();
  const problem = message?.kind === 'problem' ? message.problem : null;
  const words = problem === null ? null : problemWords(problem);
  return (
    <>
      <div role="status" class="said-region">
        {message?.kind === 'done' ? (
          <p class="said">
            <Mark condition="good" /> {text(message.key, message.parameters)}
          </p>
        ) : null}
      </div>
      <div role="alert" class="alert-region">
        {message?.kind === 'slip' ? (
          <p class="alert">
            <Mark condition="weak" />
            <span>{text(message.key, message.parameters)}</span>
          </p>
        ) : null}
        {problem !== null && words !== null ? (
          <div class="alert bad">
            <Mark condition="bad" />
            <div class="alert-words">
              <p class="alert-what">{wordsOf(words.what, language)}</p>
              <p>{wordsOf(words.todo, language)}</p>
              <p class="alert-code">{text('errorCode', { code: problem.code })}</p>
            </div>
            <button type="button" class="quiet" onClick={hush}>
              {text('close')}
            </button>
          </div>
        ) : null}
      </div>
    </>
  );
}
