import axios from 'axios';

export async function eventsOf(order: string) {
  const { data } = await axios.get(`http://ledger:8080/events/${order}`, { responseType: 'stream' });
  return data;
}
