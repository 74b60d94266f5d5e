/** The terminal's key, in its data folder: what it signs the heads of its log with. */
export const LOG_KEY_FILE = 'log-key.pem';
