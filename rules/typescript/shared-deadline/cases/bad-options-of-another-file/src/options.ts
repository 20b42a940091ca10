export const options = { signal: AbortSignal.timeout(5_000) };
