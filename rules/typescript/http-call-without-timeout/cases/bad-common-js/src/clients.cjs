const axios = require('axios');

module.exports = { payments: axios.create({ baseURL: 'http://payments:8080' }) };
