// A service worker: what was visited once is there without the network. The network comes first, so nothing is ever stale.
addEventListener('install', () => skipWaiting());
addEventListener('activate', (e) => e.waitUntil(clients.claim()));
addEventListener('fetch', (e) => {
  const { request } = e;
  if (request.method !== 'GET' || !request.url.startsWith(registration.scope)) return;
  e.respondWith(answer(request, (kept) => e.waitUntil(kept)));
});

async function answer(request, keep) {
  const store = await caches.open('ordinal');
  try {
    const found = await fetch(request);
    if (found.ok) keep(store.put(request, found.clone()));
    return found;
  } catch (error) {
    const found = await store.match(request, { ignoreSearch: true, ignoreVary: true });
    if (found) return found;
    throw error;
  }
}
