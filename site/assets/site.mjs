// The site's own script: the theme button, and buttons in the prose that drive a playground.
//
//   <button class="do" data-for="demo" data-do="kubectl scale sts web --replicas=5">…</button>
//
// Actions: step [N], back, rest, restart, seek N, apply FILE, kubectl LINE, fault JSON, select OBJECT, until OBJECT (steps until
// it is there), until-ready OBJECT. Several are divided by " ; ".

const root = document.documentElement;
let shown = /^zh/i.test(root.lang) ? 'zh' : 'en';
const isDark = () => (root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches);

function setTheme(dark) {
  root.dataset.theme = dark ? 'dark' : 'light';
  try { localStorage.setItem('ordinal-theme', root.dataset.theme); } catch { /* it lasts as long as the page */ }
  for (const p of document.querySelectorAll('ordinal-playground')) p.setAttribute('theme', root.dataset.theme);
}
function setLanguage(tag) {
  try { localStorage.setItem('ordinal-language', tag); } catch { /* then the address says it */ }
}
document.querySelector('a.language')?.addEventListener('click', (e) => setLanguage(e.currentTarget.lang));
document.querySelector('button.theme')?.addEventListener('click', () => setTheme(!isDark()));
for (const p of document.querySelectorAll('ordinal-playground')) {
  // The theme button on the canvas is the page's too; a language that is chosen there is that of the next pages.
  p.addEventListener('change', (e) => {
    if (e.detail.dark !== isDark()) setTheme(e.detail.dark);
    if (e.detail.language !== shown) setLanguage(shown = e.detail.language);
  });
}

// The first visit fetched its files before the service worker was there to keep them.
async function keepForOffline() {
  const address = new URL('../', import.meta.url).href, first = !navigator.serviceWorker.controller;
  await navigator.serviceWorker.register(new URL('offline.js', address));
  if (!first) return;
  const files = performance.getEntriesByType('resource').map((r) => r.name).filter((name) => name.startsWith(address));
  await (await caches.open('ordinal')).addAll([...new Set([location.pathname, ...files])]);
}
if (navigator.serviceWorker) addEventListener('load', () => setTimeout(() => keepForOffline().catch(() => {}), 3000));

const isReady = (object) => {
  const conditions = object?.status?.conditions ?? [];
  return conditions.some((c) => c.type === 'Ready' && c.status === 'True');
};
function until(p, done) {
  for (let i = 0; i < 2000 && !done(); i++) if (!p.step()) break;
}

const actions = {
  step: (p, n) => { for (let i = 0; i < (Number(n) || 1); i++) p.step(); },
  back: (p) => p.back(),
  rest: (p) => p.rest(),
  restart: (p) => p.restart(),
  seek: (p, n) => p.seek(Number(n)),
  apply: (p, name) => {
    const file = p.files().find((f) => f.name === name);
    return file && p.apply(file.text);
  },
  kubectl: (p, line) => p.kubectl(line),
  fault: (p, json) => p.fault(JSON.parse(json)),
  select: (p, object) => p.settings({ select: object }),
  until: (p, object) => until(p, () => p.object(object)),
  'until-ready': (p, object) => until(p, () => isReady(p.object(object))),
};

/** Does what a data-do says; gives the output of its last kubectl or apply. */
export function perform(p, text) {
  let output;
  for (const part of text.split(' ; ')) {
    const [, name, rest] = part.trim().match(/^(\S+)\s*([^]*)$/);
    output = actions[name](p, rest) ?? output;
  }
  return output;
}

for (const button of document.querySelectorAll('button[data-do]')) {
  button.addEventListener('click', async () => {
    const element = document.getElementById(button.dataset.for) ?? document.querySelector('ordinal-playground');
    const p = await element.ready;
    const output = perform(p, button.dataset.do);
    const place = button.nextElementSibling?.matches('output') ? button.nextElementSibling : null;
    if (place && output && typeof output === 'object') place.textContent = (output.stdout + output.stderr).trim();
  });
}
