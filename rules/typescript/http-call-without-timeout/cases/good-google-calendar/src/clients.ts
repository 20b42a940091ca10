import { google } from 'googleapis';

export const client = google.calendar({ version: 'v3' });

