// usage: node run.mjs SITE_FOLDER [WORD…]; see README.md.
import { mkdirSync, readdirSync } from 'node:fs';
import { launch, open, registered, serve } from './harness.mjs';

const here = new URL('./', import.meta.url);
const [folder, ...words] = process.argv.slice(2);
for (const file of readdirSync(here).filter((f) => f.endsWith('.test.mjs')).sort()) await import(new URL(file, here));

mkdirSync(new URL('out/', here), { recursive: true });
const server = await serve(folder);
let browser = await launch();
let passed = 0, failed = 0;
for (const [i, { name, options, body }] of registered().entries()) {
  if (words.length && !words.some((w) => name.toLowerCase().includes(w.toLowerCase()))) continue;
  const start = Date.now();
  let at, problem;
  try {
    if (!browser.isConnected()) browser = await launch();
    const limit = new Promise((_, reject) => setTimeout(reject, options.limit ?? 60000, new Error('took too long')).unref());
    await Promise.race([limit, (async () => {
      at = await open(browser, server.url, options);
      await body({ ...at, browser, url: server.url });
    })()]);
    if (at.mistakes.length && !options.allowErrors) throw new Error(at.mistakes.join('\n'));
  } catch (error) {
    problem = error;
    const shot = new URL(`out/${i}.png`, here);
    await at?.page.screenshot({ path: shot.pathname, timeout: 5000 }).catch(() => {});
    for (const mistake of at?.mistakes ?? []) console.log(`     ${mistake}`);
  }
  if (problem) failed++; else passed++;
  console.log(`${problem ? 'FAIL' : 'ok  '} ${name} (${Date.now() - start} ms)${problem ? `\n     ${problem.stack}\n     tests/browser/out/${i}.png` : ''}`);
  await at?.context.close().catch(() => {});
}
await browser.close();
server.stop();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
