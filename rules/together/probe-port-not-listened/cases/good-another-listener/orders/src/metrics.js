const { createServer } = require('@acme/metrics');

exports.start = (port) => createServer().listen(port);
