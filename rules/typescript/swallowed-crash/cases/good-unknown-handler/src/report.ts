import { logger } from '@acme/crash';

export function report(error: unknown): { end(): void } {
  return logger(error);
}
