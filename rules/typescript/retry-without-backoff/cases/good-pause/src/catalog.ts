import axios from 'axios';
import axiosRetry from 'axios-retry';

export const catalog = axios.create({ baseURL: 'http://catalog', timeout: 1_000 });
axiosRetry(catalog, { retries: 3, retryDelay: axiosRetry.exponentialDelay });
