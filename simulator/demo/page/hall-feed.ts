/** The hall as the demo tells it, kept up to date. */
import { useEffect, useState } from 'preact/hooks';
import type { HallView } from '../hall-view.js';

/** `live`: whether the demo answers; the last view stays while it does not. */
export interface HallFeed {
  readonly view: HallView | undefined;
  readonly live: boolean;
}

export function useHall(): HallFeed {
  const [feed, setFeed] = useState<HallFeed>({ view: undefined, live: true });
  useEffect(() => {
    const source = new EventSource('api/events');
    source.onmessage = ({ data }: MessageEvent<string>) => setFeed({ view: JSON.parse(data) as HallView, live: true });
    // It tries again by itself.
    source.onerror = () => setFeed(({ view }) => ({ view, live: false }));
    return () => source.close();
  }, []);
  return feed;
}
