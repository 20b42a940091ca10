export async function timed<T>(name: string, work: Promise<T>): Promise<T> {
  const start = performance.now();
  const result = await work;
  console.log(name, performance.now() - start);
  return result;
}
