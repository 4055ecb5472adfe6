// The accessible view: what the canvas shows, as DOM. Screen readers, keyboards and tests use it; it is out of sight until
// the keyboard reaches it, and takes the canvas's place where there is no WebGL 2.
import { wordsOf } from './words.mjs';

const make = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
};

/** A sentence with names in backquotes, as nodes. */
export function sentence(text) {
  return text.split('`').map((part, i) => (i % 2 ? make('code', {}, part) : part));
}

export class Mirror {
  #playground;
  #language;
  #timer = 0;
  #later = 0;
  #buttons = {};
  #items = new Map();

  constructor(language) {
    this.#language = language;
    this.root = make('section', { class: 'mirror', part: 'mirror' });
    this.toolbar = make('div', { class: 'controls', role: 'toolbar' });
    for (const name of ['restart', 'back', 'play', 'step', 'rest', 'apply', 'compare', 'startover']) {
      const button = make('button', { type: 'button', 'data-action': name });
      button.addEventListener('click', () => this.#press(name));
      this.#buttons[name] = button;
      this.toolbar.append(button);
    }
    this.faults = make('div', { class: 'controls' }, make('select'), make('select'), make('button', { type: 'button' }));
    this.faults.children[0].addEventListener('change', () => this.#listActions());
    this.faults.children[2].addEventListener('click', () => this.#act());
    this.version = make('select', { class: 'version' });
    this.versionWhy = make('p', { class: 'position', id: 'version-why' });
    this.version.setAttribute('aria-describedby', 'version-why');
    this.version.addEventListener('change', () => { this.stop(); this.#playground.version = this.version.value; });
    this.position = make('p', { class: 'position' });
    this.why = make('p', { class: 'why', 'aria-live': 'polite', role: 'status' });
    this.answer = make('p', { class: 'answer', 'aria-live': 'polite' });
    this.file = make('select');
    this.editor = make('textarea', { rows: '12', spellcheck: 'false', autocapitalize: 'off', autocomplete: 'off' });
    this.objects = make('ul', { class: 'objects' });
    this.comparison = make('section', { class: 'comparison', hidden: '' });
    this.comparison.append(make('h2'), make('div', { class: 'controls' }), make('table'));
    this.log = make('pre', { class: 'log', role: 'log', tabindex: '0' });
    this.line = make('input', { class: 'line', type: 'text', spellcheck: 'false', autocapitalize: 'off', autocomplete: 'off' });
    this.line.addEventListener('keydown', (e) => this.#key(e));
    this.line.addEventListener('paste', (e) => {
      const lines = e.clipboardData.getData('text/plain').split('\n');
      if (lines.length < 2) return;
      e.preventDefault();
      lines[0] = this.line.value + lines[0];
      const rest = lines.pop();
      for (const line of lines) this.#enter(line);
      this.line.value = rest;
    });
    this.root.append(this.toolbar, this.position, this.why, this.answer, this.comparison, this.objects, this.faults, this.version, this.versionWhy, this.file, this.editor, this.log, this.line);

    // In sight as soon as the keyboard is in it; a click (of a test, say) leaves it where it is.
    this.root.addEventListener('focusin', (e) => {
      if (this.editor.dataset.behind) this.#showFile();
      if (e.target.matches(':focus-visible')) this.root.classList.add('open');
    });
    this.root.addEventListener('focusout', (e) => { if (!this.root.contains(e.relatedTarget)) this.root.classList.remove('open'); });
    this.file.addEventListener('change', () => this.#showFile());
    this.editor.addEventListener('input', () => this.#playground?.setFile(this.file.value, this.editor.value));
    this.setLanguage(language);
  }

  setLanguage(language) {
    this.#language = language;
    const words = wordsOf(language);
    this.root.lang = language === 'zh' ? 'zh-CN' : 'en';
    this.root.setAttribute('aria-label', words.view);
    this.toolbar.setAttribute('aria-label', words.toolbar);
    this.objects.setAttribute('aria-label', words.objects);
    this.file.setAttribute('aria-label', words.file);
    this.version.setAttribute('aria-label', words.version);
    const [object, action, act] = this.faults.children;
    object.setAttribute('aria-label', words.object);
    action.setAttribute('aria-label', words.action);
    act.textContent = words.act;
    action.replaceChildren();
    this.editor.setAttribute('aria-label', words.manifest);
    this.log.setAttribute('aria-label', words.console);
    this.line.setAttribute('aria-label', words.line);
    for (const [name, button] of Object.entries(this.#buttons)) {
      button.textContent = words[name === 'play' && this.#timer ? 'pause' : name];
    }
    this.update();
  }

  connect(playground) {
    this.#playground = playground;
    playground.on('change', () => this.#soon());
    this.update();
  }

  /** At once where that costs nothing; in a large cluster once the steps come to rest, so that the canvas is not held up. */
  #soon() {
    if (this.#items.size < 400) return this.update();
    clearTimeout(this.#later);
    this.#later = setTimeout(() => this.update(), 200);
  }

  update() {
    if (!this.#playground) return;
    const words = wordsOf(this.#language);
    const shown = this.#playground.mirror();
    this.position.textContent = words.position(shown.cursor, shown.length);
    const why = shown.why ?? words.nothing;
    if (this.why.dataset.text !== why) {
      this.why.dataset.text = why;
      this.why.replaceChildren(...sentence(why));
    }
    this.#buttons.compare.setAttribute('aria-pressed', Boolean(shown.compare));
    this.#compare(shown.compare);
    this.#list(shown.objects);
    this.#listTargets(shown.objects);
    const versions = JSON.stringify(shown.versions);
    if (this.version.dataset.all !== versions) this.version.replaceChildren(...shown.versions.map((v) => {
      const option = make('option', { value: v.name }, `Kubernetes ${v.name}: ${v.note}`);
      option.selected = v.used;
      return option;
    }));
    this.version.dataset.all = versions;
    this.versionWhy.textContent = shown.versionWhy;
    this.#listFiles(shown.files);
  }

  /** Only what changed is touched, so that a reader's place in the list is kept. */
  #list(objects) {
    const old = this.#items;
    this.#items = new Map();
    let place = null;
    for (const o of objects) {
      const item = old.get(o.id) ?? make('li', { 'data-id': o.id });
      old.delete(o.id);
      this.#items.set(o.id, item);
      const text = `${o.kind} ${o.name}: ` + [o.state, o.detail].filter(Boolean).join(', ');
      if (item.textContent !== text) {
        item.textContent = text;
        item.dataset.state = o.state;
      }
      const next = place ? place.nextSibling : this.objects.firstChild;
      if (item !== next) this.objects.insertBefore(item, next);
      place = item;
    }
    for (const item of old.values()) item.remove();
  }

  // ---- what can happen to an object, as in the menu that the canvas opens on it

  #listTargets(objects) {
    const select = this.faults.firstChild, chosen = select.value;
    const ids = ['', ...objects.filter((o) => /^(Pod|Node)$/.test(o.kind)).map((o) => o.id)];
    if (select.dataset.all !== ids.join(' ')) {
      select.dataset.all = ids.join(' ');
      select.replaceChildren(...ids.map((id) => make('option', { value: id }, id ? id.replace(/\/.*\//, ' ') : 'API')));
      if (ids.includes(chosen)) select.value = chosen;
      this.faults.children[1].replaceChildren();
    }
    this.#listActions();
  }

  #listActions() {
    const [object, action] = this.faults.children, { actions } = wordsOf(this.#language);
    const names = object.value.startsWith('Pod') ? ['containerCrash', 'unready', 'ready', 'delete'] : object.value ? ['nodeLost', 'nodeBack'] : ['failWrite'];
    if (action.options.length && names.includes(action.value)) return;
    action.replaceChildren(...names.map((name) => make('option', { value: name }, actions[name])));
  }

  #act() {
    const [kind, namespace, name] = this.faults.children[0].value.split('/'), type = this.faults.children[1].value, p = this.#playground;
    this.stop();
    let said = '';
    try {
      if (type === 'delete') said = p.kubectl(`delete pod ${name} -n ${namespace} --wait=false`).stdout;
      else if (/ready$/.test(type)) p.fault({ type: 'readiness', pod: name, namespace, ready: type === 'ready' });
      else p.fault(kind === 'Node' ? { type, node: name } : kind ? { type, pod: name, namespace } : { type });
    } catch (problem) {
      said = problem.message;
    }
    this.answer.textContent = said.trim();
  }

  /** What became of each workload's name, DNS name, data and node, as a table. */
  #compare(shown) {
    this.comparison.hidden = !shown;
    if (!shown) return;
    const words = wordsOf(this.#language), [title, controls, table] = this.comparison.children;
    title.textContent = shown.title;
    const names = shown.complete ? ['delete', 'node', 'update'] : ['prepare'];
    if (controls.dataset.for !== names + this.#language) {
      controls.dataset.for = names + this.#language;
      controls.replaceChildren(...names.map((name) => {
        const button = make('button', { type: 'button', 'data-compare': name }, words[name]);
        button.addEventListener('click', () => { this.stop(); this.#playground.compare(name); });
        return button;
      }));
    }
    const row = (head, cells) => make('tr', {}, make('th', { scope: 'row' }, head), ...cells);
    const said = (f) => make('td', { 'data-fate': f.fate }, [f.word, f.value, f.note].filter(Boolean).join(', '));
    table.replaceChildren(
      make('tr', {}, make('td'), ...shown.columns.map((c) => make('th', { scope: 'col' }, `${c.kind} ${c.id.split('/').pop()}`))),
      row('$', shown.columns.map((c) => make('td', {}, make('code', {}, c.command)))),
      row('?', shown.columns.map((c) => make('td', {}, ...sentence(c.why)))),
      ...Object.entries(words.fates).map(([what, word]) => row(word, shown.columns.map((c) => said(c[what])))),
    );
  }

  #listFiles(files) {
    const names = files.map((f) => f.name);
    if (this.file.options.length !== names.length || [...this.file.options].some((o, i) => o.value !== names[i])) {
      const chosen = this.file.value;
      this.file.replaceChildren(...names.map((name) => make('option', { value: name }, name)));
      if (names.includes(chosen)) this.file.value = chosen;
    }
    this.file.hidden = names.length < 2;
    if (this.editor.getRootNode().activeElement === this.editor) return;
    // A browser takes seconds to lay out megabytes: they wait until someone is here.
    const large = (files.find((f) => f.name === this.file.value)?.size ?? 0) > 2e5;
    if (!large) return this.#showFile();
    if (!this.editor.dataset.behind) this.editor.value = '';
    this.editor.dataset.behind = 'yes';
  }

  #showFile() {
    const text = this.#playground?.file(this.file.value) ?? '';
    delete this.editor.dataset.behind;
    if (this.editor.value !== text) this.editor.value = text;
  }

  // ---- the console

  #prompt = '$ ';
  #history = [];
  #recalled = 0;

  #say(text) {
    this.log.append(text);
    if (this.log.textContent.length > 60000) this.log.textContent = this.log.textContent.slice(-40000);
    this.log.scrollTop = this.log.scrollHeight;
  }

  /** What was typed and said in the canvas' console. */
  heard(text) {
    if (text.includes('\x1b[H\x1b[J')) this.log.textContent = '';
    this.#say(text.replace(/^[^]*\x1b\[H\x1b\[J/, ''));
  }

  #enter(typed) {
    this.stop();
    this.line.value = '';
    if (typed) this.#history.push(typed);
    this.#recalled = this.#history.length;
    this.heard(`${this.#prompt}${typed}\n`);
    const { stdout, stderr, continues, reads } = this.#playground.shell(typed);
    this.heard(stdout);
    this.#say(stderr);
    this.#prompt = reads ? '' : continues ? '> ' : '$ ';
  }

  #key(e) {
    const p = this.#playground;
    if (!p || e.isComposing) return;
    const typed = this.line.value;
    if (e.key === 'Enter') {
      this.#enter(typed);
    } else if (e.key === 'ArrowUp' || e.key === 'ArrowDown') {
      this.#recalled = Math.max(0, Math.min(this.#history.length, this.#recalled + (e.key === 'ArrowUp' ? -1 : 1)));
      this.line.value = this.#history[this.#recalled] ?? '';
    } else if (e.key === 'Tab' && typed && !e.shiftKey && this.line.selectionStart === typed.length) {
      const words = p.complete(typed);
      const start = typed.search(/[^\s|;&(]*$/);
      const word = typed.slice(start);
      let common = words[0] ?? word;
      for (const w of words) while (!w.startsWith(common)) common = common.slice(0, -1);
      if (!words.length || (common === word && words.length === 1)) return;  // nothing to add: on to the next control
      if (common.length > word.length) this.line.value = typed.slice(0, start) + common + (words.length === 1 ? ' ' : '');
      else this.#say(`${words.join('  ')}\n`);
    } else if (e.key === 'c' && e.ctrlKey && this.line.selectionStart === this.line.selectionEnd) {
      this.line.value = '';
      this.#say(`${this.#prompt}${typed}^C\n${p.interrupt()}`);
      this.#prompt = '$ ';
    } else if (e.key === 'l' && e.ctrlKey) {
      this.log.textContent = '';
    } else {
      return;
    }
    e.preventDefault();
  }

  #press(name) {
    const p = this.#playground;
    if (!p) return;
    if (name === 'play') return this.#timer ? this.stop() : this.#play();
    this.stop();
    if (name === 'apply') return this.#apply();
    if (name === 'startover') return this.root.getRootNode().host.startOver();
    if (name === 'compare') return this.#playground.settings({ compare: this.comparison.hidden });
    p[name]();
  }

  #apply() {
    const result = this.#playground.apply(this.editor.value), words = wordsOf(this.#language);
    const said = result.errors?.length ? result.errors.map((e) => words.errorAt(e.line, e.message)).join('\n') : result.stderr;
    this.answer.replaceChildren(...sentence((result.stdout + said).trim()));
    this.answer.classList.toggle('bad', result.exit !== 0);
  }

  #play() {
    this.#timer = setInterval(() => { if (!this.#playground.step()) this.stop(); }, 600);
    this.setLanguage(this.#language);
  }

  stop() {
    if (!this.#timer) return;
    clearInterval(this.#timer);
    this.#timer = 0;
    this.setLanguage(this.#language);
  }
}
