/**
 * How the self-check of this day stands, below what one works with: a line with one button, never in the way. What it
 * found is one step away, and comes by itself when a check has just ended here.
 */
import { useEffect, useRef, useState } from 'preact/hooks';
import { wordsOf } from '../shared/catalogue.js';
import { causesOf, toSeeTo } from './check-findings.js';
import { RESULTS } from './check-result.js';
import type { DeskView, LastCheck } from './desk.js';
import { useDesk } from './desk-context.js';
import { hourOrDay } from './hour.js';
import { Mark } from './mark.js';
import { ReasonDialog } from './reason-dialog.js';
import type { WordKey } from './words.js';

const SKIPS = ['skipCitizens', 'skipServiced', 'skipRepair', 'skipStandIn'] as const satisfies readonly WordKey[];

export interface SelfCheckBannerProps {
  readonly last: LastCheck;
  /** It has ended while somebody was looking. */
  readonly justEnded: boolean;
  readonly seen: () => void;
}

export function SelfCheckBanner({ last, justEnded, seen }: SelfCheckBannerProps) {
  const { text, ask } = useDesk();
  const [open, setOpen] = useState(justEnded);
  const [skipping, setSkipping] = useState(false);
  useEffect(() => setOpen(justEnded), [justEnded, last.since]);
  const { result, since, reason, items } = last;
  if (result === 'pass' && !justEnded) return null;
  const causes = causesOf(items);
  const detailed = (result === 'limited' || result === 'fail') && causes.length > 0;
  const close = () => {
    setOpen(false);
    seen();
  };
  return (
    <section class={`panel check-banner ${RESULTS[result].condition}`} aria-label={text('check')} data-check={result}>
      <div class="check-line">
        <Mark condition={RESULTS[result].condition} />
        <p class="check-says" role="status">
          <strong>{text(SAYINGS[result], { total: toSeeTo(items) })}</strong>{' '}
          <span class="soft">{text('checkSince', { time: hourOrDay(since) })}</span>{' '}
          {result === 'skipped' && reason !== null ? <span>{text('checkWhy', { reason })}</span> : null}
        </p>
        {detailed ? (
          <button type="button" class="plain" aria-expanded={open} onClick={() => (open ? close() : setOpen(true))}>
            {text(open ? 'checkHide' : 'checkShow')}
          </button>
        ) : null}
        {result === 'missing' ? (
          <button type="button" class="quiet" onClick={() => setSkipping(true)}>
            {text('checkSkip')}
          </button>
        ) : null}
        {result === 'pass' ? (
          <button type="button" class="quiet" onClick={close}>
            {text('close')}
          </button>
        ) : (
          <button
            type="button"
            class={result === 'missing' ? 'primary check-start' : 'plain'}
            onClick={() => void ask('POST', '/v1/self-check', {}, 'checkStarted')}
          >
            {text(result === 'missing' || result === 'skipped' ? 'checkStart' : 'checkAgain')}
          </button>
        )}
      </div>
      {detailed && open ? <Findings causes={causes} /> : null}
      {skipping ? (
        <ReasonDialog
          title="checkSkipTitle"
          hint="checkSkipHint"
          usual={SKIPS}
          commit="checkSkipDone"
          take={(why) =>
            void ask('POST', '/v1/self-check/skip', { reason: why }, 'checkSkipped').then(() => setSkipping(false))
          }
          close={() => setSkipping(false)}
        />
      ) : null}
    </section>
  );
}

const SAYINGS = {
  missing: 'checkMissing',
  skipped: 'checkWasSkipped',
  pass: 'checkPass',
  limited: 'checkLimited',
  fail: 'checkFail',
} as const satisfies Readonly<Record<LastCheck['result'], WordKey>>;

function Findings({ causes }: { readonly causes: ReturnType<typeof causesOf> }) {
  const { text, language } = useDesk();
  return (
    // It scrolls by itself, so the keyboard must be able to stand in it.
    <ul class="check-findings" tabIndex={0} aria-label={text('checkFindings')}>
      {causes.map(({ code, result, items, words }) => (
        <li key={code} data-code={code}>
          <Mark condition={RESULTS[result].condition} />
          <div>
            <p>
              <strong>{wordsOf(words.what, language)}</strong>{' '}
              <span class="part-state">{text(RESULTS[result].word)}</span>
            </p>
            <p>{wordsOf(words.todo, language)}</p>
            <p class="soft">
              {items.map((item) => wordsOf(item, language)).join(' · ')} {text('checkCode', { code })}
            </p>
          </div>
        </li>
      ))}
    </ul>
  );
}

/** Whether a check has ended before this page's eyes, until somebody has seen it. */
export function useJustEnded({ selfCheck }: Pick<DeskView, 'selfCheck'>): readonly [boolean, () => void] {
  const [ended, setEnded] = useState(false);
  const running = useRef(false);
  const now = selfCheck.running !== null;
  useEffect(() => {
    if (running.current !== now) setEnded(running.current);
    running.current = now;
  }, [now]);
  return [ended, () => setEnded(false)];
}
