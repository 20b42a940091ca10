import { execSync } from 'node:child_process';

export function migrate(): void {
  execSync('prisma migrate deploy');
}
