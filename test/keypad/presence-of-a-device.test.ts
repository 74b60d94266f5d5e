import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { DeviceNode } from '../../hw/presence/device-node.js';
import type { LinkState } from '../../hw/ports/counter-board.js';
import { until } from '../hw/witness.js';

/** So long that only the watch can have told. */
const NEVER_MS = 600_000;

function bench(everyMs: number, name = 'pjq-keypad') {
  const root = mkdtempSync(join(tmpdir(), 'pjq-dev-'));
  const folder = join(root, 'dev');
  mkdirSync(folder);
  const path = join(folder, name);
  const node = new DeviceNode({ path, everyMs });
  const links: LinkState[] = [];
  const reasons: string[] = [];
  const events = {
    link: (state: LinkState, reason: string) => {
      links.push(state);
      reasons.push(reason);
    },
  };
  onTestFinished(() => {
    node.stop();
    rmSync(root, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  });
  return { root, folder, path, node, links, reasons, events };
}

const watchers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'FSEventWrap').length;
const openFiles = () => readdirSync('/proc/self/fd').length;

describe('the file of a device', () => {
  it('is told at the start and whenever it comes and goes', async () => {
    const { path, node, links, reasons, events } = bench(NEVER_MS);
    expect(node.link).toBe('lost');
    node.start(events);
    await until(() => links.length === 1);
    writeFileSync(path, '');
    await until(() => node.link === 'connected');
    rmSync(path);
    await until(() => node.link === 'lost');
    expect(links).toEqual(['lost', 'connected', 'lost']);
    expect(reasons[1]).toBe(`${path} is there`);
    expect(reasons[2]).toBe(`${path} is not there; is it plugged in?`);
  });

  it('may be a link, as udev makes it, and is gone with its target although the link stays', async () => {
    const { root, path, node, links, events } = bench(20);
    const target = join(root, 'event7');
    symlinkSync(target, path);
    node.start(events);
    await until(() => links.length === 1);
    writeFileSync(target, '');
    await until(() => node.link === 'connected');
    rmSync(target);
    await until(() => node.link === 'lost');
    expect(links).toEqual(['lost', 'connected', 'lost']);
  });

  it('is found in a folder that comes later, or is made anew', async () => {
    const { folder, path, node, links, events } = bench(20);
    rmSync(folder, { recursive: true });
    node.start(events);
    await until(() => links.length === 1);
    for (let round = 0; round < 10; round += 1) {
      mkdirSync(folder);
      writeFileSync(path, '');
      await until(() => node.link === 'connected');
      // Where folder and file came between its two looks, the next one watches the folder.
      await until(() => watchers() === 1);
      renameSync(folder, `${folder}-old-${round}`);
      await until(() => node.link === 'lost');
    }
    await until(() => watchers() === 0);
    expect(links).toHaveLength(21);
  });

  it('tells nothing more after it was stopped, and tells all again when it is started again', async () => {
    const { path, node, links, events } = bench(10);
    writeFileSync(path, '');
    node.start(events);
    // Stopped while the first look is still under way.
    node.stop();
    node.start(events);
    await until(() => links.length === 1);
    node.stop();
    expect(node.link).toBe('lost');
    await until(() => watchers() === 0);
    rmSync(path);
    writeFileSync(path, '');
    node.start(events);
    await until(() => links.length === 2);
    expect(links).toEqual(['connected', 'connected']);
  });
});

it('is seen through 1,000 plug cycles, and no watcher or file is left open', async () => {
  const { path, node, links, events } = bench(NEVER_MS);
  node.start(events);
  await until(() => links.length === 1 && watchers() === 1);
  const filesBefore = openFiles();
  const waitFor = async (state: LinkState) => {
    while (node.link !== state) await new Promise((resolve) => setImmediate(resolve));
  };
  for (let cycle = 0; cycle < 1_000; cycle += 1) {
    symlinkSync('/dev/null', path);
    await waitFor('connected');
    unlinkSync(path);
    await waitFor('lost');
  }
  expect(links).toHaveLength(2_001);
  expect(watchers()).toBe(1);
  expect(openFiles()).toBeLessThanOrEqual(filesBefore);
  node.stop();
  await until(() => watchers() === 0);
});
