import assert from 'node:assert/strict';
import { test } from 'node:test';

test('lists orders', async () => {
  const answer = await fetch('http://orders:8080/orders');
  assert.equal(answer.status, 200);
});
