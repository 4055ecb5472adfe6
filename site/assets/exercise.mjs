// "Scale a database without losing a record": prepares the cluster, watches what the learner does, and says what is missing.
// The words are the page's (#texts), the judgement is made from the journal and the objects as of the cursor.
const element = document.querySelector('ordinal-playground');
const texts = JSON.parse(document.getElementById('texts').textContent);
const list = document.querySelector('.tasks');
const verdict = document.querySelector('.verdict');
const start = `ordinal-exercise:${element.getAttribute('keep')}`;

const RECORDS = { 'db-0': ['ada paid 12', 'bo paid 7'], 'db-1': ['chen paid 30', 'dana paid 4'], 'db-2': ['eli paid 19', 'fay paid 25'] };
const PODS = Object.keys(RECORDS);

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
const isReady = (pod) => (pod?.status?.conditions ?? []).some((c) => c.type === 'Ready' && c.status === 'True') && !pod.metadata.deletionTimestamp;

/** A database of three with two records each; the exercise begins after that. */
function prepare(p) {
  for (const file of p.files()) p.apply(file.text);
  p.rest();
  for (const [pod, records] of Object.entries(RECORDS)) for (const text of records) p.fault({ type: 'write', pod, text });
  p.rest();
  remember(p.length);
}
function remember(length) {
  try { localStorage.setItem(start, String(length)); } catch { /* starting over then goes to the very beginning */ }
}
const beginning = () => Number(localStorage.getItem(start)) || 0;

/** The records that lie on the volume of a pod's claim. */
function recordsOf(p, pod) {
  const volume = p.object(`PersistentVolumeClaim/default/data-${pod}`)?.spec?.volumeName;
  const files = volume ? p.facts(`disk/${volume}`)[`disk/${volume}`]?.files ?? {} : {};
  return Object.values(files).flatMap((text) => text.split('\n')).filter(Boolean);
}

/** Was there a moment, after the preparation and before the cursor, when db-0 alone was left? And where did claims go? */
function look(p) {
  const pods = new Set(PODS);
  const seen = { alone: false, lost: null };
  for (let n = beginning(); n < p.cursor; n++) {
    const { object, verb, after, why } = p.entry(n);
    const [kind, , name] = object.split('/');
    if (kind === 'Pod' && PODS.includes(name)) {
      if (verb === 'create') pods.add(name);
      if (verb === 'delete' || (verb !== 'wait' && after === null)) pods.delete(name);
      if (pods.size === 1 && pods.has('db-0')) seen.alone = true;
    }
    if (kind === 'PersistentVolumeClaim' && verb === 'delete' && !seen.lost) seen.lost = { n, name, why: why.text };
  }
  return seen;
}

function judge(p) {
  const seen = look(p);
  const kept = PODS.filter((pod) => RECORDS[pod].every((r) => recordsOf(p, pod).includes(r)));
  const found = PODS.reduce((sum, pod) => sum + RECORDS[pod].filter((r) => recordsOf(p, pod).includes(r)).length, 0);
  const ready = PODS.filter((pod) => isReady(p.object(`Pod/default/${pod}`))).length;
  const here = PODS.filter((pod) => p.object(`Pod/default/${pod}`));
  // A claim that waits for nothing but its volume still has its records; one that was deleted has lost them.
  const lost = Boolean(seen.lost);
  const all = kept.length === PODS.length;
  return [
    { id: 'evening', state: seen.alone ? 'done' : 'open', hint: seen.alone ? texts.evening.done : fill(texts.evening.open, { pods: here.slice(1).join(', ') || '–' }) },
    {
      id: 'morning', state: seen.alone && ready === 3 ? 'done' : 'open',
      hint: !seen.alone ? texts.morning.later : ready === 3 ? texts.morning.done : fill(texts.morning.open, { ready }),
    },
    {
      id: 'records', state: lost ? 'lost' : seen.alone && ready === 3 && all ? 'done' : 'open', goto: seen.lost?.n,
      hint: lost ? fill(texts.records.lost, { found, claim: seen.lost.name, step: seen.lost.n + 1, why: seen.lost.why }) :
        fill(seen.alone && ready === 3 && all ? texts.records.done : texts.records.open, { found }),
    },
  ];
}

function show(p) {
  const tasks = judge(p);
  list.replaceChildren(...tasks.map((task) => {
    const item = document.createElement('li');
    item.dataset.task = task.id;
    item.dataset.state = task.state;
    const mark = Object.assign(document.createElement('span'), { className: 'mark' });
    mark.setAttribute('role', 'img');
    mark.setAttribute('aria-label', texts.state[task.state]);
    const what = Object.assign(document.createElement('span'), { className: 'what', textContent: texts[task.id].title });
    const hint = Object.assign(document.createElement('span'), { className: 'hint', textContent: task.hint.replaceAll('`', '') });
    item.append(mark, what, hint);
    if (task.goto !== undefined) {
      const go = Object.assign(document.createElement('button'), { type: 'button', textContent: fill(texts.goto, { step: task.goto + 1 }) });
      go.addEventListener('click', () => p.seek(task.goto + 1));
      hint.append(' ', go);
    }
    return item;
  }));
  const missing = tasks.filter((t) => t.state !== 'done');
  verdict.dataset.passed = String(missing.length === 0);
  verdict.textContent = missing.length === 0 ? texts.passed : fill(texts.missing, { list: missing.map((t) => texts[t.id].title).join(texts.comma) });
}

const p = await element.ready;
if (p.length === 0) prepare(p);
let waiting = 0;
p.on('change', () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => show(p), 120);
});
document.querySelector('[data-again]').addEventListener('click', () => {
  const [file] = element.querySelectorAll('script[type="application/yaml"]');
  p.setFile(file.dataset.name, file.textContent.trim() + '\n');
  p.seek(beginning());
});
show(p);
