/** The counter's screen: the terminal's real kiosk page, 800 × 480, shrunk to the room there is. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { pagesOf } from './demo-calls.js';
import { useWords } from './words.js';

const SCREEN_WIDTH = 800;

/** @param pagesId another one means another start of the terminal, whose page has another secret. */
export function ScreenFrame({ counter, pagesId }: { counter: number; pagesId: string | null }) {
  const { say } = useWords();
  const [page, setPage] = useState<{ readonly id: string; readonly address: string }>();
  const glass = useRef<HTMLDivElement>(null);

  useEffect(() => {
    if (pagesId === null) return;
    let wanted = true;
    pagesOf(counter).then(
      ({ kiosk }) => wanted && setPage({ id: pagesId, address: kiosk }),
      // It has just gone down again; its next start has another id.
      () => undefined,
    );
    return () => {
      wanted = false;
    };
  }, [counter, pagesId]);

  useEffect(() => {
    const element = glass.current;
    if (!element) return;
    const fit = new ResizeObserver(() =>
      element.style.setProperty('--shrink', String(element.clientWidth / SCREEN_WIDTH)),
    );
    fit.observe(element);
    return () => fit.disconnect();
  }, []);

  return (
    <div class="bezel">
      <div class="glass" ref={glass}>
        {page && <iframe key={page.id} src={page.address} title={say('counter.screen', { n: counter })} />}
        {pagesId === null && <p class="glass-note">{say('counter.screen-wait')}</p>}
      </div>
    </div>
  );
}
