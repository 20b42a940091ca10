export async function deliver(to: string): Promise<void> {
  await fetch('https://mail.example.com/send', { method: 'POST', body: JSON.stringify({ to }) });
}
