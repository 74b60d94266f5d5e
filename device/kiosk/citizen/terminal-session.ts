/** The shell of the screen: follows the terminal, asks it, and keeps the screen's own short times. */
import { call } from '../shared/call.js';
import { follow } from '../shared/follow.js';
import { otherLanguage, type Language } from '../shared/language.js';
import { ChoiceSeal } from './choice-seal.js';
import { NOTICES, type Choice, type KioskView, type Level, type Notice, type TerminalEvent } from './kiosk-view.js';
import { firstModel, reduce, type Model, type ModelEvent } from './screen-model.js';

/** A little less than the second that a level may be seen. */
const SHOWN_MS = 900;
const NOTICE_MS = 3_000;
/** Touches only keep the session awake; more often says nothing more. */
const TOUCH_EVERY_MS = 1_000;
/** Refusals that the terminal itself puts into words, as a notice. */
const WORDED = ['rating-stands', 'session-absent', 'terminal-off-duty', 'terminal-paused', 'terminal-out-of-service'];

export class TerminalSession {
  #model: Model;
  #secret: string | null = null;
  #seal: ChoiceSeal | null = null;
  #unfollow: () => void = () => undefined;
  #listener: (model: Model) => void = () => undefined;
  #acceptedAtMs = -Infinity;
  #touchedAtMs = -Infinity;
  #hideTimer: ReturnType<typeof setTimeout> | undefined;
  #noticeTimer: ReturnType<typeof setTimeout> | undefined;
  #sendingReasons = false;

  constructor(language: Language) {
    this.#model = firstModel(language);
  }

  get model(): Model {
    return this.#model;
  }

  get secret(): string | null {
    return this.#secret;
  }

