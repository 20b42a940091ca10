import axios from 'axios';

export class Gls {
  readonly #client = axios.create({ baseURL: 'https://gls.example' });

  async send(parcel: string): Promise<void> {
    await this.#client.post('/parcels', { parcel });
  }
}
