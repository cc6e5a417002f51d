/**
 * The service worker of /field/. The server puts `const SHELL = {version, files, page}` in front of it.
 * Scripts and styles come from a cache of exactly this version; the page comes from the network while there is one and
 * from its last good copy otherwise. Nothing of the API is ever kept here: the page has its own store for that.
 */
const FILES = `field-files-${SHELL.version}`;
const PAGES = "field-page";
const PATIENCE_MS = 4_000;

self.addEventListener("install", (event) => {
  const files = caches.open(FILES).then((cache) => cache.addAll(SHELL.files));
  // The page that registers this worker was not fetched through it: take a copy now, or the first drive into a garage finds none.
  event.waitUntil(Promise.all([files, fetch(SHELL.page).then(keep)]).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(names.filter((name) => name.startsWith("field-files-") && name !== FILES).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const where = new URL(request.url);
  if (request.method !== "GET" || where.origin !== location.origin) return;
  if (request.mode === "navigate" && where.pathname === SHELL.page) event.respondWith(page(request, event));
  else if (SHELL.files.includes(where.pathname)) event.respondWith(file(request));
});

/** @param {Request} request */
async function file(request) {
  return (await (await caches.open(FILES)).match(new URL(request.url).pathname)) ?? fetch(request);
}

/** @param {Request} request @param {any} event */
async function page(request, event) {
  const fresh = fetch(request);
  event.waitUntil(fresh.then((answer) => keep(answer.clone()), () => undefined));
  const late = new Promise((done) => setTimeout(done, PATIENCE_MS));
  const first = await Promise.race([fresh.catch(() => undefined), late]);
  // In trouble the post's own error page is worth less than the missions.
  if (first && first.status < 500) return first;
  return (await (await caches.open(PAGES)).match(SHELL.page)) ?? fresh;
}

/** Keep a good page, marked as a copy: the time in it is then the time it was made. @param {Response} answer */
async function keep(answer) {
  if (!answer.ok || answer.type !== "basic" || answer.redirected) return;
  const text = (await answer.text()).replace("<html ", '<html data-kept="yes" ');
  const headers = new Headers(answer.headers);
  for (const name of ["Content-Encoding", "Content-Length"]) headers.delete(name);
  await (await caches.open(PAGES)).put(SHELL.page, new Response(text, { headers }));
}
