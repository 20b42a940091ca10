import type { AxiosRequestConfig } from 'axios';

const patient = { timeout: 0, headers: { accept: 'application/json' } } as const;

export function optionsFor(order: string) {
  return { ...patient, timeout: 2_000, params: { order } } satisfies AxiosRequestConfig;
}
