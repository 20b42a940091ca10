import axios from 'axios';

export class Fedex {
  readonly #client = axios.create({ baseURL: 'https://fedex.example' });

  async send(parcel: string): Promise<void> {
    await this.#client.post('/parcels', { parcel });
  }
}
