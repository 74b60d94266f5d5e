/** Looks over a page for text that does not fit: the answer is a list of faults, empty when all is well. */
import type { Page } from 'playwright-core';

/**
 * Runs in the page. A line of text is taken without the space above and below its letters, which fonts for Chinese
 * have plenty of. Matters and case numbers are data of any length, and end in an ellipsis on purpose.
 */
const LOOK = `(() => {
  const faults = [];
  const root = document.scrollingElement;
  if (root.scrollWidth > innerWidth || root.scrollHeight > innerHeight) faults.push('the page scrolls');
  for (const box of document.querySelectorAll('.panel, .stage, .stage > section, .header')) {
    if (box.scrollWidth > box.clientWidth + 1 || box.scrollHeight > box.clientHeight + 1)
      faults.push(box.className + ' holds more than it shows');
  }
  const lines = [];
  const walker = document.createTreeWalker(document.querySelector('#screen'), NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const parent = node.parentElement;
    if (node.data.trim() === '' || getComputedStyle(parent).visibility === 'hidden') continue;
    const clipped = parent.closest('.matter, .case');
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const { left, right, top, bottom } of range.getClientRects()) {
      const slack = (bottom - top) * 0.24;
      const edge = clipped?.getBoundingClientRect().right ?? Infinity;
      lines.push({ words: node.data, parent, box: { left, right: Math.min(right, edge), top: top + slack, bottom: bottom - slack } });
    }
  }
  const boxOf = (element) => element.getBoundingClientRect();
  const inside = (a, b) => a.left >= b.left - 1 && a.right <= b.right + 1 && a.top >= b.top - 1 && a.bottom <= b.bottom + 1;
  const meet = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
  const drawings = [...document.querySelectorAll('.stage svg, .stage img')].map((drawing) => ({ drawing, box: boxOf(drawing) }));
  lines.forEach(({ words, parent, box }, at) => {
    const frame = parent.closest('button, .wait, .missed, .window-plate, .chosen, .card, .question, .header, .notice, .stage, .veil-card');
    if (!inside(box, boxOf(frame))) faults.push('"' + words + '" leaves ' + frame.className);
    if (!inside(box, { left: 0, top: 0, right: innerWidth, bottom: innerHeight })) faults.push('"' + words + '" leaves the panel');
    const notice = parent.closest('.notice') !== null;
    for (const other of lines.slice(at + 1))
      if (other.words !== words && !notice && other.parent.closest('.notice') === null && meet(box, other.box))
        faults.push('"' + words + '" meets "' + other.words + '"');
    for (const { drawing, box: drawn } of drawings)
      if (!notice && meet(box, drawn) && !drawing.closest('.target-face')?.parentElement.querySelector('.target-key').contains(parent))
        faults.push('"' + words + '" meets ' + drawing.getAttribute('class'));
  });
  return faults;
})()`;

/** Fonts are there, and what slides in has arrived. */
const SETTLED = `Promise.all([
  document.fonts.ready,
  ...document.getAnimations().filter((one) => one instanceof CSSTransition).map((one) => one.finished),
]).then(() => true)`;

export async function textFaults(page: Page): Promise<string[]> {
  await page.evaluate(SETTLED);
  return page.evaluate<string[]>(LOOK);
}
