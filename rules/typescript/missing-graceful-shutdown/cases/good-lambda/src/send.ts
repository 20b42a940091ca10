export const handler = async (event: { to: string }) => ({ statusCode: 202, body: event.to });
