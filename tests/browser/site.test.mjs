// The website: landing page, docs with buttons, the exercises, languages, themes, sizes.
import { api, equal, includes, intoManifest, ok, press, ready, settled, test, why } from './harness.mjs';

test('the landing page holds a live playground', { path: '' }, async ({ page }) => {
  await page.waitForFunction(() => document.querySelector('ordinal-playground').dataset.firstFrame, null, { timeout: 30000 });
  const first = Number(await page.locator('ordinal-playground').getAttribute('data-first-frame'));
  console.log(`     first frame after ${first} ms`);
  ok(first > 0, 'it tells when it was first drawn');
  ok((await api(page, (p) => p.length)) > 0, 'the manifest is applied');
});

test('buttons in the prose drive the playground', { path: 'docs/ordered-creation/' }, async ({ page }) => {
  await page.getByRole('button', { name: 'Go to the first pod' }).click();
  await page.waitForFunction(() => document.querySelector('ordinal-playground').playground.object('Pod/default/web-0'));
  equal(await api(page, (p) => Boolean(p.object('Pod/default/web-1'))), false, 'web-1 is there');
  await page.getByRole('button', { name: 'and until web-1 is created' }).click();
  await page.waitForFunction(() => document.querySelector('ordinal-playground').playground.object('Pod/default/web-1'));
  await page.getByRole('button', { name: 'Run to rest' }).first().click();
  await page.getByRole('button', { name: 'web-1 fails its probe' }).click();
  await page.waitForFunction(() => document.querySelector('ordinal-playground').playground.object('StatefulSet/default/web').spec.replicas === 5);
  equal(await api(page, (p) => Boolean(p.object('Pod/default/web-3'))), false, 'web-3 is held back');
  await page.getByRole('button', { name: 'web-1 recovers' }).click();
  await page.waitForFunction(() => document.querySelector('ordinal-playground').playground.object('Pod/default/web-4'));
});

const verdict = (page) => page.locator('.verdict');
const task = (page, id) => page.locator(`.tasks li[data-task="${id}"]`);
const scale = (p, n) => {
  p.kubectl(`scale statefulset db --replicas=${n}`);
  p.rest();
};

test('the exercise: the careless way loses records, and the page says which', { path: 'exercises/scale-a-database/' }, async ({ page }) => {
  await page.waitForSelector('.tasks li');
  includes(await verdict(page).textContent(), 'Still missing');
  includes(await task(page, 'records').textContent(), '6 of 6');
  await api(page, scale, 1);
  await page.waitForSelector('.tasks li[data-task="evening"][data-state="done"]');
  await page.waitForSelector('.tasks li[data-task="records"][data-state="lost"]');
  includes(await task(page, 'records').textContent(), '2 of 6 are left');
  await api(page, scale, 3);
  await page.waitForSelector('.tasks li[data-task="morning"][data-state="done"]');
  includes(await verdict(page).textContent(), 'All six records');
  await page.getByRole('button', { name: 'Start over' }).click();
  await page.waitForSelector('.tasks li[data-task="evening"][data-state="open"]');
  includes(await task(page, 'records').textContent(), '6 of 6');
});

test('the exercise: the right way passes', { path: 'exercises/scale-a-database/' }, async ({ page }) => {
  await page.waitForSelector('.tasks li');
  const editor = page.locator('ordinal-playground').getByLabel('Manifest');
  await editor.fill((await editor.inputValue()).replace('whenScaled: Delete', 'whenScaled: Retain').replace('replicas: 3', 'replicas: 1'));
  await press(page, 'Apply');
  await press(page, 'Run to rest');
  await editor.fill((await editor.inputValue()).replace('replicas: 1', 'replicas: 3'));
  await press(page, 'Apply');
  await press(page, 'Run to rest');
  await page.waitForSelector('.verdict[data-passed="true"]');
  includes(await verdict(page).textContent(), 'Passed');
});

test('the list of exercises leads to each of them once', { path: '' }, async ({ page, url }) => {
  await page.goto(`${url}exercises/`);
  const listed = await page.locator('main li a').evaluateAll((all) => all.map((a) => a.href));
  equal(listed.map((to) => to.slice(url.length)), ['exercises/scale-a-database/', 'exercises/update-one-replica/', 'exercises/node-dies/']);
  for (const to of listed) {
    const said = await page.locator(`main li a[href="${to.slice(`${url}exercises/`.length)}"]`).textContent();
    await page.goto(to);
    await page.waitForSelector('.tasks li');
    equal(await page.locator('h1').textContent(), said, 'the heading');
    await page.goBack();
  }
});

