/** The way of a rating through the hall: terminals, gateway, centre, and the cables between them. */
import type { ComponentChildren } from 'preact';
import type { HallView, Plugged } from '../hall-view.js';
import { kill, setSwitch } from './demo-calls.js';
import type { GuideTarget } from './guide-steps.js';
import { useWords } from './words.js';

export function Way({ view, guided }: { view: HallView; guided: (target: GuideTarget) => string }) {
  const { say } = useWords();
  const { counters, gateway, centre } = view;
  const backlog = counters.reduce((sum, counter) => sum + (counter.backlog ?? 0), 0);
  const working = counters.filter(({ answers }) => answers).length;
  return (
    <section class="panel way" aria-labelledby="way">
      <h2 id="way">{say('way.heading')}</h2>
      <div class="stations">
        <Station name={say('way.terminals')} good={working === counters.length}>
          <p>{say('way.connected', { n: gateway.connected ?? '?', of: counters.length })}</p>
          <p class={backlog > 0 ? 'waiting' : ''}>{say('way.backlog', { n: backlog })}</p>
        </Station>
        <Cable whole={gateway.network === 'on'} />
        <Station name={say('way.gateway')} good={gateway.answers}>
          <p class={(gateway.waiting ?? 0) > 0 ? 'waiting' : ''}>
            {!gateway.answers
              ? say('way.no-answer')
              : gateway.waiting === null
                ? say('way.unknown')
                : say('way.waiting', { n: gateway.waiting })}
          </p>
          <Handles
            view={view}
            name={say('way.gateway')}
            process="gateway"
            network={gateway.network}
            guided={guided('gateway-switch')}
          />
        </Station>
        <Cable whole={gateway.network === 'on' && centre.network === 'on'} />
        <Station name={say('way.centre')} good={centre.answers && centre.network === 'on'}>
          <p>{centre.total === null ? say('way.no-answer') : say('way.total', { n: centre.total })}</p>
          <Handles view={view} name={say('way.centre')} process="centre" network={centre.network} guided="" />
        </Station>
      </div>
    </section>
  );
}

function Station({ name, good, children }: { name: string; good: boolean; children: ComponentChildren }) {
  return (
    <div class={`station ${good ? 'good' : 'off'}`}>
      <h3>{name}</h3>
      {children}
    </div>
  );
}

function Cable({ whole }: { whole: boolean }) {
  return (
    <svg class={`cable ${whole ? '' : 'broken'}`} viewBox="0 0 48 16" aria-hidden="true">
      {whole ? <path d="M0 8h40M34 2l8 6-8 6" /> : <path d="M0 8h14M32 8h16M19 3l10 10M29 3L19 13" />}
    </svg>
  );
}

function Handles({
  view,
  name,
  process,
  network,
  guided,
}: {
  view: HallView;
  name: string;
  process: 'gateway' | 'centre';
  network: Plugged;
  guided: string;
}) {
  const { say } = useWords();
  const what = { what: name };
  const restarts = (view.processes.find((one) => one.name === process)?.starts ?? 1) - 1;
  const cut = network === 'cut';
  // What could not be asked shows in the next view: nothing has changed.
  const unheard = () => undefined;
  return (
    <>
      <div class="handles">
        <button
          type="button"
          class={`${cut ? 'primary' : 'danger'} ${guided}`}
          aria-label={say(cut ? 'way.restore-of' : 'way.cut-of', what)}
          onClick={() => void setSwitch(`${process}-network`, undefined, cut ? 'on' : 'cut').catch(unheard)}
        >
          {say(cut ? 'way.restore' : 'way.cut')}
        </button>
        <button
          type="button"
          class="danger"
          aria-label={say('way.kill-of', what)}
          onClick={() => void kill(process).catch(unheard)}
        >
          {say('way.kill')}
        </button>
      </div>
      {restarts > 0 && <p class="restarts">{say('way.restarts', { n: restarts })}</p>}
    </>
  );
}
