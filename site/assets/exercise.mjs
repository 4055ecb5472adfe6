// An exercise that checks itself: begins it, watches what the learner does, and says what is missing. What must hold is in the
// exercise's own file (checked by the core, from the journal and the objects as of the cursor); the words around it are the page's:
// for each check what to say while it is `open`, `done`, `lost` or its turn comes `later`.
const element = document.querySelector('ordinal-playground');
const yaml = document.getElementById('exercise-file').textContent;
const texts = JSON.parse(document.getElementById('texts').textContent);
const list = document.querySelector('.tasks');
const verdict = document.querySelector('.verdict');
const key = `ordinal-exercise:${element.getAttribute('keep')}`;
const language = element.language;

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
const names = (objects, kind) => objects.filter((o) => o.kind === kind).map((o) => o.name);

function begin(p) {
  const exercise = p.exercise(yaml);
  try { localStorage.setItem(key, String(exercise.start)); } catch { /* then a reload begins anew */ }
  return exercise;
}
function goOn(p) {
  const start = Number(localStorage.getItem(key));
  if (!start || start > p.length) throw new Error('begun elsewhere');
  return p.exercise(yaml, start);
}

/** The first claim that was deleted after the beginning: with it went the records. */
function firstLoss(p, start) {
  for (let n = start; n < p.cursor; n++) {
    const { object, verb, why } = p.entry(n);
    if (verb === 'delete' && object.startsWith('PersistentVolumeClaim/')) return { n, claim: object.split('/')[2], why: why.text };
  }
  return null;
}
const countRecords = (p) => new Set(Object.values(p.facts('disk/')).flatMap((disk) => Object.values(disk.files ?? {})).join('\n').split('\n').filter(Boolean)).size;

/** What a path of the exercise's texts says, "status.conditions[0].type"; undefined where it is not there. */
const member = (object, path) => path.split(/[.[\]]+/).filter(Boolean).reduce((at, name) => at?.[name], object);

/** What hints may name: the Pods, the records, and what the page's texts take from objects (values: {name: [object, path, or else]}). */
function valuesOf(p) {
  const values = { pods: names(p.mirror().objects, 'Pod').join(', '), found: countRecords(p) };
  for (const [name, [object, path, otherwise]] of Object.entries(texts.values ?? {})) values[name] = member(p.object(object), path) ?? otherwise;
  return values;
}

/** How each check stands. One that comes after another (`after` in the page's texts) is not done before that. */
function judge(p, exercise) {
  const results = Object.fromEntries(p.check().map((c) => [c.id, c]));
  const loss = firstLoss(p, exercise.start);
  const values = valuesOf(p);
  return exercise.checks.map(({ id, title }) => {
    const { passed, broken } = results[id], words = texts[id];
    const turn = !words.after || results[words.after].passed;
    const at = broken || (id === 'records' && !passed && loss ? loss.n + 1 : 0);
    const state = at ? 'lost' : passed && turn ? 'done' : 'open';
    const said = { ...values, step: at, ...(loss && { claim: loss.claim, why: loss.why }) };
    return { id, title: title[language], state, goto: at, hint: fill((turn || at ? words[state] : words.later) ?? '', said).replaceAll('`', '') };
  });
}

const make = (tag, className, text) => Object.assign(document.createElement(tag), { className, textContent: text });
function show(p, exercise) {
  const tasks = judge(p, exercise);
  list.replaceChildren(...tasks.map((task) => {
    const item = document.createElement('li');
    item.dataset.task = task.id;
    item.dataset.state = task.state;
    const mark = make('span', 'mark', '');
    mark.setAttribute('role', 'img');
    mark.setAttribute('aria-label', texts.state[task.state]);
    const hint = make('span', 'hint', task.hint);
    item.append(mark, make('span', 'what', task.title), hint);
    if (task.goto) {
      const go = make('button', '', fill(texts.goto, { step: task.goto }));
      go.addEventListener('click', () => p.seek(task.goto));
      hint.append(' ', go);
    }
    return item;
  }));
  const missing = tasks.filter((t) => t.state !== 'done');
  verdict.dataset.passed = String(missing.length === 0);
  verdict.textContent = missing.length === 0 ? `${texts.passed} ${exercise.debrief[language]}` : fill(texts.missing, { list: missing.map((t) => t.title).join(texts.comma) });
}

const p = await element.ready;
let exercise;
try {
  exercise = p.length === 0 ? begin(p) : goOn(p);
} catch {
  exercise = begin(p);
}
let waiting = 0;
p.on('change', () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => show(p, exercise), 120);
});
const again = () => { exercise = begin(p); };
document.querySelector('[data-again]').addEventListener('click', again);
element.startOver = again;
show(p, exercise);