const said = (page, id) => task(page, id).locator('.hint').textContent();
const state = (page, id, wanted) => page.waitForSelector(`.tasks li[data-task="${id}"][data-state="${wanted}"]`);
const kubectl = (page, ...lines) => api(page, (p, all) => { for (const line of all) { p.kubectl(line); p.rest(); } }, lines);

test('the exercise of an update: a bad image, held by a partition, and out again', { path: 'exercises/update-one-replica/' }, async ({ page }) => {
  await page.waitForSelector('.tasks li');
  includes(await said(page, 'canary'), 'The partition is 0; db-2 has postgres:16.');
  const editor = page.locator('ordinal-playground').getByLabel('Manifest');
  const change = async (from, to) => {
    await editor.fill((await editor.inputValue()).replace(from, to));
    await press(page, 'Apply');
    await press(page, 'Run to rest');
  };
  await change('partition: 0', 'partition: 2');
  await change('postgres:16', 'postgres:17-typo');
  await state(page, 'canary', 'done');
  includes(await said(page, 'serving'), 'Never fewer than two');
  await change('postgres:17-typo', 'postgres:17');
  await page.waitForFunction(() => document.querySelector('[data-task="mended"] .hint').textContent.includes('db-2 has postgres:17-typo, the template postgres:17.'));
  await kubectl(page, 'delete pod db-2');
  await state(page, 'mended', 'done');
  await change('partition: 2', 'partition: 0');
  await page.waitForSelector('.verdict[data-passed="true"]');
  includes(await verdict(page).textContent(), 'Passed: the bad image stayed on one replica');
});

test('the exercise of an update: a second bad replica is shown where it was made', { path: 'exercises/update-one-replica/' }, async ({ page }) => {
  await page.waitForSelector('.tasks li');
  await kubectl(page, 'set image statefulset db db=postgres:17-typo', 'delete pod db-1');
  await state(page, 'contained', 'lost');
  await state(page, 'serving', 'lost');
  await task(page, 'contained').getByRole('button').click();
  equal(await api(page, (p) => p.object('Pod/default/db-1').spec.containers[0].image), 'postgres:17-typo', 'image at that step');
  await api(page, (p) => p.back());
  await state(page, 'contained', 'open');
});

test('the exercise of a dead node: it waits, and is told that db-1 has stopped', { path: 'exercises/node-dies/' }, async ({ page }) => {
  await page.waitForSelector('.tasks li');
  includes(await verdict(page).textContent(), 'Still missing');
  await press(page, 'Run to rest');
  await state(page, 'noticed', 'done');
  includes(await said(page, 'back'), '2 of 3 are Ready; the node of db-1: node-1.');
  await press(page, 'Step');
  await press(page, 'Run to rest');
  ok(await api(page, (p) => p.object('Pod/default/db-1').metadata.deletionTimestamp), 'db-1 is marked for deletion');
  await state(page, 'back', 'open');
  await page.waitForTimeout(600);
  await page.reload();
  await ready(page);
  await state(page, 'noticed', 'done');
  await kubectl(page, 'delete pod db-1 --force --grace-period=0');
  await page.waitForSelector('.verdict[data-passed="true"]');
  includes(await verdict(page).textContent(), 'at most one Pod of a name');
});

test('the exercise of a dead node, in Chinese: a deleted claim is shown', { path: 'zh/exercises/node-dies/', locale: 'zh-CN' }, async ({ page }) => {
  await page.waitForSelector('.tasks li');
  await press(page, '运行到静止');
  await kubectl(page, 'delete pvc data-db-1 --wait=false', 'delete pod db-1 --force --grace-period=0');
  await state(page, 'claim', 'lost');
  await state(page, 'records', 'lost');
  includes(await said(page, 'records'), '只剩 4 条，共 6 条');
  await state(page, 'back', 'done');
});

test('Chinese: pages, controls and reasons', { path: 'zh/', locale: 'zh-CN' }, async ({ page }) => {
  includes(await page.locator('h1').textContent(), '看清');
  await press(page, '单步');
  ok(/[\u4e00-\u9fff]/.test(await why(page)), await why(page));
  equal(await api(page, (p) => /[\u4e00-\u9fff]/.test(p.entry(p.cursor - 1).why.text)), true, 'API sentences are Chinese');
});

test('dark by the system, light by the button, kept on the next page', { path: '', dark: true }, async ({ page, url }) => {
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  equal(await background(), 'rgb(14, 17, 21)');
  await page.getByRole('button', { name: 'Dark or light' }).click();
  equal(await background(), 'rgb(250, 250, 247)');
  equal(await page.locator('ordinal-playground').getAttribute('data-theme'), 'light');
  await page.goto(url + 'docs/ordered-creation/');
  equal(await background(), 'rgb(250, 250, 247)');
});

