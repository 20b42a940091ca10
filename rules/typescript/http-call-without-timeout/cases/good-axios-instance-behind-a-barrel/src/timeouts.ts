export const timeouts = { http: { timeout: 2_000 } } as const;
