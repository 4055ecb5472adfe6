// The canvas as a person uses it: right clicks, an input method, a lost WebGL context, dense screens, manifests as they come.
import { readFileSync, readdirSync } from 'node:fs';
import { api, equal, includes, intoManifest, ok, paste, root, settled, test } from './harness.mjs';

const size = [1440, 900];
const until = async (page, condition) => {
  for (let i = 0; i < 100; i++, await page.waitForTimeout(200)) if (await api(page, condition)) return;
  throw new Error(`never: ${condition}`);
};
/** The first thing that can be done to what is at x, y: by a right click and the menu's keys. */
const firstOfMenu = async (page, x, y) => {
  await page.mouse.click(x, y, { button: 'right' });
  await settled(page);
  await page.keyboard.press('Enter');
};

test('faults from the menus on a pod, a node and the API server', { path: 'play/', size }, async ({ page }) => {
  await api(page, (p) => p.rest());
  await settled(page);
  equal(await api(page, (p) => p.object('Pod/default/web-1').spec.nodeName), 'node-1', 'where web-1 is drawn');
  await firstOfMenu(page, 780, 352);
  await until(page, (p) => p.entry(p.length - 1).why.code === 'FaultInjected');
  equal(await api(page, (p) => p.entry(p.length - 1).why.text), 'You made this happen: a container of `web-1` crashes.');
  await api(page, (p) => p.rest());
  equal(await api(page, (p) => p.object('Pod/default/web-1').status.containerStatuses[0].restartCount), 1, 'restarts');
  await settled(page);
  await firstOfMenu(page, 430, 134);
  await until(page, (p) => p.entry(p.length - 1).object === 'Actor//');
  includes(await api(page, (p) => p.entry(p.length - 1).why.text), 'the next API write of any controller fails');
  await settled(page);
  await firstOfMenu(page, 385, 352);
  await until(page, (p) => p.entry(p.length - 1).object.startsWith('Node/'));
  await api(page, (p) => p.wait(120000));
  includes(await api(page, (p) => p.kubectl('get nodes').stdout), 'NotReady');
});

test('a lost WebGL context: what happens meanwhile is drawn when it comes back', { path: 'play/', size }, async ({ page }) => {
  await api(page, (p) => p.rest());
  await settled(page);
  const before = await page.screenshot();
  await page.evaluate(() => {
    const canvas = document.querySelector('ordinal-playground').shadowRoot.querySelector('canvas');
    window.lose = canvas.getContext('webgl2').getExtension('WEBGL_lose_context');
    window.lose.loseContext();
  });
  await settled(page);
  await api(page, (p) => p.seek(2));
  await page.evaluate(() => window.lose.restoreContext());
  await settled(page);
  ok(!(await page.screenshot()).equals(before), 'the earlier state is drawn');
  await api(page, (p) => p.rest());
  await page.waitForFunction(() => document.querySelector('ordinal-playground').playground.object('Pod/default/web-2'));
  await settled(page);
  ok((await page.screenshot()).length > before.length * 0.9, 'and the later one again');
});

test('a dense screen gets all its pixels', { path: 'play/', size: [1280, 720], scale: 2 }, async ({ page }) => {
  const [width, shown] = await page.evaluate(() => {
    const canvas = document.querySelector('ordinal-playground').shadowRoot.querySelector('canvas');
    return [canvas.width, canvas.getBoundingClientRect().width];
  });
  equal(width, Math.round(shown * 2), 'pixels across');
});

test('Chinese by an input method, in the manifest', { path: 'zh/play/', size, locale: 'zh-CN' }, async ({ page }) => {
  await intoManifest(page);
  await page.keyboard.press('Control+Home');
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Input.imeSetComposition', { text: 'zhushi', selectionStart: 6, selectionEnd: 6 });
  await settled(page);
  ok(!(await api(page, (p) => p.files()[0].text)).includes('zhushi'), 'what is being composed is no text yet');
  await devtools.send('Input.insertText', { text: '# 注释：' });
  await until(page, (p) => p.files()[0].text.includes('# 注释：'));
});

// The manifests of tests/inputs, pasted over the one that is open and applied by Ctrl+Enter.
const pods = (p) => p.kubectl('get pods -o name').stdout.split('\n').filter(Boolean).map((name) => name.slice(4));
const outcome = {
  'statefulset-basics.yaml': ['web-0', 'web-1'], 'two-claim-templates.yaml': ['db-0', 'db-1'], 'made-volume.yaml': ['pre-0'],
  'misspelt-field.yaml': [], 'tabs.yaml': [], 'open-bracket.yaml': [], 'empty.yaml': [],
};
for (const name of readdirSync(`${root}tests/inputs`).filter((n) => n.endsWith('.yaml'))) {
  test(`${name} as it is, in the editor`, { path: 'play/', size }, async ({ page }) => {
    await api(page, (p) => { p.begin(); p.setFile('mine.yaml', '# mine\n'); });
    const text = readFileSync(`${root}tests/inputs/${name}`, 'utf8');
    await intoManifest(page);
    await page.keyboard.press('Control+a');
    await page.keyboard.press('Delete');
    if (text) await paste(page, text);
    const shown = async () => await api(page, (p) => p.files()[0]?.text ?? '');
    for (let i = 0; i < 50 && (await shown()) !== text; i++) await settled(page);
    await page.keyboard.press('Control+Enter');
    if (outcome[name].length) await until(page, (p) => p.length > 0);
    await settled(page);
    await api(page, (p) => p.rest());
    equal(await api(page, pods), outcome[name]);
    equal(await shown(), text, 'the text stays');
  });
}