for (const [name, size] of [['phone', [390, 844]], ['tablet', [820, 1180]], ['wide', [1920, 1080]]]) {
  test(`no page scrolls sideways on a ${name}`, { size, path: '' }, async ({ page, url }) => {
    for (const path of ['', 'zh/', 'docs/ordered-creation/', 'exercises/scale-a-database/', 'exercises/update-one-replica/', 'zh/exercises/node-dies/']) {
      await page.goto(url + path);
      await ready(page);
      const [width, view] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      ok(width <= view, `${path}: ${width} > ${view}`);
    }
  });
}

test('a visited page works without the network', { path: 'exercises/scale-a-database/' }, async ({ page, context }) => {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    const files = ['ordinal/program.wasm', 'ordinal/api.mjs', 'exercises/scale-a-database/'].map((f) => new URL(`../../${f}`, location.href).href);
    while (!(await Promise.all(files.map((f) => caches.match(f)))).every(Boolean)) await new Promise((again) => setTimeout(again, 100));
  });
  await press(page, 'Step');
  await context.setOffline(true);
  await page.reload();
  await ready(page);
  ok((await api(page, (p) => p.length)) > 0, 'the session is there');
  await context.setOffline(false);
});

test('without WebGL 2 the playground works as text', {
  path: 'play/',
  init: () => {
    const get = HTMLCanvasElement.prototype.getContext;
    HTMLCanvasElement.prototype.getContext = function (kind, ...rest) { return kind === 'webgl2' ? null : get.call(this, kind, ...rest); };
  },
}, async ({ page }) => {
  equal(await page.locator('ordinal-playground').getAttribute('data-state'), 'unsupported');
  await page.locator('ordinal-playground').getByRole('button', { name: 'Run to rest' }).click();
  ok(await page.locator('ordinal-playground').getByText('Pod web-2: Ready').isVisible(), 'the list is in sight');
  const said = page.locator('ordinal-playground .message');
  includes(await said.textContent(), 'WebGL 2 is missing');
  const above = await said.evaluate((e) => { const b = e.getBoundingClientRect(); return getComputedStyle(e).pointerEvents === 'none' && Number(getComputedStyle(e).zIndex) > 0 && b.top >= 0 && b.bottom <= 64; });
  ok(above, 'what is missing is said above the list');
});

test('two playgrounds on one page go their own ways', { path: 'play/' }, async ({ page }) => {
  const seen = await page.evaluate(async () => {
    const first = document.querySelector('ordinal-playground');
    const second = document.createElement('ordinal-playground');
    second.setAttribute('keep', 'no');
    second.className = 'second';
    document.body.append(second);
    second.scrollIntoView();
    const [a, b] = await Promise.all([first.ready, second.ready]);
    a.rest();
    return [a.object('Pod/default/web-0')?.metadata.name, b.length, b.object('Pod/default/web-0') ?? null];
  });
  equal(seen, ['web-0', 0, null]);
});

test('far down a page a playground begins when it is asked to', { path: 'play/' }, async ({ page }) => {
  const seen = await page.evaluate(async () => {
    const far = document.createElement('ordinal-playground');
    far.setAttribute('keep', 'no');
    far.style.cssText = 'display: block; position: absolute; top: 4000px; width: 720px; height: 480px';
    document.body.append(far);
    await new Promise((go) => setTimeout(go, 1500));
    const before = far.playground !== undefined;
    return [before, (await far.start()).length];
  });
  equal(seen, [false, 0]);
});

test('a shared session is kept apart from the own one, goes on, and starts over as the link says', { path: 'play/' }, async ({ page, url }) => {
  const seen = () => api(page, (p) => [p.length, p.files().length]);
  await api(page, (p) => { p.rest(); p.setFile('teacher.yaml', '# of the teacher'); });
  const link = await page.evaluate(() => document.querySelector('ordinal-playground').link());
  const [given] = await seen();
  await page.evaluate(() => localStorage.clear());
  await page.goto('about:blank');
  await page.goto(`${url}play/`);
  await ready(page);
  await api(page, (p) => { p.setFile('own.yaml', '# mine'); p.step(); });
  const own = await seen();
  await page.waitForTimeout(600);
  await page.evaluate((to) => { location.href = to; }, link);  // pasted over the address: no new page
  await page.waitForFunction((n) => document.querySelector('ordinal-playground').playground.length === n, given);
  await api(page, (p) => { p.kubectl('scale sts web --replicas=1'); p.rest(); });
  const [gone] = await seen();
  ok(gone > given, 'it goes on');
  await page.waitForTimeout(600);
  await page.reload();
  await ready(page);
  equal((await seen())[0], gone, 'after a reload');
  await page.evaluate(() => document.querySelector('ordinal-playground').startOver());
  await page.waitForFunction((n) => document.querySelector('ordinal-playground').playground.length === n, given);
  await page.goto('about:blank');
  await page.goto(`${url}play/`);
  await ready(page);
  equal(await seen(), own, 'the own session');
  await page.goto('about:blank');
  await page.goto(link.slice(0, -30));
  await ready(page);
  includes(await page.locator('ordinal-playground .message').textContent(), 'not whole');
  equal(await seen(), own, 'the own session');
});

