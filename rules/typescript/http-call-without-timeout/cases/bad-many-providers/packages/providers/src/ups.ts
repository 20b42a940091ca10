import axios from 'axios';

export class Ups {
  readonly #client = axios.create({ baseURL: 'https://ups.example' });

  async send(parcel: string): Promise<void> {
    await this.#client.post('/parcels', { parcel });
  }
}
