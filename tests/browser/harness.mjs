// What the tests share: a browser, a server of the built site, checks, and ways to the playground.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));
const tests = [];

/** options: path (opened before the test), size, dark, locale, touch, scale, allowErrors. */
export function test(name, options, body) {
  if (!body) [options, body] = [{}, options];
  tests.push({ name, options, body });
}
export const registered = () => tests;

export function ok(condition, message) {
  if (!condition) throw new Error(message);
}
export function equal(actual, expected, what = 'value') {
  const a = JSON.stringify(actual), e = JSON.stringify(expected);
  if (a !== e) throw new Error(`${what}: expected ${e}, got ${a}`);
}
export function includes(text, part, what = 'text') {
  if (!String(text).includes(part)) throw new Error(`${what}: expected ${JSON.stringify(part)} in ${JSON.stringify(String(text).slice(0, 400))}`);
}

export async function launch() {
  const { chromium } = createRequire(import.meta.url)('playwright-core');
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--disable-background-networking'],
  });
}

export async function serve(folder) {
  const server = spawn('python3', [`${root}site/server.py`, '--port', '0', folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  const url = await new Promise((resolve, reject) => {
    let text = '';
    server.stdout.on('data', (data) => {
      const found = (text += data).match(/http:\S+/);
      if (found) resolve(found[0]);
    });
    server.on('exit', () => reject(new Error('the server did not start')));
  });
  return { url, stop: () => server.kill() };
}

/** In the page: how many frames have been asked for, and the browser's own way to ask. */
function countFrames() {
  window.nextFrame = window.requestAnimationFrame.bind(window);
  window.framesAsked = 0;
  window.requestAnimationFrame = (draw) => { window.framesAsked++; return window.nextFrame(draw); };
}

/** A page whose mistakes are collected. */
export async function open(browser, url, options) {
  const context = await browser.newContext({
    viewport: { width: options.size?.[0] ?? 1280, height: options.size?.[1] ?? 860 },
    colorScheme: options.dark ? 'dark' : 'light', locale: options.locale ?? 'en-US', hasTouch: Boolean(options.touch), deviceScaleFactor: options.scale ?? 1,
  });
  const page = await context.newPage();
  const mistakes = [];
  page.on('pageerror', (e) => mistakes.push(`page error: ${e.stack ?? e}`));
  page.on('console', (m) => { if (m.type() === 'error') mistakes.push(`console: ${m.text()}`); });
  page.on('request', (r) => { if (!r.url().startsWith(url) && !/^(data|blob):/.test(r.url())) mistakes.push(`request to ${r.url()}`); });
  await page.addInitScript(countFrames);
  if (options.init) await page.addInitScript(options.init);
  if (options.path !== undefined) {
    await page.goto(url + options.path);
    await ready(page);
  }
  return { context, page, mistakes };
}

/** Waits for the (first) playground, and where it is to be seen for its first picture: a click before that meets nothing. */
export async function ready(page, selector = 'ordinal-playground') {
  await page.evaluate(async (s) => {
    const element = document.querySelector(s);
    await element.ready;
    const { width, top, bottom } = element.getBoundingClientRect();
    const seen = width > 0 && top < innerHeight && bottom > 0 && element.dataset.state !== 'unsupported';
    while (seen && !element.dataset.firstFrame) await new Promise(window.nextFrame);
  }, selector);
}
/** Waits until the canvas is at rest, which is when it asks for no more frames; a busy machine takes its time. */
export const settled = (page) => page.evaluate(async () => {
  for (let asked = -1, calm = 0, i = 0; calm < 4 && i < 300; i++) {
    await new Promise(window.nextFrame);
    calm = asked === window.framesAsked ? calm + 1 : 0;
    asked = window.framesAsked;
  }
});
/** Puts the caret into the manifest of the page at its widest. */
export async function intoManifest(page) {
  await page.mouse.click(160, 300);
  await settled(page);
  ok(await page.evaluate(() => document.querySelector('ordinal-playground').shadowRoot.activeElement?.tagName === 'TEXTAREA'), 'the manifest takes the focus');
}
/** Runs `body` in the page with the playground's API and an argument: await api(page, (p, n) => p.seek(n), 3). */
export function api(page, body, argument) {
  return page.evaluate(`(async () => {
    const p = await document.querySelector('ordinal-playground').ready;
    return (${body.toString()})(p, ${JSON.stringify(argument) ?? 'undefined'});
  })()`);
}
export const press = (page, name) => page.locator('ordinal-playground').first().getByRole('button', { name, exact: true }).click();
export const why = (page) => page.locator('ordinal-playground .why').first().textContent();

/** As the browser hands over what a person pastes into the canvas. */
export const paste = (page, text) => page.evaluate((t) => {
  const data = new DataTransfer();
  data.setData('text/plain', t);
  const agent = document.querySelector('ordinal-playground').shadowRoot.querySelector('.stage textarea');
  agent.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
}, text);
