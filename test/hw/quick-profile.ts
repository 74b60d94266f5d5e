/** The real profile with a shorter wait for arming, and a stuck time that a test can wait for. */
import { parseBoardProfile, type BoardProfile } from '../../hw/profiles/board-profile.js';
import { UNO_FIVE_KEYS } from '../../hw/profiles/uno-five-keys.js';

export const QUICK_PROFILE: BoardProfile = parseBoardProfile({ ...UNO_FIVE_KEYS, armUpMs: 60, stuckMs: 1_000 });
export const QUICK_TIMINGS = { handshakeRetryMs: 50, handshakeTimeoutMs: 400, probeMs: 40, probeMisses: 3 };
