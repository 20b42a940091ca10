import type { InternalAxiosRequestConfig } from 'axios';

export function traced(settings: InternalAxiosRequestConfig): InternalAxiosRequestConfig {
  settings.headers.set('x-request-id', crypto.randomUUID());
  return settings;
}
