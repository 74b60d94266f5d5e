/** Coded errors of rating later: the receipt's code, the window's code, what came of an act, and the messages that invite to one. */
import { entry, type ErrorEntry } from './error-entry.js';

export const LATER_ERRORS = {
  'token-malformed': entry(
    "This is not a receipt's code.",
    'Scan the whole code again; it has 43 characters after the last slash.',
    400,
  ),
  'token-key-unknown': entry(
    'The code names a key of its terminal that the registry does not have.',
    'Register the receipt key of that terminal.',
    404,
  ),
  'token-foreign': entry(
    'The code is of a terminal that this hall does not have.',
    'It is the slip of another hall, or the receipt key of that terminal was never registered here.',
    404,
  ),
  'receipt-key-taken': entry(
    'The number of the terminal, or of its key, is in use already.',
    'Look at `pjq terminal receipt-key list`; give each terminal a number of its own, and make the next key of this one.',
    409,
  ),
  'receipt-key-unknown': entry(
    'The registry has no such receipt key.',
    'Look at `pjq terminal receipt-key list`.',
    404,
  ),
  'token-key-revoked': entry(
    'The code was made with a key that is not good any more.',
    'Print a new slip; if many ask, look whether the key of that terminal was known to somebody else.',
    410,
  ),
  'rating-replaced': entry('The same person changed this rating.', 'Nothing; it is kept aside.', 409),
  'change-too-late': entry('The time in which a rating may be changed is over.', 'Nothing; the rating stands.', 409),
  'window-code-refused': entry(
    'No case of this window goes with what was entered.',
    'Look at the case number on the slip, and take the phone that was registered at the window; or use the code on the slip.',
    403,
  ),
  'window-code-locked': entry(
    'It was tried too often with the code of this window.',
    'Wait until the minutes of the policy are over, or use the code on the slip; look at the flags if many are locked.',
    429,
    true,
  ),
  'window-pass-over': entry(
    "The pass that the window's code was exchanged for is over.",
    "Enter case number and second factor again at the window's code.",
    410,
  ),
  'service-taken-back': entry('The business system took this service back.', 'Nothing is to be rated.', 410),
  'token-forged': entry('The code was not made by the terminal it names.', 'Do not accept it; look for copies.', 403),
  'gateway-busy': entry(
    'More ratings come at this moment than the gateway takes beside the terminals.',
    'Send the same act again after the seconds of Retry-After; the form keeps what was filled in. If it lasts, look at `pjq flags list`.',
    503,
    true,
  ),
  'sms-unreachable': entry(
    'Whoever carries the messages could not be reached, or takes none now.',
    'Nothing was sent; it is tried again while it is still time. Check sms.url, its secret and the network.',
    503,
    true,
  ),
  'sms-refused': entry(
    'Whoever carries the messages does not take this one.',
    'It is not sent. Check the templates and their parameters with the provider.',
    422,
  ),
  'sms-unsure': entry(
    'Nobody knows whether the message left.',
    'It counts as sent, since nobody is written to twice. Look at why the provider did not answer.',
    504,
  ),
} as const satisfies Record<string, ErrorEntry>;
