import { google } from 'googleapis';

google.options({ timeout: 5_000 });

export const client = google.calendar({ version: 'v3' });

