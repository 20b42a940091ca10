export const timeouts = { query_timeout: 5_000, statement_timeout: 4_000 };
