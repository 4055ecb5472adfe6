// The whole story of one StatefulSet, through the accessible view and the API.
import { api, equal, includes, ok, press, ready, test, why } from './harness.mjs';

const state = (page, id) => page.locator(`ordinal-playground li[data-id="${id}"]`).first();
const here = async (page, id) => (await state(page, id).count()) > 0;
async function stepUntil(page, done, limit = 200) {
  for (let i = 0; i < limit; i++) {
    if (await done()) return i;
    await press(page, 'Step');
  }
  throw new Error(`not reached in ${limit} steps`);
}
const files = (p) => p.files();

test('pressing Step brings web-0 with its claim, then web-1, each with its reason', { path: 'play/', limit: 120000 }, async ({ page }) => {
  includes((await api(page, files))[0].text, 'kind: StatefulSet', 'the open manifest');
  ok(!(await here(page, 'Pod/default/web-0')), 'no pod at the start');
  await stepUntil(page, () => here(page, 'PersistentVolumeClaim/default/data-web-0'));
  await stepUntil(page, () => here(page, 'Pod/default/web-0'));
  ok((await why(page)).length > 20, 'a sentence says why');
  await stepUntil(page, async () => (await state(page, 'PersistentVolumeClaim/default/data-web-0').textContent()).includes('Bound'));
  await stepUntil(page, async () => (await state(page, 'Pod/default/web-0').getAttribute('data-state')) === 'Ready');
  ok(!(await here(page, 'Pod/default/web-1')), 'web-1 waits for web-0');
  await stepUntil(page, () => here(page, 'Pod/default/web-1'));
  includes(await why(page), 'web-1');
});

test('a wait is an entry with a reason', { path: 'play/' }, async ({ page }) => {
  const waits = await api(page, (p) => {
    p.rest();
    const found = [];
    for (let n = 0; n < p.length; n++) if (p.entry(n).verb === 'wait') found.push(p.entry(n));
    return found;
  });
  const one = waits.find((w) => w.actor === 'statefulset');
  ok(one, 'the StatefulSet controller waits');
  ok(one.why.code && one.why.text && typeof one.why.inputs === 'object', JSON.stringify(one));
});

test('going back and on again shows the same', { path: 'play/' }, async ({ page }) => {
  for (let i = 0; i < 8; i++) await press(page, 'Step');
  const before = await api(page, (p) => [p.cursor, p.time, JSON.stringify(p.mirror().objects)]);
  for (let i = 0; i < 4; i++) await press(page, 'Back');
  equal(await api(page, (p) => p.cursor), before[0] - 4, 'cursor');
  for (let i = 0; i < 4; i++) await press(page, 'Step');
  equal(await api(page, (p) => [p.cursor, p.time, JSON.stringify(p.mirror().objects)]), before);
});

test('Run to rest makes three pods Ready; Restart goes to the beginning', { path: 'play/' }, async ({ page }) => {
  await press(page, 'Run to rest');
  for (const pod of ['web-0', 'web-1', 'web-2']) equal(await state(page, `Pod/default/${pod}`).getAttribute('data-state'), 'Ready', pod);
  await press(page, 'Restart');
  equal(await api(page, (p) => p.cursor), 0, 'cursor');
});

test('Play moves on by itself until it is paused', { path: 'play/' }, async ({ page }) => {
  const before = await api(page, (p) => p.cursor);
  await press(page, 'Play');
  await page.waitForFunction((n) => document.querySelector('ordinal-playground').playground.cursor > n + 1, before, { timeout: 8000 });
  await press(page, 'Pause');
  const paused = await api(page, (p) => p.cursor);
  await page.waitForTimeout(900);
  equal(await api(page, (p) => p.cursor), paused, 'cursor after Pause');
});

test('replicas changed in the manifest and applied', { path: 'play/' }, async ({ page }) => {
  await press(page, 'Run to rest');
  const editor = page.locator('ordinal-playground').getByLabel('Manifest');
  await editor.fill((await editor.inputValue()).replace('replicas: 3', 'replicas: 4'));
  await press(page, 'Apply');
  await press(page, 'Run to rest');
  equal(await state(page, 'Pod/default/web-3').getAttribute('data-state'), 'Ready');
});

