import Stripe from 'stripe';

export const client = new Stripe('sk_test_a', { timeout: 10_000, httpClient: Stripe.createFetchHttpClient() });

