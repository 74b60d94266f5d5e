/** The emulated Uno costs next to nothing while nothing happens, and is there at once when something does. */
import { expect, it, onTestFinished, vi } from 'vitest';
import { AvrMachine } from '../../simulator/board/avr-machine.js';
import { AvrUno } from '../../simulator/board/avr-uno.js';
import { loadUnoFirmware } from '../../simulator/board/uno-firmware.js';
import { until } from './until.js';

it('runs one slice in twenty milliseconds, and answers at once when it is asked', async () => {
  const said: number[] = [];
  const machine = new AvrMachine({
    flash: loadUnoFirmware(),
    pins: { send: (bytes) => said.push(...bytes), sense: () => 1, driven: () => undefined },
    hurriedBoot: true,
  });
  onTestFinished(() => machine.halt());
  machine.boot();
  await until(() => said.includes(0xf7), 20_000);
  const run = vi.spyOn(AvrUno.prototype, 'run');
  onTestFinished(() => run.mockRestore());
  const ranMs = () => run.mock.calls.reduce((all, [cycles]) => all + cycles / 16_000, 0);
  // Restless for a while after its last byte; then a slice of 1 ms and no more between sleeps.
  await until(
    () => run.mock.calls.slice(-3).length === 3 && run.mock.calls.slice(-3).every(([cycles]) => cycles === 16_000),
  );
  run.mockClear();
  const begun = performance.now();
  await until(() => performance.now() - begun > 400);
  expect(ranMs()).toBeLessThan((performance.now() - begun) / 10);
  expect(ranMs()).toBeGreaterThan(0);
  said.length = 0;
  machine.receive(Uint8Array.of(0xf9));
  await until(() => said.length === 3, 1_000);
  expect(said).toEqual([0xf9, 2, 4]);
});

it('says nothing and runs no more when it was switched off', async () => {
  const said: number[] = [];
  const machine = new AvrMachine({
    flash: loadUnoFirmware(),
    pins: { send: (bytes) => said.push(...bytes), sense: () => 1, driven: () => undefined },
    hurriedBoot: true,
  });
  machine.boot();
  machine.halt();
  machine.receive(Uint8Array.of(0xf9));
  await new Promise((resolve) => setImmediate(resolve));
  expect(said).toEqual([]);
});
