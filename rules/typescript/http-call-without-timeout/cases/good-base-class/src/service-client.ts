import axios, { type AxiosInstance, type CreateAxiosDefaults } from 'axios';

export abstract class ServiceClient {
  protected readonly http: AxiosInstance;

  constructor(settings: CreateAxiosDefaults) {
    this.http = axios.create(settings);
  }

  protected async get(path: string): Promise<unknown> {
    const { data } = await this.http.get(path);
    return data;
  }
}
