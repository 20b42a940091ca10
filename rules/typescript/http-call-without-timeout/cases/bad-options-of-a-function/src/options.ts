import type { AxiosRequestConfig } from 'axios';

const json = { headers: { accept: 'application/json' } } as const;

export function optionsFor(order: string) {
  return { ...json, params: { order } } satisfies AxiosRequestConfig;
}
