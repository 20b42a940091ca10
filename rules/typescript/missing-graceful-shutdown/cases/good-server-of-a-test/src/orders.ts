export const orders: string[] = [];
