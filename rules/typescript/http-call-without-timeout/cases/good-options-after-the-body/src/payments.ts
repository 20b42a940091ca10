import axios from 'axios';

export const payments = axios.create({ baseURL: 'http://payments:8080' });
