/** What is rated, as far as the slip's holder may read it. */
import { html, type Html } from './html.js';
import type { Language } from './language.js';
import type { RatedThing } from './rate-door.js';
import { sayIn } from './words.js';

export function thingFacts({ matter, matters, window, day }: RatedThing, language: Language): Html {
  const say = sayIn(language);
  const names = matters.length > 0 ? matters.map(({ name }) => name) : [matter?.name ?? say('matterUnknown')];
  const [year = '', month = '', date = ''] = day.split('-');
  const facts: (readonly [string, string])[] = [
    [say('matter'), names.join(language === 'zh' ? '、' : ', ')],
    ...(window === null ? [] : ([[say('window'), say('windowNumber', { window })]] as const)),
    [say('day'), say('dayIs', language === 'zh' ? { year, month: +month, day: +date } : { year, month, day: date })],
  ];
  const rows = facts.map(
    ([name, value]) =>
      html`<div>
        <dt>${name}</dt>
        <dd>${value}</dd>
      </div>`,
  );
  return html`<dl class="thing" aria-label="${say('service')}">${rows}</dl>`;
}
