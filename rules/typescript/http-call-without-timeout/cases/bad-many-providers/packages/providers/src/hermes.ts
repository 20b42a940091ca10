import axios from 'axios';

export class Hermes {
  readonly #client = axios.create({ baseURL: 'https://hermes.example' });

  async send(parcel: string): Promise<void> {
    await this.#client.post('/parcels', { parcel });
  }
}
