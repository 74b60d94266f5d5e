/** What the bench's hall and its files are called; as that of the tests (`test/support/hall.ts`), so that both can meet. */
export const HALL = 'demo';
export const LOG_KEY = 'log-key.pem';
export const LOG = 'log.db';
