/**
 * The technician's bench of a counter: each piece of its hardware can be pulled, broken and mended here, and it says
 * how the terminal takes it. Which key was made to stick is nowhere to be seen afterwards (I6).
 */
import { useState } from 'preact/hooks';
import type { CounterView, ShownStaff } from '../hall-view.js';
import { BoardBench } from './bench-board.js';
import { DutyBench } from './bench-duty.js';
import { PartsBench } from './bench-parts.js';
import { PrinterBench } from './bench-printer.js';
import { SelfCheckBench } from './bench-self-check.js';
import type { Attempt } from './said.js';
import { useWords } from './words.js';

export function Bench({
  counter,
  staff,
  attempt,
}: {
  counter: CounterView;
  staff: readonly ShownStaff[];
  attempt: Attempt;
}) {
  const { say } = useWords();
  const [open, setOpen] = useState(false);
  const result = counter.selfCheck?.result;
  return (
    <details class="bench" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>
        <span>{say('bench.heading')}</span>
        {result !== undefined && <span class={`bench-check check-${result}`}>{say(`check.${result}`)}</span>}
      </summary>
      {open && (
        <div class="bench-body" role="group" aria-label={say('bench.of-window', { n: counter.number })}>
          <PartsBench counter={counter} />
          <BoardBench counter={counter} attempt={attempt} />
          <PrinterBench counter={counter} attempt={attempt} />
          <SelfCheckBench counter={counter} attempt={attempt} />
          <DutyBench counter={counter} staff={staff} attempt={attempt} />
        </div>
      )}
    </details>
  );
}
