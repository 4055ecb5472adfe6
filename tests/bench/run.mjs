// usage: node tests/bench/run.mjs MEASURE SITE [--json FILE]   (MEASURE: the native program of measure.cpp)
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { api, launch, open, serve } from '../browser/harness.mjs';

const [measure, site, , jsonFile] = process.argv.slice(2);
const SIZES = [100, 1000, 10000];

// The same text as in measure.cpp.
const manifest = (replicas) => `apiVersion: apps/v1
kind: StatefulSet
metadata: {name: web}
spec:
  replicas: ${replicas}
  serviceName: web
  podManagementPolicy: Parallel
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: app
        image: nginx:1.27
        volumeMounts: [{name: data, mountPath: /usr/share/nginx/html}]
  volumeClaimTemplates:
  - metadata: {name: data}
    spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
`;
const nodesFor = (replicas) => Math.floor(replicas / 100) + 3;
const round = (x, digits = 1) => Number(x.toFixed(digits));

function native(replicas) {
  const run = spawnSync(measure, [String(replicas)], { encoding: 'utf8', timeout: 300000 });
  if (run.status !== 0) throw new Error(`measure ${replicas}: ${run.stderr || run.signal}`);
  return JSON.parse(run.stdout);
}

async function wasm(replicas) {
  const { createPlayground } = await import(pathToFileURL(join(site, 'ordinal/api.mjs')));
  const module = await WebAssembly.compile(readFileSync(join(site, 'ordinal/program.wasm')));
  const p = await createPlayground({ module });
  const run = () => {
    p.begin({ nodes: nodesFor(replicas) });
    const start = performance.now();
    p.apply(manifest(replicas));
    p.rest();
    return performance.now() - start;
  };
  run();
  const ms = replicas > 1000 ? run() : Math.min(run(), run(), run());
  const seeks = [p.length / 2, p.length - 1, p.length / 3, 10, p.length].map((n) => {
    const start = performance.now();
    p.seek(Math.floor(n));
    p.object('StatefulSet/default/web');  // the look back is made when something asks
    return performance.now() - start;
  });
  return { ms, seek: Math.max(...seeks), entries: p.length };
}

function sizes() {
  const folder = join(site, 'ordinal');
  const of = (ending) => {
    const sum = { raw: 0, gzip: 0, brotli: 0 };
    for (const name of readdirSync(folder).filter((f) => f.endsWith(ending))) {
      const data = readFileSync(join(folder, name));
      sum.raw += data.length;
      sum.gzip += gzipSync(data, { level: 9 }).length;
      sum.brotli += brotliCompressSync(data).length;
    }
    return sum;
  };
  return { wasm: of('.wasm'), js: of('.mjs') };
}

/** Times every callback of requestAnimationFrame: what a frame costs the page's thread. The emulated GPU works on the same few cores, so
 *  that what is ours is measured with nothing handed over to it (the calls are made, and do nothing). */
const timeOurs = () => {
  for (const name of ['drawElements', 'bufferData', 'bufferSubData', 'texImage2D', 'texSubImage2D', 'clear'])
    WebGL2RenderingContext.prototype[name] = () => {};
};
const timeFrames = () => {
  const request = window.requestAnimationFrame.bind(window);
  window.frameTimes = [];
  window.requestAnimationFrame = (callback) => request((now) => {
    const start = performance.now();
    callback(now);
    window.frameTimes.push(performance.now() - start);
  });
};

async function page() {
  const server = await serve(site);
  const browser = await launch();
  const first = [];
  for (let i = 0; i < 3; i++) {
    const { context, page } = await open(browser, server.url, { path: '' });
    await page.waitForFunction(() => document.querySelector('ordinal-playground').dataset.firstFrame, null, { timeout: 20000 });
    first.push(Number(await page.locator('ordinal-playground').first().getAttribute('data-first-frame')));
    await context.close();
  }
  const frame = {}, drawn = {};
  for (const [pods, into, init] of [100, 1000].flatMap((n) => [[n, frame, `(${timeOurs})(); (${timeFrames})()`], [n, drawn, `(${timeFrames})()`]])) {
    const { context, page } = await open(browser, server.url, { path: 'play/', init, size: [1440, 900] });
    await api(page, (p, [nodes, text]) => {
      p.begin({ nodes });
      p.apply(text);
      p.rest();
    }, [nodesFor(pods), manifest(pods)]);
    const times = await api(page, async (p) => {
      const next = () => new Promise((done) => setTimeout(done, 60));
      await next();
      window.frameTimes.length = 0;
      for (let i = 0; i < 20; i++) {
        p.seek(p.length - 40 + i);
        await next();
      }
      return window.frameTimes;
    });
    times.sort((a, b) => a - b);
    into[pods] = round(times[Math.floor(times.length / 2)] ?? NaN, 2);
    await context.close();
  }
  await browser.close();
  server.stop();
  first.sort((a, b) => a - b);
  return { first_frame_ms: first[1], frame_ms: frame, frame_with_gpu_ms: drawn };
}

const result = { pods: {}, size: sizes(), first_frame_ms: null, frame_ms: {}, seek_ms: {} };
for (const n of SIZES) {
  const a = native(n), b = await wasm(n);
  if (a.ready !== n) console.log(`WARNING: ${a.ready} of ${n} pods became Ready`);
  result.pods[n] = { native_ms: a.native_ms, wasm_ms: round(b.ms), writes: a.writes, bytes_per_entry: a.bytes_per_entry, rss_mb: a.rss_mb };
  result.seek_ms[b.entries] = round(Math.max(a.seek_ms, b.seek), 2);
  console.log(`${n} pods: ${a.native_ms} ms native, ${round(b.ms)} ms WebAssembly; ${a.writes} writes in ${a.entries} entries of ${a.bytes_per_entry} bytes; ` +
    `${Math.round(a.writes / a.native_ms * 1000)} writes/s; ${a.rss_mb} MB; seek ${a.seek_ms} ms native, ${round(b.seek, 2)} ms WebAssembly`);
}
// The seek that is promised is the one in a journal of about 10,000 entries: the next measured one.
const enough = Object.keys(result.seek_ms).map(Number).sort((a, b) => a - b);
result.seek_ms['10000'] = result.seek_ms[enough.find((n) => n >= 10000) ?? enough.at(-1)];
for (const [kind, s] of Object.entries(result.size)) console.log(`${kind}: ${s.raw} bytes, gzip ${s.gzip}, brotli ${s.brotli}`);
Object.assign(result, await page());
console.log(`first frame ${result.first_frame_ms} ms; a frame with 100 pods ${result.frame_ms[100]} ms, with 1000 pods ${result.frame_ms[1000]} ms ` +
  `(with the emulated GPU ${result.frame_with_gpu_ms[100]} and ${result.frame_with_gpu_ms[1000]})`);
if (jsonFile) writeFileSync(jsonFile, JSON.stringify(result, null, 2) + '\n');