test('the first visit is in the language of the browser, later ones in the chosen one', { path: '', locale: 'zh-CN' }, async ({ page, url }) => {
  await page.waitForURL(`${url}zh/`);
  await ready(page);
  await page.locator('a.language').click();
  await page.waitForURL(url);
  await page.reload();
  await ready(page);
  equal(page.url(), url, 'the address after a reload');
  await page.goto(`${url}zh/docs/ordered-creation/`);
  await page.waitForURL(`${url}docs/ordered-creation/`);
  equal(await page.evaluate(() => document.documentElement.lang), 'en', 'the language');
});

test('another version of Kubernetes: manifests stay, what was done is done again, it outlives a reload and is shared', { path: 'play/', size: [1440, 900] }, async ({ page, url }) => {
  const version = page.locator('ordinal-playground').getByLabel('Kubernetes version');
  includes(await version.textContent(), 'Kubernetes 1.36: maxUnavailable is ignored');
  includes(await page.locator('ordinal-playground #version-why').textContent(), 'off in 1.35.4');
  await api(page, (p) => p.rest());
  const before = await api(page, (p) => [JSON.stringify(p.files()), p.kubectl('get pods -o name').stdout]);
  await page.mouse.click(355, 24);  // the menu in the top bar
  await settled(page);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.querySelector('ordinal-playground').playground.version === '1.36');
  equal(await version.inputValue(), '1.36', 'the accessible view');
  equal(await api(page, (p) => [JSON.stringify(p.files()), p.kubectl('get pods -o name').stdout]), before);
  await version.selectOption('1.35.0');
  equal(await api(page, (p) => p.version), '1.35.0', 'the version');
  await page.waitForTimeout(600);
  await page.reload();
  await ready(page);
  equal(await api(page, (p) => [p.version, JSON.stringify(p.files()), p.kubectl('get pods -o name').stdout]), ['1.35.0', ...before]);
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.evaluate(() => document.querySelector('ordinal-playground').ready);
  await page.mouse.click(1384, 24);  // Share
  await page.waitForFunction(async () => (await navigator.clipboard.readText()).includes('#session='));
  const link = await page.evaluate(() => navigator.clipboard.readText());
  ok(link.startsWith(`${url}play/#session=`), link.slice(0, 80));
  await page.evaluate(() => localStorage.clear());
  await page.goto('about:blank');
  await page.goto(link);
  await ready(page);
  equal(await api(page, (p) => [p.version, JSON.stringify(p.files()), p.kubectl('get pods -o name').stdout]), ['1.35.0', ...before]);
});

test('five megabytes of junk in the editor do not hold the page up', { path: 'play/', size: [1440, 900] }, async ({ page }) => {
  await intoManifest(page);
  for (const junk of ['x'.repeat(5e6), '{[ junk: - \n'.repeat(450000)]) {
    await page.keyboard.press('Control+a');
    const [ms, length] = await page.evaluate(async (text) => {
      const { playground, shadowRoot } = document.querySelector('ordinal-playground');
      const data = new DataTransfer();
      data.setData('text/plain', text);
      const start = performance.now(), late = () => performance.now() - start > 4000;
      const agent = shadowRoot.querySelector('.stage textarea');
      agent.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
      // Keys are taken one a frame, and those of Control+a may still wait before it.
      const length = () => playground.files()[0].text.length;
      do await new Promise(requestAnimationFrame); while (length() !== text.length && !late());
      return [performance.now() - start, length()];
    }, junk);
    equal(length, junk.length, 'all of it is there');
    ok(ms < 4000, `drawn after ${Math.round(ms)} ms`);  // a few hundred; some machines are busy with other things
  }
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+z');
  await page.waitForFunction(() => document.querySelector('ordinal-playground').playground.files()[0].text.includes('kind: StatefulSet'));
});