  /** Also when the terminal has started anew, under another secret. */
  start(secret: string | null, listener: (model: Model) => void): void {
    this.stop();
    this.#listener = listener;
    this.#secret = secret;
    if (secret === null) return this.#on({ type: 'link', link: 'noSecret' });
    this.#seal = new ChoiceSeal(secret);
    this.#unfollow = follow<KioskView, TerminalEvent>(secret, '/v1/screen/events', {
      link: (link) => this.#on({ type: 'link', link: link === 'live' ? 'live' : 'lost' }),
      view: (view, changed) => this.#viewed(view, changed),
      event: (event) => this.#told(event),
    });
  }

  stop(): void {
    this.#unfollow();
    this.#unfollow = () => undefined;
    clearTimeout(this.#hideTimer);
    clearTimeout(this.#noticeTimer);
    this.#listener = () => undefined;
  }

  /** The one way of a level to the terminal. What it became comes back as `accepted` or as a notice. */
  async press(level: Level, via: 'key' | 'touch'): Promise<void> {
    const sealed = await this.#seal?.close({ level, via });
    if (sealed !== undefined) await this.#ask('/v1/press', { sealed });
  }

  async chord(): Promise<void> {
    await this.#ask('/v1/chord');
  }

  async later(): Promise<void> {
    await this.#ask('/v1/later');
  }

  async openReasons(): Promise<void> {
    await this.#ask('/v1/reasons/open');
  }

  /** A single thing, by its place: the next press is its level. */
  async openThing(index: number): Promise<void> {
    await this.#ask('/v1/thing', { index });
  }

  async finish(): Promise<void> {
    if (await this.#ask('/v1/done')) this.#on({ type: 'finished' });
  }

  /** A point of the self-check was touched. One that it is past already needs no answer. */
  touchPoint(target: string): void {
    if (this.#secret !== null) void call(this.#secret, 'POST', '/v1/self-check/touch', { target });
  }

  /** Somebody is there. */
  touch(): void {
    const nowMs = performance.now();
    if (nowMs - this.#touchedAtMs < TOUCH_EVERY_MS) return;
    this.#touchedAtMs = nowMs;
    if (this.#secret !== null) void call(this.#secret, 'POST', '/v1/touch');
  }

  /** All the reasons that are wanted now. */
  async choose(codes: readonly string[]): Promise<void> {
    this.#on({ type: 'wanted', codes });
    if (this.#sendingReasons) return;
    this.#sendingReasons = true;
    for (let sent: readonly string[] | null = null; this.#model.wanted !== null && this.#model.wanted !== sent;) {
      sent = this.#model.wanted;
      const sealed = await this.#seal?.close({ codes: sent });
      if (sealed === undefined || !(await this.#ask('/v1/reasons', { sealed })))
        this.#on({ type: 'wanted', codes: null });
    }
    this.#sendingReasons = false;
    await this.#openChoice(this.#model.view);
  }

  changeLanguage(): void {
    this.#on({ type: 'language', language: otherLanguage(this.#model.language) });
  }

  /** @returns whether the terminal did it. */
  async #ask(path: string, body: object = {}): Promise<boolean> {
    if (this.#secret === null) return false;
    const reply = await call(this.#secret, 'POST', path, body);
    if (!reply.ok && !WORDED.includes(reply.problem.code)) this.#notice('press-not-taken');
    return reply.ok;
  }

  #on(event: ModelEvent): void {
    this.#model = reduce(this.#model, event);
    this.#listener(this.#model);
  }

  #viewed(view: KioskView, changed: Partial<KioskView>): void {
    this.#on({ type: 'view', view, timeTold: 'remainingMs' in changed, nowMs: performance.now() });
    if ('choice' in changed && performance.now() - this.#acceptedAtMs < SHOWN_MS) void this.#show(view);
    if ('choice' in changed || 'reasonsOpen' in changed) void this.#openChoice(view);
  }

  #told(event: TerminalEvent): void {
    if (event.type === 'accepted') {
      this.#acceptedAtMs = performance.now();
      this.#on({ type: 'accepted' });
      clearTimeout(this.#hideTimer);
      this.#hideTimer = setTimeout(() => this.#shownLongEnough(), SHOWN_MS);
      void this.#show(this.#model.view);
    } else {
      const notice = NOTICES.find((known) => known === event.notice);
      if (notice !== undefined) this.#notice(notice);
    }
  }

  /** The level is hidden; and where it was that of a single thing, the next one comes, at every level alike. */
  #shownLongEnough(): void {
    this.#on({ type: 'shown', level: null });
    const { view } = this.#model;
    if (view?.marking == null) return;
    const next = view.marking + 1;
    void (next < view.things.length ? this.openThing(next) : this.finish());
  }

  #notice(notice: Notice): void {
    clearTimeout(this.#noticeTimer);
    this.#on({ type: 'notice', notice });
    this.#noticeTimer = setTimeout(() => this.#on({ type: 'notice', notice: null }), NOTICE_MS);
  }

  /** Shows the level of the press that was just received. */
  async #show(view: KioskView | null): Promise<void> {
    const choice = await this.#open(view);
    // Opening took time; by now it may have to be hidden, or another press may have been received.
    const current = performance.now() - this.#acceptedAtMs < SHOWN_MS && this.#model.view?.choice === view?.choice;
    // Of a single thing its own level; that of the whole is not shown again.
    const level = choice?.mark === undefined ? choice?.level : choice.mark;
    if (level != null && current) this.#on({ type: 'shown', level });
  }

  async #openChoice(view: KioskView | null): Promise<void> {
    if (view?.reasonsOpen !== true) return;
    const choice = await this.#open(view);
    if (this.#model.view?.choice !== view.choice) return;
    this.#on({ type: 'choice', choice });
    if (!this.#sendingReasons) this.#on({ type: 'wanted', codes: null });
  }

  async #open(view: KioskView | null): Promise<Choice | null> {
    return view?.choice == null ? null : ((await this.#seal?.open<Choice>(view.choice)) ?? null);
  }
}
