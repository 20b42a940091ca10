import { client } from './clients.ts';

export async function addMeeting(order: { id: string; mail: string }) {
  return client.events.insert({ calendarId: order.id });
}
