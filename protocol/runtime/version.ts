/** The version of this package, as logs and messages tell it. */
export const VERSION = '0.1.0';
