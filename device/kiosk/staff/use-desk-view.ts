/** The terminal's view of this counter, and whether it is a live one. */
import { useEffect, useState } from 'preact/hooks';
import { follow, type Link } from '../shared/follow.js';
import { onNewSecret } from '../shared/secret.js';
import type { DeskView } from './desk.js';

export interface Followed {
  readonly secret: string | null;
  readonly link: Link;
  /** The last one that came; `null` before the first. */
  readonly view: DeskView | null;
}

export function useDeskView(firstSecret: string | null): Followed {
  const [secret, setSecret] = useState(firstSecret);
  const [link, setLink] = useState<Link>(firstSecret === null ? 'refused' : 'lost');
  const [view, setView] = useState<DeskView | null>(null);
  useEffect(() => onNewSecret('staff', setSecret), []);
  useEffect(() => {
    if (secret === null) return;
    return follow<DeskView, { readonly type: string }>(secret, '/v1/desk/events', { view: setView, link: setLink });
  }, [secret]);
  return { secret, link, view };
}
