/**
 * Coded errors. Every refusal, on the wire, in a file or on a console, carries one of these codes;
 * `docs/errors.md` is generated from this table and a test holds it complete.
 */

import { entry, type ErrorEntry } from './error-entry.js';
import { HARDWARE_ERRORS } from './hardware-errors.js';
import { LATER_ERRORS } from './later-errors.js';

export type { ErrorEntry } from './error-entry.js';

export const ERRORS = {
  // configuration and policy
  'config-invalid': entry(
    'The configuration has faults.',
    'Mend every line that is listed as path: reason (got …), then start again.',
    500,
  ),
  'policy-invalid': entry(
    'The policy file has faults.',
    'Mend every line that is listed as path: reason (got …); the policy before it stays in force.',
    500,
  ),

  // the log
  'log-damaged': entry(
    'The log does not agree with its own chain.',
    'Keep the file for inspection; the terminal opens a new epoch and goes on. Run pjq verify on the copy.',
    500,
  ),
  'log-write-failed': entry(
    'The log could not be written, so nothing was taken.',
    'Look at the free space and the health of the card; the citizen was told to press again.',
    503,
    true,
  ),
  'log-full': entry(
    'The disk of the terminal takes nothing more.',
    'Make room on the card, or replace it; entries that the hall has are let go by themselves.',
    503,
    true,
  ),
  'store-full': entry(
    'The disk of the hall takes nothing more.',
    'Make room; the terminals keep what they have and send it again by themselves.',
    503,
    true,
  ),
  'store-damaged': entry(
    'The database of the hall is damaged.',
    'Stop the gateway and run `pjq store repair`; the terminals send again what they keep.',
    503,
    true,
  ),
  'store-locked': entry(
    'Another process holds this database.',
    'Stop the other program that uses the same data folder.',
    500,
  ),

  // messages on the wire
  'message-malformed': entry(
    'The message is not of its documented form.',
    'Compare it with docs/schema; the sender repairs and sends again.',
    400,
  ),
  'message-too-large': entry(
    'The message is larger than the protocol allows.',
    'Send batches of at most the documented size.',
    413,
  ),
  'message-version': entry(
    'The message has a version that this side does not speak.',
    'Update the older of the two programs.',
    400,
  ),
  'message-expired': entry(
    'The command came after its validUntil.',
    'Nothing was done. Send a new command if it is still wanted.',
    410,
  ),
  'wrong-terminal': entry(
    'The content names another terminal than its topic.',
    'A terminal speaks under its own name only; check hall and terminal in its configuration.',
    403,
  ),
  'peer-too-fast': entry(
    'This peer connects or speaks more than is taken of one peer.',
    'It has to wait, and others do not. Find out what it is: a terminal of ours stays far below every limit.',
    429,
    true,
  ),
  'peer-too-slow': entry(
    'This peer did not end what it began, or did not read what it was sent.',
    'It was cut off and may come again. Look at its network, and at what else uses its address.',
    408,
    true,
  ),
  'terminal-unknown': entry('No such terminal is registered.', 'Register it with pjq terminal add.', 404),
  'terminal-exists': entry(
    'A terminal of that name is registered already.',
    'Use pjq terminal key add to give it a further key.',
    409,
  ),
  'key-unknown': entry(
    'The batch is signed with a key that is not registered for this terminal.',
    'Register the key with pjq terminal key add.',
    403,
    true,
  ),
  'key-revoked': entry(
    'The batch is signed with a key outside its validity.',
    'Give the terminal a new key and register it.',
    403,
  ),

  // batches and chains
  'batch-malformed': entry(
    'The batch cannot be decoded.',
    'The terminal sends it again; if that goes on, run pjq verify on its log.',
    400,
  ),
  'batch-too-large': entry(
    'The batch is larger than the protocol allows.',
    'The terminal must send smaller batches; check its configuration.',
    413,
  ),
  'batch-chain': entry(
    'The entries of the batch do not lead to its head.',
    'The terminal sends it again; if that goes on, run pjq verify on its log.',
    409,
  ),
  'batch-signature': entry(
    'The signature of the batch head is wrong.',
    'Check which key the terminal uses and which is registered.',
    403,
  ),
  'batch-pending': entry(
    'The batch does not link to what is stored yet and is kept until it does.',
    'Nothing to do: the terminal sends what is missing.',
    202,
    true,
  ),
  'pending-full': entry(
    'Too many batches of this terminal wait for a missing one.',
    'Nothing to do: the terminal sends again from the acknowledged place.',
    429,
    true,
  ),
  'log-fork': entry(
    'Two different entries claim the same place of one chain (cloned card or restored backup).',
    'The terminal opens a new epoch by itself; find out whether two terminals use one card.',
    409,
  ),
  'epoch-stopped': entry(
    'This epoch was stopped after a contradiction and takes no more entries.',
    'The terminal opens a new epoch by itself; look at the alarm that tells why.',
    409,
  ),
  'log-gap': entry(
    'Entries exist neither here nor at the terminal any more.',
    'The gap is named in the report; compare it with the backup that was restored.',
    410,
  ),
  'store-restored': entry(
    'This gateway was restored from an older backup.',
    'The terminals send again what they keep; look at the gaps afterwards.',
    409,
    true,
  ),
  'claim-unproven': entry(
    'The terminal claims more than was acknowledged, without a head that this gateway signed.',
    "Look at the terminal; if the gateway's key was lost, say `pjq store restored --generation` with what it claims.",
    409,
  ),

  // the meaning of entries (the entry stays in the log, only its projection is set aside)
  'meaning-unknown': entry(
    'The kind of the entry is not known to this version.',
    'After the update run pjq quarantine retry.',
    422,
  ),
  'meaning-malformed': entry(
    'The body of the entry is not of its documented form.',
    'Look at the entry with pjq quarantine list; after a mend run pjq quarantine retry.',
    422,
  ),
  'entry-misplaced': entry(
    'The entry names another source, epoch or seq than its place in the batch.',
    'Run pjq verify on the log of the terminal.',
    422,
  ),
  'service-unknown': entry(
    'No such service is known.',
    'Check the serviceId; a press or rating of it waits in quarantine.',
    404,
  ),
  'service-already-rated': entry(
    'The service has a rating already; this one is kept aside.',
    'Nothing to do; supervisors see both.',
    409,
  ),
  'rating-displaced': entry(
    'Another act of rating came first by the rule; this one counts no longer and is kept aside.',
    'Nothing to do; supervisors see both, and a centre that has this one is told.',
    409,
  ),
  'rating-window-over': entry(
    'The days in which the service may be rated were over; this act is kept aside.',
    'Nothing to do; it counts as the policy says.',
    410,
  ),
  'press-unknown': entry(
    'The rating names a press that is not in the log.',
    'Run pjq verify on the log of the terminal.',
    422,
  ),
  'rating-contradicts-press': entry(
    'The rating has another level than the press that it names.',
    'Run pjq verify on the log of the terminal and look at the terminal.',
    422,
  ),

  // services and sessions
  'service-exists': entry(
    'The serviceId is in use for another service.',
    'Make a new serviceId for each service.',
    409,
  ),
  'service-over': entry(
    'The service has ended at the terminal already.',
    'Open a new service if another rating is due.',
    409,
  ),
  'follow-up-unfit': entry(
    'The service that is to be followed up is of another case or stage, or is a follow-up itself.',
    'Name the first service of this case and stage; a follow-up rating is the second and the last.',
    409,
  ),
  'follow-up-exists': entry(
    'The service has its follow-up already.',
    'Ask for that one again by its serviceId; a service is followed up once.',
    409,
  ),
  'service-ungranted': entry(
    'By the policy this stage opens no rating.',
    'Nothing to do: a failed intake opens none (S §18).',
    422,
  ),
  'terminal-off-duty': entry(
    'Nobody is on duty at the terminal.',
    'The staff member signs on at the terminal first.',
    409,
  ),
  'terminal-paused': entry(
    'Service is paused at the terminal.',
    'Resume it on the staff page, then open the service.',
    409,
  ),
  'terminal-out-of-service': entry('The terminal is out of service.', 'Look at its faults in the console.', 503, true),
  unreachable: entry(
    'The terminal is not connected, or did not answer in time; it shows no invitation that is out of date.',
    'Open the service at the terminal (staff page), or try again with the same Idempotency-Key.',
    504,
    true,
  ),
  'press-unwitnessed': entry(
    'Nobody can say what became of the press: the accepted lamp was not seen.',
    'Look at the ledger of the centre; the press may stand there or not.',
    504,
  ),
  'session-absent': entry('No service is open at the terminal.', 'Open a service first.', 409),
  'rating-stands': entry('The rating stands and is not changed any more.', 'Thank the citizen; nothing is lost.', 409),
  'reason-unknown': entry(
    'A reason is not of the list of this level.',
    'Show the reasons of the level that was pressed, from the list of this version.',
    409,
  ),
  'thing-unknown': entry(
    'What is to be given a level is not among what is asked of this service.',
    'Ask for the indicators of the policy at this stage, and the matters of this theme; each once.',
    409,
  ),
  'reason-list-invalid': entry(
    'The file is no list of reasons that screens and logs can take.',
    'Mend what is named; every level needs the same number of reasons, 1 to 8.',
    400,
  ),
  'reason-missing': entry(
    'The centre takes no negative rating that does not say why.',
    'It waits: call back, then `pjq reasons supply`; what the evaluator did not say is not made up.',
    422,
  ),
  'reason-not-awaited': entry(
    'No rating of that id waits for a reason.',
    'Look at `pjq reasons list`; somebody may have supplied it meanwhile.',
    409,
  ),
  'text-refused': entry(
    'The text is empty, too long, or holds control characters.',
    'One line of at most 500 characters; line breaks become spaces.',
    422,
  ),
  'staff-unknown': entry('No such member of staff is in the hall file.', 'Add them to the hall file.', 404),
  'evaluator-unsupported': entry(
    'This hall takes no evaluator data: its configuration names no keys to seal it with.',
    'Send the request without evaluator, or set evaluator.keyFile in the configuration of the gateway.',
    422,
  ),
  'evaluator-key-missing': entry(
    'The key with which evaluator data is sealed is not in the ring of keys.',
    'Put back the file evaluator.keyFile that belongs to this database; without it nobody can open the data.',
    500,
  ),
  'evaluator-damaged': entry(
    'Sealed evaluator data does not open: it was altered, or belongs to another service.',
    'Restore the database from a backup, or let the business system send the evaluator again.',
    500,
  ),
  'evaluator-key-in-use': entry(
    'The wrapping key is still needed.',
    'Run pjq privacy rotate first; it wraps everything with a new key.',
    409,
  ),
  'purpose-personal': entry(
    'The purpose names the person whose data it is about.',
    'Say why the data is looked at without name, document or phone: the purpose is kept in clear, for ever.',
    400,
  ),

  // HTTP
  'request-malformed': entry(
    'The request is not of its documented form.',
    'Compare it with the OpenAPI document; every fault is listed in errors.',
    400,
  ),
  'request-too-large': entry('The request body is too large.', 'Send at most the documented size.', 413),
  'route-unknown': entry('No such address.', 'Compare it with the OpenAPI document.', 404),
  'idempotency-key-missing': entry(
    'The header Idempotency-Key is missing.',
    'Send a new key for each new intention, and the same key when you send it again.',
    400,
  ),
  'idempotency-key-reused': entry('The Idempotency-Key was used for another request.', 'Make a new key.', 409),
  'idempotency-in-progress': entry(
    'The first request with this Idempotency-Key is still being worked on.',
    'Wait a moment and send it again.',
    409,
    true,
  ),
  'credentials-missing': entry('The secret is missing or wrong.', 'Send the secret as Authorization: Bearer …', 401),
  'origin-refused': entry(
    "The Host or Origin header is not this program's own.",
    'Call it by its loopback address; pages of other sites are refused.',
    403,
  ),
  internal: entry(
    'The program met a fault of its own.',
    'Look at the log line with the same request id and report it.',
    500,
    true,
  ),
  'gateway-unreachable': entry(
    'The gateway does not answer.',
    'Look whether it runs; a service can be opened at the terminal meanwhile.',
    502,
    true,
  ),
  'port-in-use': entry(
    'A port is in use by another program.',
    'End that program, or give another port with the option that is named.',
    500,
    true,
  ),

  // the centre
  'centre-unreachable': entry(
    'The centre does not answer.',
    'Nothing to do: ratings are kept and tried again by the schedule.',
    502,
    true,
  ),
  'centre-refused': entry(
    'The centre refused the rating.',
    'Look at its answer in the console; mend the profile, then run pjq forward retry.',
    422,
  ),
  'centre-signature': entry(
    'The signature of the request is wrong or too old.',
    'Compare the shared secret and the clocks of gateway and centre.',
    401,
    true,
  ),
  'centre-conflict': entry(
    'The centre holds another rating for the same case and number.',
    'The rating is quarantined; a supervisor compares the two.',
    409,
  ),
  'centre-garbage': entry(
    'The centre answered something that is not of its documented form.',
    "Nothing is taken as done; it is tried again. Tell the centre's operator.",
    502,
    true,
  ),

  // messages to those who have not rated
  ...HARDWARE_ERRORS,
  ...LATER_ERRORS,
} as const satisfies Record<string, ErrorEntry>;
