/** When the terminal may be heard, and what it says at which moment. Pure. */
import type { SoundClip } from '../../hw/ports/sound-player.js';
import { hallTimeOfDayMs, type TerminalPolicy } from '../../protocol/index.js';

export type SoundPolicy = TerminalPolicy['sound'];

/** What happens at the counter, as far as it is heard. None knows a level (I6). */
export type Occasion = 'opened' | 'accepted' | 'thanked';

/** The clips of an occasion, in the order in which they are played. */
export function clipsOf(occasion: Occasion, policy: SoundPolicy): readonly SoundClip[] {
  if (occasion === 'accepted') return policy.key ? ['key'] : [];
  return policy.languages.flatMap((language): SoundClip[] => {
    if (occasion === 'thanked') return policy.thanks ? [`thanks-${language}`] : [];
    return [
      ...(policy.welcome ? [`welcome-${language}` as const] : []),
      ...(policy.invite ? [`invite-${language}` as const] : []),
    ];
  });
}

/**
 * Whether it is a quiet hour of the hall's own day: what its clocks on the wall show, also on the days on which they
 * are put forward or back. A time of `from` is quiet, one of `to` is not; `to` before `from` goes past midnight, and
 * the same time twice is the whole day.
 */
export function isQuiet(quiet: SoundPolicy['quiet'], timeZone: string, wallMs: number): boolean {
  if (quiet.length === 0) return false;
  const now = hallTimeOfDayMs(wallMs, timeZone) / 60_000;
  return quiet.some((hours) => {
    const [from, to] = [minutesOf(hours.from), minutesOf(hours.to)];
    return from < to ? from <= now && now < to : from <= now || now < to;
  });
}

/** Minutes since midnight of `hh:mm`. */
function minutesOf(text: string): number {
  return Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
}
