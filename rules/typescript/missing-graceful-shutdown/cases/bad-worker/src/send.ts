export async function send(mail: unknown): Promise<void> {
  console.log(mail);
}
