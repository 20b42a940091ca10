import axios from 'axios';
import { timeouts } from '../timeouts.ts';

export default axios.create({ baseURL: 'http://catalog:8080', ...timeouts.http });
