/** What the bench's hall and its files are called. */
export const HALL = 'bench';
export const LOG_KEY = 'log-key.pem';
export const LOG = 'log.db';