test('a manifest with a mistake is refused with the reason', { path: 'play/' }, async ({ page }) => {
  const typo = await api(page, (p) => p.apply('apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: a}\nspec: {replica: 3}\n'));
  equal(typo.exit, 1, 'exit code');
  includes(typo.stderr, 'unknown field "spec.replica"');
  for (const text of ['a:\n\t- b', '{[', '', 'x'.repeat(5e6)]) {
    const answer = await api(page, (p, t) => p.apply(t), text);
    ok(answer.exit !== 0 && answer.stderr, `refused: ${JSON.stringify(answer).slice(0, 200)}`);
  }
});

test('a killed pod comes back with the same name, claim and data', { path: 'play/' }, async ({ page }) => {
  const seen = await api(page, (p) => {
    p.rest();
    p.fault({ type: 'write', pod: 'web-1', text: 'hello' });
    const before = p.object('Pod/default/web-1');
    p.kubectl('delete pod web-1');
    p.rest();
    const after = p.object('Pod/default/web-1');
    const volume = p.object('PersistentVolumeClaim/default/data-web-1').spec.volumeName;
    return { before: before.metadata.uid, after: after.metadata.uid, disk: JSON.stringify(p.facts(`disk/${volume}`)), ready: p.kubectl('get pods').stdout };
  });
  ok(seen.before !== seen.after, 'it is another pod');
  includes(seen.disk, 'hello', 'its volume');
  includes(seen.ready, 'web-1   1/1', 'kubectl get pods');
});

test('the session survives a reload', { path: 'play/' }, async ({ page }) => {
  for (let i = 0; i < 9; i++) await press(page, 'Step');
  await api(page, (p) => p.kubectl('scale statefulset web --replicas=2'));
  const before = await api(page, (p) => [p.cursor, p.length, p.journal()]);
  await page.waitForTimeout(600);
  await page.reload();
  await ready(page);
  equal(await api(page, (p) => [p.cursor, p.length, p.journal()]), before);
});

test('the API: entries, objects, requests, faults, events, save and load', { path: 'play/' }, async ({ page }) => {
  const seen = await api(page, (p) => {
    const heard = { change: 0, entry: 0 };
    const end = p.on('change', () => heard.change++);
    p.on('entry', () => heard.entry++);
    p.rest();
    end();
    const saved = p.save(), journal = p.journal();
    const list = p.request({ method: 'GET', path: '/api/v1/namespaces/default/pods' });
    const none = p.request({ path: '/api/v1/namespaces/default/pods/nobody' });
    const cursor = p.cursor;
    p.seek(3);
    const early = [p.cursor, p.object('Pod/default/web-2') === undefined, p.kubectl('get pods').stdout + p.kubectl('get pods').stderr];
    p.seek(cursor);
    let refused = '';
    try { p.fault({ type: 'nonsense' }); } catch (e) { refused = e.message; }
    let bad = '';
    try { p.load('junk'); } catch (e) { bad = e.message; }
    p.kubectl('delete statefulset web');
    p.rest();
    p.load(saved);
    return { heard, list: [list.code, list.body.kind, list.body.items.length], none: [none.code, none.body.reason], early, refused, bad,
      same: p.journal() === journal, entry: p.entry(4), beyond: p.entry(1e6), web0: p.object('Pod/default/web-0').metadata.name };
  });
  ok(seen.heard.change > 0 && seen.heard.entry > 20, JSON.stringify(seen.heard));
  equal(seen.list, [200, 'PodList', 3]);
  equal(seen.none, [404, 'NotFound']);
  equal(seen.early.slice(0, 2), [3, true]);
  includes(seen.early[2], 'No resources found');
  ok(seen.refused && seen.bad, 'nonsense is refused with a reason');
  ok(seen.same, 'a loaded session is the saved one');
  for (const key of ['time', 'actor', 'verb', 'object', 'revision', 'why']) ok(key in seen.entry, `entry has ${key}`);
  equal([seen.beyond === undefined || seen.beyond === null, seen.web0], [true, 'web-0']);
});

test('a refused Apply of the accessible view says at which line, and how to mend it', { path: 'play/' }, async ({ page }) => {
  const editor = page.locator('ordinal-playground').getByLabel('Manifest');
  await editor.fill((await editor.inputValue()).replace('storage: 1Gi', 'storage: 1Go'));
  await press(page, 'Apply');
  const said = await page.locator('ordinal-playground .answer').textContent();
  ok(/^Line 41: .*1Go.*1Gi/m.test(said), said);
  const answer = await api(page, (p) => p.apply(p.files()[0].text));
  equal(answer.errors.map((e) => [e.line, e.message.includes('1Gi')]), [[41, true]], 'the API says the same');
});

