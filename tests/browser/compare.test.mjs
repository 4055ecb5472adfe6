// Three workloads under the same trouble, and the layouts of small screens.
import { api, equal, includes, ok, press, settled, test } from './harness.mjs';

const act = (page, name) => page.locator(`ordinal-playground [data-compare="${name}"]`).click();
const columns = (page) => api(page, (p) => p.mirror().compare.columns);
const fates = async (page, what) => (await columns(page)).map((c) => c[what].fate);

test('the comparison: a deleted pod keeps name, DNS and data in a StatefulSet only', { path: 'compare/', limit: 120000 }, async ({ page }) => {
  const before = await columns(page);
  equal(before.map((c) => c.kind), ['StatefulSet', 'Deployment', 'DaemonSet'], 'workloads');
  for (const c of before) includes(c.command, 'kubectl delete pod', c.kind);
  equal(await fates(page, 'name'), ['waiting', 'waiting', 'waiting'], 'right after the deletion');
  for (let i = 0; i < 5; i++) await press(page, 'Step');
  await press(page, 'Run to rest');
  equal(await fates(page, 'name'), ['kept', 'new', 'new'], 'names');
  equal(await fates(page, 'dns'), ['kept', 'none', 'none'], 'DNS names');
  equal(await fates(page, 'data'), ['kept', 'lost', 'perNode'], 'data');
  equal(await fates(page, 'node'), ['free', 'free', 'kept'], 'nodes');
  for (const c of await columns(page)) ok(c.why.length > 10, `${c.kind}: a reason`);
  equal(await page.locator('ordinal-playground .comparison td[data-fate="kept"]').count(), 4, 'the table of the accessible view');
});

test('the comparison: going back shows the deletion again, a lost node begins where all was well', { path: 'compare/', limit: 120000 }, async ({ page }) => {
  const start = await api(page, (p) => p.cursor);
  await press(page, 'Run to rest');
  const end = await api(page, (p) => [p.cursor, JSON.stringify(p.mirror().compare)]);
  await api(page, (p, n) => p.seek(n), start);
  equal(await fates(page, 'name'), ['waiting', 'waiting', 'waiting'], 'back at the deletion');
  await api(page, (p, n) => p.seek(n), end[0]);
  equal(await api(page, (p) => JSON.stringify(p.mirror().compare)), end[1], 'on again');
  await act(page, 'node');
  for (let i = 0; i < 6; i++) {
    await press(page, 'Step');
    await press(page, 'Run to rest');
  }
  equal(await fates(page, 'name'), ['waiting', 'new', 'waiting'], 'on a lost node');
  equal((await api(page, (p) => p.branches())).length, 2, 'branches');
});

test('the comparison: an update keeps what lies on claims', { path: 'zh/compare/', locale: 'zh-CN', limit: 120000 }, async ({ page }) => {
  await act(page, 'update');
  for (let i = 0; i < 3; i++) {
    await press(page, '单步');
    await press(page, '运行到静止');
  }
  equal(await fates(page, 'data'), ['kept', 'lost', 'perNode'], 'data');
  const [set] = await columns(page);
  equal(set.data.word, '保留', 'in Chinese');
  includes(set.command, 'kubectl set image statefulset/web');
});

test('the comparison opens from the top bar and by the accessible view, and adds what is missing', { path: 'play/', size: [1440, 900] }, async ({ page }) => {
  await page.locator('ordinal-playground').click({ position: { x: 262, y: 24 } });
  await page.waitForFunction(() => document.querySelector('ordinal-playground').playground.mirror().compare);
  await act(page, 'prepare');
  equal((await columns(page)).map((c) => Boolean(c.id)), [true, true, true], 'workloads');
  await press(page, 'Comparison');
  ok(!(await api(page, (p) => p.mirror().compare)), 'closed again');
});

for (const [width, height] of [[720, 480], [844, 390], [1024, 700], [800, 1000], [390, 844]]) {
  test(`at ${width} × ${height} the canvas shows pods, and the manifest is within reach`, { path: 'play/', size: [width, height], touch: width < 500 }, async ({ page }) => {
    await press(page, 'Run to rest');
    const picture = () => page.screenshot().then((p) => p.toString('base64'));
    await settled(page);
    const before = await picture();
    const tab = width < 500 ? [85, 500] : height < 560 ? [200, 20] : [20, 54];
    if (!(width < 500)) await page.locator('ordinal-playground').click({ position: { x: tab[0], y: tab[1] } });
    else await page.touchscreen.tap(...tab);
    await settled(page);
    ok((await picture()) !== before, 'the manifest opens');
    await page.locator('ordinal-playground').click({ position: { x: width < 500 ? 150 : 160, y: width < 500 ? 580 : height < 560 ? 150 : 200 } });
    await page.keyboard.press('Control+A');
    await page.keyboard.type('kind: Nothing');
    await page.waitForFunction(() => document.querySelector('ordinal-playground').playground.files()[0].text.includes('kind: Nothing'));
  });
}
