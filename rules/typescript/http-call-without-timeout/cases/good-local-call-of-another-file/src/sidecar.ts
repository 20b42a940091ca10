const sidecar = 'http://localhost:15021';

export async function isReady(): Promise<boolean> {
  const { ok } = await fetch(`${sidecar}/healthz/ready`);
  return ok;
}
