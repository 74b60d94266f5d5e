import { execa } from 'execa';
import { expect, it } from 'vitest';

it('so that a program whose driver was stopped ends by itself, even with a key held down', async () => {
  const { stdout, exitCode } = await execa('node', ['--import', 'tsx', 'test/hw/one-press-and-stop.ts'], {
    timeout: 15_000,
  });
  expect(stdout.split('\n')).toEqual(['pressed 5', 'stopped']);
  expect(exitCode).toBe(0);
}, 20_000);
