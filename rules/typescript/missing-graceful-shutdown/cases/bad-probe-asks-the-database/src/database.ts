export const database = {
  async ping(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 100));
  },
};
