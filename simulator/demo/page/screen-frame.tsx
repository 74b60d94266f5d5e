/** The counter's screen: the terminal's real kiosk page, 800 × 480, shrunk to the room there is. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { pagesOf } from './demo-calls.js';
import { useWords } from './words.js';

const SCREEN_WIDTH = 800;

/**
 * @param cut the screen is pulled out: its page is open nowhere, so that the terminal misses it.
 * @param pagesId another one means another start of the terminal, whose page has another secret.
 */
export function ScreenFrame({ counter, pagesId, cut }: { counter: number; pagesId: string | null; cut: boolean }) {
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
        {page && !cut && <iframe key={page.id} src={page.address} title={say('counter.screen', { n: counter })} />}
        {cut && <p class="glass-note">{say('counter.screen-cut')}</p>}
        {pagesId === null && !cut && <p class="glass-note">{say('counter.screen-wait')}</p>}
      </div>
    </div>
  );
}
