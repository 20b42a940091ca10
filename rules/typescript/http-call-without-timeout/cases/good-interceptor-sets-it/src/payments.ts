import axios from 'axios';

export const payments = axios.create({ baseURL: 'http://payments:8080' });
payments.interceptors.request.use((settings) => ({ ...settings, timeout: 2_000 }));
