const { PAYMENTS_TIMEOUT = '2000' } = process.env;

export const settings = { payments: { timeout: Number.parseInt(PAYMENTS_TIMEOUT, 10) } };