test('the API: what cannot be is refused, not guessed', { path: 'play/' }, async ({ page }) => {
  const seen = await api(page, (p) => {
    const refused = (act) => {
      try { act(); } catch (e) { return e.message; }
      return 'not refused';
    };
    return {
      refused: [() => p.begin({ nodes: -3 }), () => p.begin({ nodes: 'three' }), () => p.begin({ nodes: 5000 }), () => p.begin({ version: '2.0' }),
        () => p.switchTo('x'), () => p.switchTo(99), () => p.on('changed', () => {}), () => p.on('change', null), () => p.fault(), () => p.load()].map(refused),
      entries: [undefined, null, -1, 1.5, NaN, Infinity, 2 ** 32, '0', {}].map((n) => p.entry(n) ?? null),
      codes: [p.request().code, p.apply().exit, p.kubectl().exit],
    };
  });
  for (const message of seen.refused) ok(message && message !== 'not refused', JSON.stringify(seen.refused));
  includes(seen.refused[0], 'setup.nodes: must be from 0 to 1000');
  equal(seen.entries, seen.entries.map(() => null), 'entries that there cannot be');
  equal(seen.codes, [404, 1, 1], 'answers');
});

test('a lost node and its way back, a failed write', { path: 'play/' }, async ({ page }) => {
  const seen = await api(page, (p) => {
    p.rest();
    const node = p.object('Pod/default/web-1').spec.nodeName;
    p.fault({ type: 'nodeLost', node });
    p.wait(120000);
    const lost = p.kubectl('get nodes').stdout;
    p.fault({ type: 'nodeBack', node });
    p.wait(120000);
    p.rest();
    const back = p.kubectl('get nodes').stdout;
    p.fault({ type: 'failWrite' });
    p.kubectl('scale statefulset web --replicas=4');
    p.rest();
    const failed = p.journal().split('\n').filter((l) => l.includes('"verb":"failed"')).length;
    return { lost, back, failed, pods: p.kubectl('get pods').stdout };
  });
  includes(seen.lost, 'NotReady');
  ok(!seen.back.includes('NotReady'), seen.back);
  ok(seen.failed > 0, 'a write has failed');
  includes(seen.pods, 'web-3   1/1', 'and was tried again');
});

test('what can happen to pods and nodes, through the accessible view', { path: 'play/' }, async ({ page }) => {
  await press(page, 'Run to rest');
  const view = page.locator('ordinal-playground');
  const act = async (object, action) => {
    await view.getByLabel('Object', { exact: true }).selectOption(object);
    await view.getByLabel('What happens to it').selectOption(action);
    await press(page, 'Do it');
  };
  const node = (await api(page, (p) => p.object('Pod/default/web-1').spec.nodeName));
  await act(`Node//${node}`, 'nodeLost');
  await api(page, (p) => p.wait(120000));
  includes(await state(page, `Node//${node}`).textContent(), 'unreachable');
  await act(`Node//${node}`, 'nodeBack');
  await api(page, (p) => p.wait(60000));
  ok(!(await state(page, `Node//${node}`).textContent()).includes('unreachable'), 'the node is back');
  const uid = await api(page, (p) => p.object('Pod/default/web-0').metadata.uid);
  await act('Pod/default/web-0', 'delete');
  await press(page, 'Run to rest');
  ok((await api(page, (p) => p.object('Pod/default/web-0').metadata.uid)) !== uid, 'it is another pod');
  await api(page, (p) => p.apply('apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: agent}\nspec:\n  selector: {matchLabels: {a: b}}\n  template:\n    metadata: {labels: {a: b}}\n    spec: {containers: [{name: a, image: nginx}]}\n'));
  await press(page, 'Run to rest');
  equal(await state(page, 'DaemonSet/default/agent').textContent(), 'DaemonSet agent: 3 / 3');
});

test('starting over forgets what was done, and closes what was opened', { path: 'play/' }, async ({ page }) => {
  await press(page, 'Run to rest');
  await api(page, (p) => { p.setFile('other.yaml', 'kind: Pod'); p.version = '1.36'; });
  await press(page, 'Reset the playground');
  equal(await api(page, (p) => [p.length, p.version, p.files().map((f) => f.name)]), [2, '1.37', ['web.yaml']]);
  await page.waitForTimeout(700);
  await page.reload();
  await ready(page);
  equal(await api(page, (p) => [p.length, p.version, p.files().map((f) => f.name)]), [2, '1.37', ['web.yaml']], 'after a reload');
});
