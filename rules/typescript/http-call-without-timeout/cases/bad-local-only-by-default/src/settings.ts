export const paymentsUrl = process.env.PAYMENTS_URL ?? 'http://localhost:3001';
