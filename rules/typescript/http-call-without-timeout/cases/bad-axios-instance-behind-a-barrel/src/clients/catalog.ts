import axios from 'axios';

export default axios.create({ baseURL: 'http://catalog:8080' });
