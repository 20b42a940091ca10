import axios, { type AxiosInstance } from 'axios';

export abstract class ServiceClient {
  protected readonly http: AxiosInstance;

  constructor(baseURL: string) {
    this.http = axios.create({ baseURL });
  }

  protected async get(path: string): Promise<unknown> {
    const { data } = await this.http.get(path);
    return data;
  }
}
