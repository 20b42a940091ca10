export const options = { timeout: 5_000 };
