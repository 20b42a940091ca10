import axios, { type AxiosRequestConfig } from 'axios';

export class Payments {
  options: AxiosRequestConfig = { baseURL: 'http://payments:8080' };

  async of(order: string): Promise<unknown> {
    const { data } = await axios.get(`/payments/${order}`, this.options);
    return data;
  }
}
