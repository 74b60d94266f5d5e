/** The board: one row a terminal, those first that need somebody. It knows no service, no case and no level. */
import { useEffect, useState } from 'preact/hooks';
import { followTerminals, type Heard } from './follow-terminals.js';
import { inOrder, urgencyOf, type TerminalCare, type TerminalList, type Urgency } from './terminal-care.js';
import { partName, timeText, wordsOf, type Language } from './words.js';

const MARKS: Readonly<Record<Urgency, string>> = { go: '✕', look: '!', fine: '✓' };

export function Board({ secret }: { readonly secret: string }) {
  const [heard, setHeard] = useState<Heard>({ kind: 'loading' });
  const [language, setLanguage] = useState<Language>('zh');
  useEffect(() => followTerminals(secret, setHeard), [secret]);
  useEffect(() => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
    document.title = wordsOf(language)('title');
  }, [language]);
  const text = wordsOf(language);
  return (
    <>
      <header>
        <h1>{text('title')}</h1>
        <button type="button" onClick={() => setLanguage(language === 'zh' ? 'en' : 'zh')}>
          {text('other')}
        </button>
      </header>
      <main>
        {heard.kind === 'loading' ? <p>{text('loading')}</p> : null}
        {heard.kind === 'no-secret' ? <p role="alert">{text('noSecret')}</p> : null}
        {heard.kind === 'refused' ? <p role="alert">{text('refused')}</p> : null}
        {heard.kind === 'list' ? (
          <>
            {heard.away ? <p role="alert">{text('away')}</p> : null}
            <Terminals list={heard.list} language={language} />
          </>
        ) : null}
      </main>
    </>
  );
}

function Terminals({ list, language }: { readonly list: TerminalList; readonly language: Language }) {
  const text = wordsOf(language);
  const { at, terminals } = list;
  if (terminals.length === 0) return <p>{text('none')}</p>;
  const total = (urgency: Urgency) => terminals.filter((terminal) => urgencyOf(terminal) === urgency).length;
  return (
    <>
      <p class="summary">
        {text('summary', { total: terminals.length, go: total('go'), look: total('look'), fine: total('fine') })}
        <span class="soft">{text('at', { time: timeText(at, at) })}</span>
      </p>
      <table>
        <thead>
          <tr>
            <th scope="col">{text('window')}</th>
            <th scope="col">{text('state')}</th>
            <th scope="col">{text('selfCheck')}</th>
            <th scope="col">{text('parts')}</th>
            <th scope="col">{text('duty')}</th>
          </tr>
        </thead>
        <tbody>
          {inOrder(terminals).map((terminal) => (
            <Row key={terminal.terminal} terminal={terminal} nowMs={at} language={language} />
          ))}
        </tbody>
      </table>
      <p class="soft">{text('ratingGoesOn')}</p>
    </>
  );
}

interface RowProps {
  readonly terminal: TerminalCare;
  readonly nowMs: number;
  readonly language: Language;
}

function Row({ terminal, nowMs, language }: RowProps) {
  const text = wordsOf(language);
  const urgency = urgencyOf(terminal);
  return (
    <tr data-terminal={terminal.terminal}>
      <th scope="row">
        {terminal.window} <span class="soft">{terminal.terminal}</span>
      </th>
      <td>
        <span class={`mark ${urgency}`}>
          <span aria-hidden="true">{MARKS[urgency]}</span> {text(urgency)}
        </span>
        <span class="line">
          {text(terminal.connection)} <Since atMs={terminal.since} nowMs={nowMs} language={language} />
        </span>
      </td>
      <td>
        <SelfCheck terminal={terminal} nowMs={nowMs} language={language} />
      </td>
      <td>
        <Parts terminal={terminal} nowMs={nowMs} language={language} />
      </td>
      <td>{terminal.staffNo ?? text('nobody')}</td>
    </tr>
  );
}

function SelfCheck({ terminal: { selfCheck }, nowMs, language }: RowProps) {
  const text = wordsOf(language);
  const { result, since, staffNo, reason, findings } = selfCheck;
  return (
    <>
      <span class={`check ${result}`}>{text(result)}</span> <Since atMs={since} nowMs={nowMs} language={language} />
      {staffNo === null ? null : <span class="soft"> {staffNo}</span>}
      {reason === null ? null : <span class="line">{text('reason', { reason })}</span>}
      {findings.length === 0 ? null : (
        <span class="line">{findings.map(({ item, code }) => code ?? item).join(' · ')}</span>
      )}
    </>
  );
}

function Parts({ terminal: { parts, connection }, nowMs, language }: RowProps) {
  const text = wordsOf(language);
  const weak = parts.filter(({ state }) => state !== 'connected');
  if (parts.length === 0) return <span class="soft">{text('partsUnknown')}</span>;
  if (weak.length === 0) return <span>{text(connection === 'lost' ? 'partsBefore' : 'partsFine')}</span>;
  return (
    <ul>
      {weak.map(({ part, state, code, since }) => (
        <li key={part}>
          {partName(part, language)}: {text(state)} {code === null ? null : <code>{code}</code>}{' '}
          {since === null ? null : <Since atMs={since} nowMs={nowMs} language={language} />}
        </li>
      ))}
    </ul>
  );
}

function Since({ atMs, nowMs, language }: { atMs: number; nowMs: number; language: Language }) {
  return <span class="soft">{wordsOf(language)('since', { time: timeText(atMs, nowMs) })}</span>;
}
