export async function basketOf(customer: string): Promise<unknown> {
  if (typeof window === 'undefined')
    return (await fetch(`http://baskets:8080/baskets/${customer}`)).json();
  return (await fetch(`/api/baskets/${customer}`)).json();
}
