/**
 * The player with a stand-in for `aplay` where there is no sound card. It takes the options that `aplay --help` of
 * alsa-utils 1.2.8 names and this program uses, refuses others, keeps what came on its standard input and how it was
 * called, and does what the file `mood` says: play for as long as the recording is, hang, or fail as aplay does.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { AplayPlayer, type AplayPlayerOptions } from '../../hw/sound/aplay-player.js';
import { shippedVoiceFolder } from '../../hw/sound/recorded-clips.js';
import type { LinkState } from '../../hw/ports/counter-board.js';

/** `plays`: to the end at once. `sounds`: until it is told to end. `deaf`: the same, and hears no SIGTERM. */
export type Mood = 'plays' | 'sounds' | 'deaf' | 'absent' | 'busy';

const SCRIPT = `#!/bin/sh
here=\${0%/*}
mood=$(cat "$here/mood")
while [ $# -gt 0 ]; do
  case $1 in
    --quiet|--file-type=wav|--device=?*|-) ;;
    *) echo "aplay: unrecognized option '$1'" >&2; exit 1 ;;
  esac
  last=$1
  shift
done
[ "$last" = - ] || { echo 'aplay: reads standard input here' >&2; exit 1; }
echo $$ > "$here/pid"
case $mood in
  absent)
    echo "ALSA lib confmisc.c:855:(parse_card) cannot find card '0'" >&2
    echo 'aplay: main:831: audio open error: No such file or directory' >&2
    exit 1 ;;
  busy)
    echo 'aplay: main:831: audio open error: Device or resource busy' >&2
    exit 1 ;;
esac
cat > "$here/heard.tmp"
mv "$here/heard.tmp" "$here/heard-$(date +%s%N).wav"
[ "$mood" = deaf ] && trap '' TERM
[ "$mood" = plays ] || exec sleep 60
`;

export function aplayAtWork(options: Partial<AplayPlayerOptions> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'pjq-aplay-'));
  const command = join(folder, 'aplay');
  writeFileSync(command, SCRIPT, { mode: 0o755 });
  const own = join(folder, 'own');
  const links: LinkState[] = [];
  const reasons: string[] = [];
  const attempts: number[] = [];
  const player = new AplayPlayer({
    command,
    folders: [own, shippedVoiceFolder()],
    nextDelayMs: (attempt) => {
      attempts.push(attempt);
      return 20;
    },
    ...options,
  });
  onTestFinished(async () => {
    await player.stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  });
  const mood = (to: Mood) => writeFileSync(join(folder, 'mood'), to);
  mood('plays');
  return {
    folder,
    own,
    player,
    links,
    reasons,
    attempts,
    mood,
    start: () =>
      player.start({
        link: (state, reason) => {
          links.push(state);
          reasons.push(reason);
        },
      }),
    /** What came on the standard input of each aplay that took it, oldest first, but for the silence of a trial. */
    heard: () =>
      readdirSync(folder)
        .filter((name) => name.startsWith('heard-'))
        .sort()
        .map((name) => new Uint8Array(readFileSync(join(folder, name))))
        .filter((file) => file.subarray(44).some((byte) => byte !== 0)),
    /** Whether the newest aplay is still there. */
    alive: () => {
      try {
        process.kill(Number(readFileSync(join(folder, 'pid'), 'utf8')), 0);
        return true;
      } catch {
        return false;
      }
    },
  };
}
