const { Router } = require('express');

const router = Router();
router.get('/ready', (request, response) => response.send('ok'));
module.exports = router;
