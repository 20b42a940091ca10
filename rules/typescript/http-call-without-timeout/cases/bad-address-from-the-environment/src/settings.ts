/** 'http://localhost:3001' on a laptop. */
export const paymentsUrl = process.env.PAYMENTS_URL;
