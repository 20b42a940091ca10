export const TIMEOUT = 2 * 60 * 1_000;
