/** The hardware of a terminal as its configuration names it. Nothing is started here, and nothing need be there. */
import { EscposPrinter } from '../hw/escpos/escpos-printer.js';
import { parsePrinterAddress } from '../hw/escpos/printer-address.js';
import { openCounterBoard } from '../hw/open-counter-board.js';
import type { CounterBoard, KeyLevel } from '../hw/ports/counter-board.js';
import type { ReceiptPrinter } from '../hw/ports/receipt-printer.js';
import type { SoundPlayer } from '../hw/ports/sound-player.js';
import { DeviceNode } from '../hw/presence/device-node.js';
import { loadPrinterProfile } from '../hw/profiles/printer-built-in.js';
import { ProfileError } from '../hw/profiles/profile-document.js';
import { loadUsbKeypadProfile } from '../hw/profiles/usb-keypad-profile.js';
import { AplayPlayer } from '../hw/sound/aplay-player.js';
import { shippedVoiceFolder } from '../hw/sound/recorded-clips.js';
import { PjqError, retryDelayMs, type RetryPolicy } from '../protocol/index.js';
import type { DeviceConfiguration } from './configuration.js';

export interface Hardware {
  readonly board: { readonly port: CounterBoard; readonly name: string } | null;
  /** `tells`: whether it ever says what became of a slip. */
  readonly printer: { readonly port: ReceiptPrinter; readonly tells: boolean } | null;
  readonly keypad: { readonly node: DeviceNode; readonly keys: Readonly<Record<string, KeyLevel>> } | null;
  readonly player: SoundPlayer | null;
}

/** Whatever was pulled out is looked for again within seconds: somebody stands before it with the plug in hand. */
const BOARD_CAP_MS = 2_000;
const PRINTER_RETRY: RetryPolicy = { initialMs: 500, factor: 2, capMs: 4_000, jitter: 0.2 };
const SOUND_RETRY: RetryPolicy = { initialMs: 1_000, factor: 2, capMs: 30_000, jitter: 0.2 };

/** @throws PjqError `profile-invalid` with every fault of every part at once. */
export function openHardware(
  config: Pick<DeviceConfiguration, 'board' | 'printer' | 'keypad' | 'sound' | 'sync'>,
  now: { readonly monoMs: () => number; readonly uniform: () => number },
): Hardware {
  const { board, printer, keypad, sound, sync } = config;
  const delayBy = (policy: RetryPolicy) => (attempt: number) => retryDelayMs(policy, attempt, now.uniform);
  const faults: string[] = [];
  const read = <Part>(name: string, open: () => Part): Part | null => {
    try {
      return open();
    } catch (cause) {
      if (!(cause instanceof ProfileError)) throw cause;
      faults.push(...cause.faults.map((fault) => `${name}: ${fault}`));
      return null;
    }
  };
  const hardware: Hardware = {
    board:
      board === undefined
        ? null
        : read('board', () => {
            const nextDelayMs = delayBy({ ...sync.retry, capMs: BOARD_CAP_MS });
            const opened = openCounterBoard(board, { monoMs: now.monoMs, nextDelayMs });
            return { port: opened.board, name: opened.name };
          }),
    printer: printer === undefined ? null : read('printer', () => openPrinter(printer, delayBy(PRINTER_RETRY))),
    keypad:
      keypad === undefined
        ? null
        : read('keypad', () => {
            const { keys, device } = loadUsbKeypadProfile(keypad.profile);
            return { node: new DeviceNode({ path: keypad.device ?? device }), keys };
          }),
    player: sound === undefined ? null : openPlayer(sound, delayBy(SOUND_RETRY)),
  };
  if (faults.length > 0) throw new PjqError('profile-invalid', `\n${faults.join('\n')}`);
  return hardware;
}

function openPrinter(
  { url, profile: named }: NonNullable<DeviceConfiguration['printer']>,
  nextDelayMs: (attempt: number) => number,
): Hardware['printer'] {
  const profile = loadPrinterProfile(named);
  const { realTime, automatic, confirm } = profile.status;
  const port = new EscposPrinter({ profile, address: parsePrinterAddress(url, profile.serial), nextDelayMs });
  return { port, tells: realTime || automatic || confirm !== 'none' };
}

function openPlayer(
  { player, device, folder }: NonNullable<DeviceConfiguration['sound']>,
  nextDelayMs: (attempt: number) => number,
): SoundPlayer {
  return new AplayPlayer({
    command: player,
    ...(device === undefined ? {} : { device }),
    folders: [...(folder === undefined ? [] : [folder]), shippedVoiceFolder()],
    nextDelayMs,
  });
}
