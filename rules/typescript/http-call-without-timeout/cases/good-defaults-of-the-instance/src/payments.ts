import axios from 'axios';

export const payments = axios.create({ baseURL: 'http://payments:8080' });
payments.defaults.timeout = 2_000;
