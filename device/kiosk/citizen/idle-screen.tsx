/** Between services: who serves here (R1: photo, name, post, title, number). */
import { CodePicture } from './code-picture.js';
import type { KioskView, Staff } from './kiosk-view.js';
import { StaffPhoto } from './staff-photo.js';
import type { Say } from './words.js';

interface IdleScreenProps {
  readonly view: KioskView;
  readonly picture: string | null;
  readonly say: Say;
}

export function IdleScreen({ view, picture, say }: IdleScreenProps) {
  const { staff, window, later } = view;
  return (
    <section class="idle">
      {staff !== null && <StaffPhoto staff={staff} picture={picture} say={say} />}
      {staff !== null && <Card staff={staff} say={say} />}
      {later === null ? (
        window !== null && (
          <p class="window-plate" aria-hidden="true">
            <Plate words={say('window', { window: `\u0000${window}\u0000` })} />
          </p>
        )
      ) : (
        <aside class="missed">
          <CodePicture code={later} say={say} />
          <p class="missed-title">{say('missed')}</p>
          <p class="missed-more">{say('stillByPhone')}</p>
        </aside>
      )}
      <p class="wait">{say('wait')}</p>
    </section>
  );
}

function Card({ staff, say }: { readonly staff: Staff; readonly say: Say }) {
  const { name, post, title, staffNo } = staff;
  const rows = [
    [say('post'), post],
    [say('jobTitle'), title],
    [say('staffNo'), name === null ? null : staffNo],
  ] as const;
  return (
    <div class="card">
      <p class="card-eyebrow">{say('serving')}</p>
      <h1 class="card-name">{name ?? say('staffOf', { staffNo })}</h1>
      <dl class="card-rows">
        {rows.map(
          ([label, value]) =>
            value !== null && (
              <div key={label} class="card-row">
                <dt>{label}</dt>
                <dd>{value}</dd>
              </div>
            ),
        )}
      </dl>
    </div>
  );
}

/** The number of the window, large, within the words around it. */
function Plate({ words }: { readonly words: string }) {
  const [before = '', number = '', after = ''] = words.split('\u0000');
  return (
    <>
      {before.trim() !== '' && <span class="plate-words">{before.trim()}</span>}
      <span class={number.length > 2 ? 'plate-number plate-number-long' : 'plate-number'}>{number}</span>
      {after.trim() !== '' && <span class="plate-words">{after.trim()}</span>}
    </>
  );
}
