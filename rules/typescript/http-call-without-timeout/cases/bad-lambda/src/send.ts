import { deliver } from './deliver.ts';

export const handler = async (event: { to: string }) => {
  await deliver(event.to);
  return { statusCode: 202 };
};
