export function answerTo(path) {
  if (path === '/healthz') return 'ok';
  return path === '/entries' ? '[]' : 'not found';
}
