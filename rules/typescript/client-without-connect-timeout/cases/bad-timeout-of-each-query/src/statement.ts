export function statement(id: string) {
  return { text: 'select * from orders where id = $1', values: [id], query_timeout: 2_000 };
}
