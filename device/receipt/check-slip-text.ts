/** What stands on the slip of a self-check; the clerk holds it in hand, and may scan it. */
import type { CheckSlipText } from './check-slip.js';

export function checkSlipText(code: string): CheckSlipText {
  return {
    title: '自检 · Self-check',
    lines: ['打印清楚、切纸整齐即为正常。', 'Print is clear, cut is clean: all well.'],
    code,
  };
}
