import axios from 'axios';

export const catalog = axios.create({ baseURL: 'http://catalog', timeout: 1_000 });
