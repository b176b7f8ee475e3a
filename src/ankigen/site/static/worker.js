// Keeps the site for use without a network. SITE, above, names its pages by the hash of all.
"use strict";

const CACHE = `${registration.scope}#${SITE.version}`;
const SOUNDS = `${registration.scope}#sounds`;

addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE)
    .then((cache) => cache.addAll(SITE.pages.map((path) => new Request(path, { cache: "reload" }))))
    .then(() => skipWaiting()));
});

addEventListener("activate", (event) => {
  event.waitUntil(caches.keys().then((names) => Promise.all(names
    .filter((name) => name.startsWith(`${registration.scope}#`) && name !== CACHE && name !== SOUNDS)
    .map((name) => caches.delete(name)))).then(() => clients.claim()));
});

addEventListener("message", (event) => {
  const paths = Array.isArray(event.data?.sounds) ? event.data.sounds : [];
  event.waitUntil(caches.open(SOUNDS).then(async (cache) => {
    for (const path of paths.filter((one) => /^media\/[^/]+$/.test(one))) {
      if (!await cache.match(path)) await cache.add(path).catch(() => {});
    }
  }));
});

// A sound that is asked for in part is cut from the whole.
async function sound(request) {
  const cache = await caches.open(SOUNDS);
  let whole = await cache.match(request.url);
  if (!whole) {
    whole = await fetch(request.url);
    if (whole.ok) await cache.put(request.url, whole.clone());
  }
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.get("range") ?? "");
  if (!range || !whole.ok) return whole;
  const body = await whole.arrayBuffer();
  const end = range[2] ? Math.min(Number(range[2]), body.byteLength - 1) : body.byteLength - 1;
  return new Response(body.slice(Number(range[1]), end + 1), {
    status: 206,
    headers: {
      "Content-Type": "audio/mpeg",
      "Content-Range": `bytes ${range[1]}-${end}/${body.byteLength}`,
      "Content-Length": String(end + 1 - Number(range[1])),
    },
  });
}

async function page(request) {
  const cache = await caches.open(CACHE);
  const url = new URL(request.url);
  const path = url.pathname.endsWith("/") ? `${url.pathname}index.html` : url.pathname;
  return await cache.match(url.origin + path) ?? fetch(request);
}

addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || !request.url.startsWith(registration.scope)) return;
  const path = request.url.slice(registration.scope.length);
  if (path.startsWith("packages/")) return; // large, and only fresh ones are of use
  event.respondWith(path.startsWith("media/") ? sound(request) : page(request));
});
