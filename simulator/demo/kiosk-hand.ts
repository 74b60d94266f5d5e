/**
 * A citizen's hand on the real screens: Chromium without a window shows each terminal's own page, and a target is
 * touched where its name says it is. Opened when it is first needed, then kept open.
 */
import { existsSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { LEVEL_NAMES, PjqError, type Level } from '../../protocol/index.js';
import type { LoopbackAnswer } from './loopback-call.js';

const CHROMIUM_PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser'];
/** The usual screen of a counter. */
const SCREEN = { width: 800, height: 480 };
const START_TIMEOUT_MS = 20_000;
/** A target that is not there after so long does not come: no service is open. */
const TARGET_TIMEOUT_MS = 4_000;
const ANSWER_TIMEOUT_MS = 5_000;

/** What is touched: its accessible name, and the request by which the page then tells the terminal. */
interface Target {
  readonly name: RegExp;
  readonly path: string;
}

const LATER: Target = { name: /^稍后用手机评/, path: '/v1/later' };
const levelTarget = (level: Level): Target => ({
  name: new RegExp(`^${LEVEL_NAMES[level].zh}(?!\\p{Script=Han})`, 'u'),
  path: '/v1/press',
});

/** Where Chromium is; `undefined` when there is none. PJQ_CHROMIUM names one, or none when it is empty. */
export function findChromium(env: NodeJS.ProcessEnv): string | undefined {
  const named = env['PJQ_CHROMIUM'];
  return (named === undefined ? CHROMIUM_PLACES : [named]).find((path) => path !== '' && existsSync(path));
}

export class KioskHand {
  readonly #chromium: string;
  #browser: Promise<Browser> | undefined;
  readonly #pages = new Map<number, { readonly address: string; readonly page: Page }>();
  /** One hand a counter: touches queue up behind each other. */
  readonly #turns = new Map<number, Promise<unknown>>();

  constructor(chromium: string) {
    this.#chromium = chromium;
  }

  async stop(): Promise<void> {
    const browser = this.#browser;
    this.#browser = undefined;
    this.#pages.clear();
    await (await browser?.catch(() => undefined))?.close();
  }

  /** @param address the kiosk page with its secret. @returns the terminal's answer to the page. @throws PjqError `session-absent`. */
  later(counter: number, address: string): Promise<Touched> {
    return this.#inTurn(counter, () => this.#touch(counter, address, LATER));
  }

  /** As `later`. */
  touch(counter: number, address: string, level: Level): Promise<Touched> {
    return this.#inTurn(counter, () => this.#touch(counter, address, levelTarget(level)));
  }

  /** Opens the counter's page, if it is not open. @throws when it cannot be shown. */
  async show(counter: number, address: string): Promise<void> {
    await this.#inTurn(counter, () => this.#pageOf(counter, address));
  }

  /** Closes it, as if the screen were gone. */
  async hide(counter: number): Promise<void> {
    await this.#inTurn(counter, async () => {
      const page = this.#pages.get(counter)?.page;
      this.#pages.delete(counter);
      await page?.context().close();
    });
  }

  #inTurn<T>(counter: number, work: () => Promise<T>): Promise<T> {
    const turn = (this.#turns.get(counter) ?? Promise.resolve()).then(work);
    this.#turns.set(
      counter,
      turn.catch(() => undefined),
    );
    return turn;
  }

  async #touch(counter: number, address: string, { name, path }: Target): Promise<Touched> {
    const page = await this.#pageOf(counter, address);
    const target = page.getByRole('button', { name });
    try {
      await target.waitFor({ state: 'visible', timeout: TARGET_TIMEOUT_MS });
    } catch (cause) {
      throw new PjqError('session-absent', 'the screen has no such target now', { cause });
    }
    const answered = page.waitForResponse((response) => new URL(response.url()).pathname === path, {
      timeout: ANSWER_TIMEOUT_MS,
    });
    const [response] = await Promise.all([answered, target.tap({ timeout: ANSWER_TIMEOUT_MS })]);
    return {
      status: response.status(),
      contentType: response.headers()['content-type'] ?? 'application/json',
      text: await response.text(),
    };
  }

  /** The page of this start of the terminal: its secret is another after each. */
  async #pageOf(counter: number, address: string): Promise<Page> {
    const known = this.#pages.get(counter);
    if (known !== undefined && known.address === address && !known.page.isClosed()) return known.page;
    await known?.page.close().catch(() => undefined);
    const browser = await this.#open();
    const context = await browser.newContext({ viewport: SCREEN, hasTouch: true, locale: 'zh-CN' });
    const page = await context.newPage();
    // What is kept for a tab is the browser's own matter; a new context has none of it.
    const response = await page.goto(address, { timeout: START_TIMEOUT_MS });
    if (response?.ok() !== true) {
      await page.close();
      throw new Error('the terminal has no page to show');
    }
    this.#pages.set(counter, { address, page });
    return page;
  }

  #open(): Promise<Browser> {
    this.#browser ??= this.#launch().catch((error: unknown) => {
      this.#browser = undefined;
      throw error;
    });
    return this.#browser;
  }

  async #launch(): Promise<Browser> {
    const { chromium } = await import('playwright-core');
    const browser = await chromium.launch({
      executablePath: this.#chromium,
      timeout: START_TIMEOUT_MS,
      // Chromium's own sandbox does not start for root.
      chromiumSandbox: process.getuid?.() !== 0,
      args: ['--disable-gpu'],
    });
    browser.on('disconnected', () => {
      this.#browser = undefined;
      this.#pages.clear();
    });
    return browser;
  }
}

export type Touched = Pick<LoopbackAnswer, 'status' | 'contentType' | 'text'>;
