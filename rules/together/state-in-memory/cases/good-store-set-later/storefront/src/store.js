const { RedisStore } = require('connect-redis');

module.exports = new RedisStore({ prefix: 'storefront:' });
