/** The terminal's configuration file. */
import { z } from 'zod';
import { nameSchema, retryPolicySchema, terminalNumberSchema } from '../protocol/index.js';
import { DEFAULT_RETRY, logLevelSchema, mqttAddressSchema, portSchema } from '../protocol/runtime/config-parts.js';
import { BALLAST_BYTES } from './log/ballast.js';

export const deviceConfigurationSchema = z.strictObject({
  hall: nameSchema.describe('name of the hall'),
  terminal: nameSchema.describe('name of this terminal'),
  dataDir: z.string().min(1).describe('folder of the log, the key and the secrets'),
  policyFile: z.string().min(1).describe('policy to go by until the hall has sent its own'),
  window: z.string().min(1).max(20).optional().describe('window to show until the hall has named it'),
  hallFile: z
    .string()
    .min(1)
    .optional()
    .describe('name of the hall, staff with photos, matters: what the screens show'),
  http: z
    .strictObject({
      port: portSchema,
      framedBy: z
        .array(z.string().regex(/^https?:\/\/[A-Za-z0-9.:[\]-]+$/, 'must be an origin, http://host:port'))
        .default([])
        .describe('origins whose pages may show the kiosk and staff pages in a frame'),
    })
    .describe('local interface, loopback only'),
  mqtt: mqttAddressSchema,
  board: z
    .strictObject({
      url: z
        .string()
        .min(1)
        .describe('tcp://host:port, serial:/dev/…?baud=9600, or gpio: for the pins of this machine'),
      profile: z
        .string()
        .min(1)
        .describe('a built-in profile of a Firmata board, a serial keypad or GPIO lines, or the path of one'),
    })
    .optional()
    .describe('keys and lamps; without them the screen, or a USB keypad, takes the presses'),
  keypad: z
    .strictObject({
      profile: z.string().min(1).describe('a built-in profile of a USB keypad, or the path of one'),
      device: z.string().startsWith('/').optional().describe("the keypad's device node; default: the profile's"),
    })
    .optional()
    .describe('USB keypad that types into the page of the citizen'),
  sound: z
    .strictObject({
      player: z.string().min(1).default('aplay').describe('the program that plays, with the arguments of aplay'),
      device: z.string().min(1).max(80).optional().describe('ALSA device, as aplay -L lists them; default: the first'),
      folder: z
        .string()
        .min(1)
        .optional()
        .describe("folder with the hall's own recordings, which go before the shipped"),
    })
    .optional()
    .describe('voice and tones; which, how loud and when is the policy'),
  printer: z
    .strictObject({
      url: z.string().min(1).describe('tcp://host:port, serial:/dev/…?baud=19200&flow=xon-xoff, or usb:/dev/…'),
      profile: z.string().min(1).describe('a built-in printer profile, or the path of one'),
    })
    .optional()
    .describe('receipt printer; without one the code is on the screen only'),
  receipt: z
    .strictObject({
      url: z
        .url({ protocol: /^https?$/ })
        .max(66)
        .describe("the citizen's page; a slash and the 43 characters of the code follow, 110 in all"),
      terminalNumber: terminalNumberSchema.describe('number of this terminal at the registry, in every code'),
    })
    .optional()
    .describe('the code for rating by phone; without it neither screen nor slip shows one'),
  sync: z
    .strictObject({
      windowBatches: z.int().min(2).max(4).default(3).describe('batches on their way at once'),
      minResendMs: z
        .int()
        .min(500)
        .max(60_000)
        .default(3_000)
        .describe('shortest wait for an ack before sending again, ms'),
      maxResendMs: z.int().min(1_000).max(600_000).default(60_000).describe('longest such wait, ms'),
      connectTimeoutMs: z.int().min(500).max(120_000).default(10_000).describe('longest wait for the broker, ms'),
      keepaliveSeconds: z.int().min(5).max(600).default(15).describe('MQTT keep-alive, s'),
      retry: retryPolicySchema.default({ ...DEFAULT_RETRY }).describe('waits between tries'),
    })
    .prefault({}),
  log: z
    .strictObject({
      maxEntries: z
        .int()
        .min(10_000)
        .max(20_000_000)
        .default(2_000_000)
        .describe('with more entries the oldest that the hall has are let go before their days are over'),
      maxBytes: z
        .int()
        .min(10_000_000)
        .max(10_000_000_000)
        .default(1_000_000_000)
        .describe('with more bytes in use in the log they are let go as well'),
      ballastBytes: z
        .int()
        .min(1_000_000)
        .max(1_000_000_000)
        .default(BALLAST_BYTES)
        .describe('room that is kept back on the disk for the day on which it is full, bytes'),
    })
    .prefault({})
    .describe('what is kept of what the hall has; the days are the policy'),
  clockToleranceMs: z
    .int()
    .min(100)
    .max(60_000)
    .default(2_000)
    .describe("how far the wall clock may be off the hall's and count as right, ms"),
  healthMs: z.int().min(1_000).max(3_600_000).default(30_000).describe('how often health is said anew, ms'),
  logLevel: logLevelSchema,
});
export type DeviceConfiguration = z.infer<typeof deviceConfigurationSchema>;
