export async function record(entry: Buffer | null): Promise<void> {
  console.log(entry?.toString());
}
