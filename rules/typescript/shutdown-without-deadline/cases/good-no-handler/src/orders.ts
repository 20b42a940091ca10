export const orders = () => [];
