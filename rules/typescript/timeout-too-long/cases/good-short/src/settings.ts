export const timeout = 2 * 1_000;
