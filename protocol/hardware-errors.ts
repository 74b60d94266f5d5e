/** Coded errors of what hangs at a terminal: keys, printer, screen, sound, and the check of them all. */
import { entry, type ErrorEntry } from './error-entry.js';

export const HARDWARE_ERRORS = {
  'printer-lost': entry(
    'The receipt printer does not answer.',
    'Check its cable and power; the code stays on the screen meanwhile.',
    503,
    true,
  ),
  'paper-out': entry(
    'The receipt printer has no paper.',
    'Put in a new roll; waiting slips are printed then.',
    503,
    true,
  ),
  'receipt-too-old': entry(
    'A slip waited for longer than the policy allows and was not printed.',
    'Print it again from the staff page if the citizen is still there.',
    409,
  ),
  'profile-invalid': entry(
    'The hardware profile has faults.',
    'Mend every line that is listed as path: reason (got …).',
    500,
  ),
  'board-lost': entry(
    'The board with keys and lamps does not answer.',
    'Look at cable and power; the terminal finds it again by itself.',
    503,
    true,
  ),
  'cover-open': entry(
    'The cover of the receipt printer is open.',
    'Close it; waiting slips are printed then.',
    503,
    true,
  ),
  'cutter-error': entry(
    'The cutter of the receipt printer is jammed.',
    'Switch it off, clear the cutter, switch it on again.',
    503,
    true,
  ),
  'printer-offline': entry(
    'The receipt printer was put off line at its panel.',
    'Press its feed or on-line key.',
    503,
    true,
  ),
  'keypad-lost': entry(
    'The USB keypad is not there.',
    'Plug it in again; the screen takes touches meanwhile.',
    503,
    true,
  ),
  'screen-lost': entry(
    "The citizen's screen is not there, or shows nothing of this terminal.",
    'Check its cable and power, then the kiosk session; the keys work meanwhile.',
    503,
    true,
  ),
  'sound-failed': entry(
    'A sound could not be played.',
    'Check the sound device in the configuration; ratings go on without sound.',
    503,
    true,
  ),
  'selfcheck-absent': entry('No self-check is going on.', 'Start one on the staff page.', 409),
  'selfcheck-running': entry('A self-check is going on already.', 'Finish it or break it off first.', 409),
  'selfcheck-busy': entry(
    'A service is open, so nothing is checked now.',
    'Start the self-check when the session has ended.',
    409,
    true,
  ),
  'selfcheck-step': entry('The self-check is not at this step.', 'Answer the step that the staff page shows now.', 409),
  'pin-wrong': entry(
    'Staff number and PIN do not belong together.',
    'Type them again, or scan the badge; the hall file has the PINs.',
    403,
  ),
  'pin-locked': entry('The PIN was wrong too often.', 'Wait a minute, or scan the badge.', 429, true),
  'key-stuck': entry('A key is held down without end.', 'Clean or replace the key; the other keys go on working.', 503),
} as const satisfies Record<string, ErrorEntry>;
