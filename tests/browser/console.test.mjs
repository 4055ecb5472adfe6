// The console on the canvas, by keyboard and pointer, and its twin in the accessible view.
import { api, equal, includes, ok, paste, ready, settled, test } from './harness.mjs';

const size = [1440, 900];
const top = size[1] - 176 - 148 + 34;  // where its first line is: above the timeline, below the console's head
const log = (page) => page.locator('ordinal-playground .log').textContent();

async function enter(page) {
  await page.mouse.click(200, top + 90);
  await settled(page);
}
async function run(page, line) {
  await page.keyboard.type(line);
  await page.keyboard.press('Enter');
}
async function until(page, what, done, limit = 20000) {
  for (const end = Date.now() + limit; Date.now() < end; await page.waitForTimeout(60)) if (await done()) return;
  throw new Error(`${what}: not in ${limit} ms; the log: ${JSON.stringify((await log(page)).slice(-200))}`);
}
const says = (page, text, times = 1) => until(page, `${times} × ${JSON.stringify(text)}`, async () => (await log(page)).split(text).length > times);
/** What the browser's clipboard holds after the page's copy event. */
const clipboard = (page) => page.evaluate(() => navigator.clipboard.readText());

test('the console: typing, history, completion', { path: 'play/', size }, async ({ page }) => {
  await enter(page);
  await run(page, 'kubectl get nodes');
  await says(page, 'node-3');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await says(page, 'node-3', 2);
  await page.keyboard.type('nod');
  await page.keyboard.press('Control+r');
  await page.keyboard.press('Enter');
  await says(page, 'node-3', 3);
  await page.keyboard.type('kubectl get statefuls');
  await page.keyboard.press('Tab');
  await page.keyboard.type('web');
  await page.keyboard.press('Enter');
  await says(page, '$ kubectl get statefulsets web\n');
  await says(page, 'NAME   READY');
  // Of several words the console shows all.
  await page.keyboard.type('kubectl get node');
  await page.keyboard.press('Tab');
  await page.keyboard.type('node-');
  await page.keyboard.press('Tab');
  await says(page, 'node-1            node-2            node-3');
});

test('the console: a watch lets time pass until Ctrl+C', { path: 'play/', size }, async ({ page }) => {
  await enter(page);
  await run(page, 'kubectl get pods -w');
  await says(page, 'web-0', 3);
  await page.keyboard.press('Control+c');
  await says(page, '^C');
  await settled(page);
  const cursor = await api(page, (p) => p.cursor);
  ok(cursor > 10, `time has passed: ${cursor}`);
  await page.waitForTimeout(1500);
  equal(await api(page, (p) => p.cursor), cursor, 'the cursor after Ctrl+C');
  await run(page, 'echo here again');
  await says(page, '\nhere again\n');
});

test('the console: loops, several pasted lines, a here-document', { path: 'play/', size }, async ({ page }) => {
  await enter(page);
  await run(page, 'for i in 0 1; do echo web-$i; done');
  await says(page, '\nweb-0\nweb-1\n');
  await paste(page, 'for i in a b\ndo\necho pasted-$i\ndone\necho unfinished');
  await says(page, '\npasted-a\npasted-b\n');
  ok(!(await log(page)).includes('\nunfinished'), 'the last line waits for Enter');
  await page.keyboard.press('Enter');
  await says(page, '\nunfinished\n');
  await paste(page, 'kubectl apply -f - <<EOF\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: pasted}\nEOF\n');
  await says(page, 'configmap/pasted created');
  ok(await api(page, (p) => Boolean(p.object('ConfigMap/default/pasted'))), 'the object is there');
});

test('the console: Chinese by an input method', { path: 'play/', size, locale: 'zh-CN' }, async ({ page }) => {
  await ready(page);
  await enter(page);
  await page.keyboard.type('echo ');
  const input = await page.context().newCDPSession(page);
  await input.send('Input.imeSetComposition', { text: 'nihao', selectionStart: 5, selectionEnd: 5 });
  await input.send('Input.insertText', { text: '你好' });
  await page.keyboard.press('Enter');
  await says(page, '\n你好\n');
  ok(!(await log(page)).includes('nihao'), 'what was composed is not typed');
});

test('the console: words, lines and pieces are selected, copied, looked back at', { path: 'play/', size }, async ({ page }) => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await enter(page);
  await run(page, 'echo alpha beta');
  await says(page, '\nalpha beta\n');
  const copied = async (what) => {
    await page.keyboard.press('Control+c');
    await settled(page);
    equal(await clipboard(page), what, 'the clipboard');
  };
  await page.mouse.dblclick(30, top + 26);
  await copied('alpha');
  await page.mouse.move(17, top + 26);
  await page.mouse.down();
  await page.mouse.move(60, top + 26, { steps: 4 });
  await page.mouse.up();
  await copied('alpha ');
  await page.mouse.click(40, top + 26, { clickCount: 1 });
  await page.mouse.click(40, top + 26, { clickCount: 2 });
  await page.mouse.click(40, top + 26, { clickCount: 3 });
  await copied('alpha beta');
  ok(!(await log(page)).includes('^C'), 'a copy does not interrupt');
  await page.keyboard.press('Control+v');
  await page.keyboard.press('Home');
  await page.keyboard.type('echo again ');
  await page.keyboard.press('Enter');
  await says(page, '\nagain alpha beta\n');
  await run(page, 'clear');
  await run(page, 'seq 20 | sed s/^/line/');  // not so long that it goes on in a second row
  await says(page, 'line20');
  for (let i = 0; i < 6; i++) await page.keyboard.press('PageUp');
  await settled(page);
  await page.mouse.dblclick(30, top + 26);
  await copied('line1');
  await page.mouse.move(100, top + 40);
  await page.mouse.wheel(0, 3000);
  await settled(page);
  await page.mouse.dblclick(30, top + 26);
  await page.keyboard.press('Control+c');
  await settled(page);
  ok(/^line1\d$/.test(await clipboard(page)), `the wheel goes on to the end: ${await clipboard(page)}`);
});

test('the console in the accessible view: history, completion, several lines', { path: 'play/', size }, async ({ page }) => {
  const line = page.locator('ordinal-playground').getByLabel('Command line');
  await line.fill('kubectl get nod');
  await line.press('Tab');
  equal(await line.inputValue(), 'kubectl get nodes ', 'the completed line');
  await line.press('Enter');
  includes(await log(page), 'node-3');
  await line.press('ArrowUp');
  equal(await line.inputValue(), 'kubectl get nodes ', 'the line before');
  await line.fill('for i in 1 2');
  await line.press('Enter');
  await line.fill('do echo n$i; done');
  await line.press('Enter');
  includes(await log(page), '> do echo n$i; done\nn1\nn2\n');
  await line.fill('echo 中文');
  await line.press('Enter');
  includes(await log(page), '\n中文\n');
});

test('the console: kubectl edit opens the object in the editor', { path: 'play/', size }, async ({ page }) => {
  await enter(page);
  await run(page, 'kubectl edit statefulset web');
  await says(page, 'in the editor');
  await settled(page);
  // The file is the chosen one: what is typed at its end is in it.
  await page.mouse.click(200, 480);
  await page.keyboard.press('Control+End');
  await page.keyboard.type('# typed');
  await until(page, 'the typed text in the opened file', () => api(page, (p) => p.files().some((f) => f.name.startsWith('kubectl-edit') && f.text.includes('# typed'))));
});
