import { createClient } from '@supabase/supabase-js';

export const client = createClient('https://shop.example.com', 'key', { global: { fetch: (input, init) => fetch(input, { ...init, signal: AbortSignal.timeout(5_000) }) } });

