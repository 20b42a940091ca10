export const limit = 1_000_000;

export async function upload(file: File): Promise<void> {
  await fetch('/api/files', { method: 'POST', body: file });
}
