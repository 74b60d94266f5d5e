/** Where the recordings are: the hall's own folder first, what comes with the program after it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SoundClip } from '../ports/sound-player.js';
import { readWav, type Recording } from './wav.js';

/** The recordings that come with the program. They are not copied to `dist/`, where this file runs from. */
export function shippedVoiceFolder(): string {
  const here = fileURLToPath(new URL('.', import.meta.url));
  return join(here, /[/\\]dist[/\\]hw[/\\]sound[/\\]$/.test(here) ? '../../../hw/voice' : '../voice');
}

/** Read anew each time, so that a hall may exchange a file. `null`: nobody has recorded it. */
export async function findClip(
  folders: readonly string[],
  clip: SoundClip,
): Promise<Recording | null | { readonly fault: string }> {
  for (const folder of folders) {
    const path = join(folder, `${clip}.wav`);
    let file: Uint8Array;
    try {
      file = await readFile(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') continue;
      return { fault: `${path}: cannot be read (${(error as Error).message})` };
    }
    const recording = readWav(file);
    return 'fault' in recording ? { fault: `${path}: ${recording.fault}` } : recording;
  }
  return null;
}
