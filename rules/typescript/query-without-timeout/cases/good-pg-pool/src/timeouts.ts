export const timeouts = { connectionTimeoutMillis: 2_000, query_timeout: 5_000 };
