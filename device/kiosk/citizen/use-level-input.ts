/** Touch, mouse, keypad and keyboard become presses: one path for all, `session.press(level)`. */
import { useEffect, useRef } from 'preact/hooks';
import { KeyStrokes } from './key-strokes.js';
import { LEVELS, type KioskView, type Level } from './kiosk-view.js';
import { moveFocus } from './move-focus.js';
import { fingerDown, fingerRested, fingerUp, OPEN_GATE, type GateStep } from './press-gate.js';
import type { TerminalSession } from './terminal-session.js';

/** A finger that rests on a target for so long means it, lifted or not. */
const REST_MS = 350;
/** How far a finger may slide off before it does not mean the target any more, px. */
const SLIDE_PX = 32;
/** Where a level stands on the screen. */
export type Targets = Map<Level, HTMLElement>;

export function useLevelInput(session: TerminalSession): Targets {
  const targets = useRef<Targets>(new Map()).current;
  useEffect(() => listen(session, targets), [session]);
  return targets;
}

function listen(session: TerminalSession, targets: Targets): () => void {
  let gate = OPEN_GATE;
  const resting = new Map<string, ReturnType<typeof setTimeout>>();

  const take = (step: GateStep, finger: string) => {
    gate = step.gate;
    if (step.chord) void session.chord();
    if (step.press !== undefined) press(step.press, finger.startsWith('key') ? 'key' : 'touch');
  };
  const press = (level: Level, via: 'key' | 'touch') => {
    // The focus must not stay where the choice was (I6).
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    void session.press(level, via);
  };
  const down = (finger: string, level: Level) => {
    showPush(targets.get(level));
    take(fingerDown(gate, finger, level), finger);
    resting.set(
      finger,
      setTimeout(() => take(fingerRested(gate, finger), finger), REST_MS),
    );
  };
  const up = (finger: string, meant: boolean) => {
    clearTimeout(resting.get(finger));
    resting.delete(finger);
    take(fingerUp(gate, finger, meant), finger);
  };
  const levelAt = (place: EventTarget | null): Level | undefined =>
    place instanceof Node ? LEVELS.find((level) => targets.get(level)?.contains(place)) : undefined;

  const strokes = new KeyStrokes({ levelOf: (event) => levelOfKey(event, session.model.view), down, up });

  const pointed = new Map<number, HTMLElement>();
  const handlers: { readonly [Name in keyof WindowEventMap]?: (event: WindowEventMap[Name]) => void } = {
    pointerdown: (event) => {
      const level = levelAt(event.target);
      const target = level === undefined ? undefined : targets.get(level);
      if (level === undefined || target === undefined) return session.touch();
      if (event.pointerType === 'mouse' && event.button !== 0) return;
      pointed.set(event.pointerId, target);
      down(`pointer ${event.pointerId}`, level);
    },
    pointerup: (event) => {
      const target = pointed.get(event.pointerId);
      if (target === undefined) return;
      pointed.delete(event.pointerId);
      up(`pointer ${event.pointerId}`, isNear(target, event));
    },
    pointercancel: (event) => {
      if (pointed.delete(event.pointerId)) up(`pointer ${event.pointerId}`, false);
    },
    keydown: (event) => {
      if (event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
      const by = strokes.down(event);
      // A reader's Enter is for nobody here: it must press no button that has the focus.
      if (by === 'reader') return event.preventDefault();
      if (by === 'finger') return;
      if (moveFocus(event.key, targets.get(LEVELS[0]))) event.preventDefault();
      if (event.key !== 'Enter' && event.key !== ' ') session.touch();
    },
    keyup: (event) => strokes.up(event),
    // It comes after the finger was lifted, and would leave the focus on what was pressed (I6).
    mousedown: (event) => {
      if (levelAt(event.target) !== undefined) event.preventDefault();
    },
    // By Enter, Space or a screen reader; what a pointer does has been heard already, and has a detail.
    click: (event) => {
      const level = event.detail === 0 ? levelAt(event.target) : undefined;
      if (level === undefined) return;
      showPush(targets.get(level));
      press(level, 'touch');
    },
    blur: () => {
      strokes.forget();
      [...resting.keys()].forEach((finger) => up(finger, false));
    },
  };
  const heard = Object.entries(handlers) as [string, EventListener][];
  for (const [name, handler] of heard) addEventListener(name, handler);
  return () => {
    for (const [name, handler] of heard) removeEventListener(name, handler);
    strokes.forget();
    for (const timer of resting.values()) clearTimeout(timer);
  };
}

/** The keys that the terminal names for its keypad; the digits where it has none. */
function levelOfKey({ code, key }: KeyboardEvent, view: KioskView | null): Level | undefined {
  if (view?.keypad == null) return LEVELS.find((known) => String(known) === key);
  return Object.hasOwn(view.keypad.keys, code) ? view.keypad.keys[code] : undefined;
}

function isNear(target: HTMLElement, { clientX, clientY }: PointerEvent): boolean {
  const { left, right, top, bottom } = target.getBoundingClientRect();
  return (
    clientX > left - SLIDE_PX && clientX < right + SLIDE_PX && clientY > top - SLIDE_PX && clientY < bottom + SLIDE_PX
  );
}

/** Felt at once, over by itself, and nothing of it stays in the document. It says only that the touch was felt (I4). */
function showPush(target: HTMLElement | undefined): void {
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
  const pushed = { filter: 'brightness(0.86)', ...(still ? {} : { transform: 'translateY(3px) scale(0.975)' }) };
  target?.animate([pushed, { ...pushed, offset: 0.5 }, {}], { duration: 260, easing: 'ease-out' });
}
