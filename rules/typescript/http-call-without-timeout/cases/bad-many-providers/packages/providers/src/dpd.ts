import axios from 'axios';

export class Dpd {
  readonly #client = axios.create({ baseURL: 'https://dpd.example', timeout: 5_000 });

  async send(parcel: string): Promise<void> {
    await this.#client.post('/parcels', { parcel });
  }
}
