export const nameOf = (id: string): string => `${id}.pdf`;

export async function upload(file: string): Promise<void> {
  await fetch('/api/files', { method: 'POST', body: file });
}
