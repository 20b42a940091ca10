import axios from 'axios';

export class Dhl {
  readonly #client = axios.create({ baseURL: 'https://dhl.example' });

  async send(parcel: string): Promise<void> {
    await this.#client.post('/parcels', { parcel });
  }
}
