/** Case number → matter → Enter. The first field is where the focus lives. */
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Chooser } from './chooser.js';
import type { DeskView, Matter, Stage } from './desk.js';
import { useDesk } from './desk-context.js';
import { matterId } from './memory.js';
import type { Opening } from './use-opening.js';

const STAGES: readonly Stage[] = ['intake', 'completion'];

export interface OpenFormProps {
  readonly view: DeskView;
  readonly opening: Opening;
  /** Only where the next case comes, until one has come. */
  readonly short: boolean;
}

export function OpenForm({ view, opening, short }: OpenFormProps) {
  const { text } = useDesk();
  const caseField = useRef<HTMLInputElement>(null);
  const matterField = useRef<HTMLInputElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const [composing, setComposing] = useState(false);
  const { matters } = view;
  const inSession = view.state === 'inSession';

  // Each new case number moves on to what has to be looked at; when it is opened, back to where the next one comes.
  useLayoutEffect(() => {
    if (opening.turn === 0) return;
    const next = opening.ready ? (matterField.current ?? button.current) : caseField.current;
    next?.focus();
    if (next instanceof HTMLInputElement) next.select();
  }, [opening.turn]);

  const options = [
    { id: '', main: text('matterNone'), side: '' },
    ...matters.map((matter) => ({ id: matterId(matter), main: nameOf(matter), side: matter.code ?? '' })),
  ];
  const back = () => {
    opening.backToCase();
    caseField.current?.focus();
    caseField.current?.select();
  };

  return (
    <section class="panel open-form" aria-label={text('openTitle')}>
      <label class="row-label" for="case-no">
        {text('caseNo')}
      </label>
      <input
        id="case-no"
        ref={caseField}
        class="field case-no"
        data-home
        autocomplete="off"
        spellcheck={false}
        placeholder={text('caseNoHint')}
        value={opening.caseNo}
        onInput={({ currentTarget }) => opening.type(currentTarget.value)}
        onCompositionStart={() => setComposing(true)}
        onCompositionEnd={() => setComposing(false)}
        onKeyDown={(event) => {
          if (event.isComposing) return;
          if (event.key === 'Enter') opening.take(event.currentTarget.value);
          if (event.key === 'Escape') opening.type('');
        }}
      />
      {matters.length === 0 || short ? null : (
        <>
          <label class="row-label" for="matter">
            {text('matter')}
          </label>
          <Chooser
            id="matter"
            field={matterField}
            options={options}
            chosen={opening.matter}
            digits
            placeholder={text('matterHint')}
            none={text('matterAbsent')}
            choose={opening.choose}
            commit={(matter) => opening.open(matter)}
            escape={back}
          />
        </>
      )}
      {short ? null : (
        <>
          <span class="row-label" id="stage-label">
            {text('stage')}
          </span>
          <div class="stage-and-open">
            <div class="segments" role="radiogroup" aria-labelledby="stage-label">
              {STAGES.map((stage) => (
                <label key={stage} class={opening.stage === stage ? 'segment chosen' : 'segment'}>
                  <input
                    type="radio"
                    name="stage"
                    value={stage}
                    checked={opening.stage === stage}
                    onChange={() => opening.setStage(stage)}
                    onKeyDown={({ key }) => {
                      if (key === 'Enter') opening.open();
                    }}
                  />
                  {text(stage)}
                </label>
              ))}
            </div>
            <button type="button" ref={button} class="primary" onClick={() => opening.open()}>
              {text(inSession ? 'openNext' : 'open')} <kbd>↵</kbd>
            </button>
          </div>
          <p class="form-hint" aria-live="polite">
            {composing ? (
              <strong class="warned">{text('inputMethod')}</strong>
            ) : opening.ready && inSession ? (
              text('nextEnds')
            ) : opening.ready && matters.length > 0 ? (
              text('checkThenEnter')
            ) : (
              ''
            )}
          </p>
        </>
      )}
    </section>
  );
}

function nameOf({ name, label, code }: Matter): string {
  return name ?? label ?? code ?? '';
}
