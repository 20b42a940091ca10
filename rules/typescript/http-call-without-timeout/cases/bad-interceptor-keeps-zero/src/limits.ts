import type { InternalAxiosRequestConfig } from 'axios';

/** Too late: the merged settings already say 0. */
export function limited(settings: InternalAxiosRequestConfig): InternalAxiosRequestConfig {
  settings.timeout ??= 2_000;
  return settings;
}
