import axios from 'axios';

export const catalog = axios.create({ baseURL: 'http://catalog:8080' });
export const payments = axios.create({ baseURL: 'http://payments:8080' });
