// usage: node tests/journals/run.mjs PLAY SITE   (PLAY: the native player; SITE: the built website)
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../..');
const [player, site] = process.argv.slice(2);
const { createPlayground } = await import(pathToFileURL(join(site, 'ordinal/api.mjs')));
const module = await WebAssembly.compile(readFileSync(join(site, 'ordinal/program.wasm')));

const verbs = {
  apply: (p, file) => p.apply(readFileSync(join(root, file), 'utf8')),
  kubectl: (p, line) => p.kubectl(line),
  fault: (p, json) => p.fault(JSON.parse(json)),
  step: (p, n) => { for (let i = 0; i < n; i++) p.step(); },
  back: (p, n) => { for (let i = 0; i < n; i++) p.back(); },
  seek: (p, n) => p.seek(n),
  rest: (p) => p.rest(),
  wait: (p, n) => p.wait(n),
  switch: (p, n) => p.switchTo(Number(n)),
};

async function inWasm(script) {
  const p = await createPlayground({ module });
  for (const line of script.split('\n')) {
    if (!line || line.startsWith('#')) continue;
    const [verb, ...rest] = line.split(' ');
    verbs[verb](p, rest.join(' '));
  }
  let out = '';
  for (const { id } of p.branches()) {
    p.switchTo(id);
    out += `branch ${id}\n${p.journal()}`;
  }
  return out;
}

function firstDifference(a, b) {
  const left = a.split('\n'), right = b.split('\n');
  const n = left.findIndex((line, i) => line !== right[i]);
  return `line ${n + 1}\n  native ${left[n]?.slice(0, 400)}\n  wasm   ${right[n]?.slice(0, 400)}`;
}

let passed = 0, failed = 0;
for (const name of readdirSync(join(here, 'scripts')).sort()) {
  const file = join(here, 'scripts', name);
  let problem = '';
  let lines = 0;
  try {
    const native = spawnSync(player, [file], { cwd: root, encoding: 'utf8', maxBuffer: 1 << 30 });
    if (native.status !== 0) throw new Error(`native: ${native.stderr}`);
    const wasm = await inWasm(readFileSync(file, 'utf8'));
    lines = native.stdout.split('\n').length - 1;
    if (native.stdout !== wasm) problem = firstDifference(native.stdout, wasm);
    else if (lines < 10) problem = `only ${lines} lines`;
  } catch (error) {
    problem = error.message;
  }
  if (problem) failed++; else passed++;
  console.log(`${problem ? 'FAIL' : 'ok  '} ${name}, ${lines} entries${problem ? `: ${problem}` : ''}`);
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
