// <ordinal-playground>: a Kubernetes cluster in a page.
//
//   <script type="module" src="…/ordinal/ordinal.mjs"></script>
//   <ordinal-playground layout="embed" apply>
//     <script type="application/yaml" data-name="web.yaml">…</script>
//   </ordinal-playground>
//
// Attributes: layout ("full", "embed", "compare"; chosen by size without it), language ("en", "zh"; the page's without it), theme ("light",
// "dark"; the system's without it), apply (the manifests inside are applied at the start), keep (the name under which the
// session is kept in this browser; "no" keeps nothing), nodes (how many, 3 without it). The promise `ready` gives the API (api.mjs);
// far down a page it resolves when the playground comes near the screen, or when start() is called.
import { compile, createPlayground } from './api.mjs';
import { Mirror } from './mirror.mjs';
import { languageOf, wordsOf } from './words.mjs';
import style from './style.mjs';

const sheet = new CSSStyleSheet();
sheet.replaceSync(style);
const prefersDark = matchMedia('(prefers-color-scheme: dark)');

export class OrdinalPlayground extends HTMLElement {
  static observedAttributes = ['language', 'theme', 'layout'];

  #start;
  #started = false;
  #playground;
  #mirror;
  #saving = 0;
  #pause = 400;
  #shared = '';  // which session of a link this is
  #noted;  // how long the journal was when a note came up: what happens next takes it away
  #stop;

  constructor() {
    super();
    this.ready = new Promise((resolve, reject) => { this.#start = { resolve, reject }; });
    this.ready.catch(() => {});
    const shadow = this.attachShadow({ mode: 'open' });
    shadow.adoptedStyleSheets = [sheet];
    this.stage = document.createElement('div');
    this.stage.className = 'stage';
    this.message = document.createElement('p');
    this.message.className = 'message';
    shadow.append(this.stage, this.message);
  }

  connectedCallback() {
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    prefersDark.addEventListener('change', () => this.#show(), { signal });
    addEventListener('pagehide', () => this.#save(), { signal });
    document.addEventListener('visibilitychange', () => { if (document.hidden) this.#save(); }, { signal });
    if (this.#started) return;
    this.#mirror = new Mirror(this.language);
    this.shadowRoot.append(this.#mirror.root);
    this.#show();
    this.message.textContent = wordsOf(this.language).loading;
    // Far down a page a playground begins when it comes near the screen: each has a heap and a WebGL context of its own.
    const near = new IntersectionObserver((seen) => {
      if (!seen.some((s) => s.isIntersecting)) return;
      near.disconnect();
      this.#begin();
    }, { rootMargin: '400px' });
    near.observe(this);
    signal.addEventListener('abort', () => near.disconnect());
  }

  disconnectedCallback() {
    this.#save();
    this.#mirror?.stop();
    this.#stop?.abort();
  }

  attributeChangedCallback() { this.#show(); }

  get language() { return languageOf(this.getAttribute('language') ?? this.closest('[lang]')?.lang ?? navigator.language); }
  set language(value) { this.setAttribute('language', value); }
  get dark() {
    const theme = this.getAttribute('theme') ?? document.documentElement.dataset.theme;
    return theme ? theme === 'dark' : prefersDark.matches;
  }
  /** The API, once `ready` has resolved. */
  get playground() { return this.#playground; }

  get #key() {
    const name = this.getAttribute('keep');
    if (name === 'no') return null;
    const own = name ? `ordinal:${name}` : `ordinal:${location.pathname}#${this.id || [...document.querySelectorAll('ordinal-playground')].indexOf(this)}`;
    return this.#shared ? `${own}?${this.#shared}` : own;
  }

  /** Begins now, also where it stands far from the screen; gives `ready`. */
  start() {
    this.#begin();
    return this.ready;
  }

  async #begin() {
    if (this.#started || !this.isConnected) return;
    this.#started = true;
    try {
      const drawn = new Promise((resolve) => { this.drawn = resolve; });
      const playground = await createPlayground({
        host: this.#hasWebGL() ? this.stage : undefined,
        language: this.language,
        dark: this.dark,
        layout: this.getAttribute('layout') ?? '',
        fonts: new URL('./fonts/', import.meta.url).href,
        firstFrame: () => this.drawn(performance.now()),
        onTell: (event, detail) => this.#told(event, detail),
      });
      this.#playground = playground;
      if (!(await this.#openShared(playground)) && !this.#restore(playground)) this.#fill(playground);
      this.#noted = playground.length;
      playground.on('change', (now) => this.#changed(now));
      // A link that is pasted over this page's address opens here.
      addEventListener('hashchange', () => { this.#save(); this.#openShared(playground); }, { signal: this.#stop.signal });
      this.#mirror.connect(playground);
      this.#show();
      if (this.dataset.state === 'unsupported') this.message.textContent = wordsOf(this.language).unsupported;
      else if (!this.message.classList.contains('note')) this.message.textContent = '';
      this.dataset.state ||= 'ready';
      drawn.then((at) => { this.dataset.firstFrame = Math.round(at); });
      this.#start.resolve(playground);
    } catch (error) {
      this.dataset.state = 'failed';
      this.message.textContent = `${wordsOf(this.language).failed} ${error.message}`;
      this.#start.reject(error);
      throw error;
    }
  }

  #hasWebGL() {
    const probe = document.createElement('canvas').getContext('webgl2');
    probe?.getExtension('WEBGL_lose_context')?.loseContext();
    if (!probe) this.dataset.state = 'unsupported';
    return Boolean(probe);
  }

  /** The manifests that the page gives, and what is to be done with them at the start. */
  #fill(playground) {
    const nodes = Number(this.getAttribute('nodes') || undefined);
    if (Number.isInteger(nodes)) playground.begin({ nodes: Math.min(Math.max(nodes, 0), 1000) });
    const files = [...this.querySelectorAll('script[type="application/yaml"]')];
    files.forEach((file, i) => playground.setFile(file.dataset.name ?? `manifest-${i + 1}.yaml`, file.textContent.trim() + '\n'));
    if (this.hasAttribute('apply')) for (const file of playground.files()) this.#apply(playground, file);
    if (this.getAttribute('layout') !== 'compare') return;
    playground.compare('prepare');
    playground.compare('delete');
  }

  /** Who wrote the page has to hear of a manifest that is refused. */
  #apply(playground, { name, text }) {
    const { exit, stderr, errors = [] } = playground.apply(text), words = wordsOf(this.language);
    if (!exit) return;
    const said = `${name}: ${errors.map((e) => words.errorAt(e.line, e.message)).join('; ') || stderr}`;
    console.error(`<ordinal-playground>: ${said}`);
    this.#note(said);
  }

  #note(text) {
    this.#noted = this.#playground.length;
    this.message.classList.add('note');
    this.message.textContent = text;
  }

  #unnote() {
    this.message.classList.remove('note');
    this.message.textContent = '';
  }

  // ---- what the canvas' buttons ask of the page; a listener that prevents the event does it otherwise

  #told(event, detail) {
    if (event === 'console') this.#mirror.heard(detail);
    if (!this.dispatchEvent(new CustomEvent(event, { detail, cancelable: true }))) return;
    if (event === 'share') this.#share();
    if (event === 'startover') setTimeout(() => { if (confirm(wordsOf(this.language).sure)) this.startOver(); });  // not inside a frame
    if (event === 'open') this.link(new URL(`../${this.language === 'zh' ? 'zh/' : ''}play/`, import.meta.url)).then((url) => open(url, '_blank', 'noopener'));
  }

  /** An address that opens this session at this step: nothing is stored anywhere, it is all in the address. */
  async link(base = location.href) {
    const text = JSON.stringify({ session: this.#playground.save(), cursor: this.#playground.cursor });
    const packed = new Response(new Blob([text]).stream().pipeThrough(new CompressionStream('deflate-raw')));
    const bytes = new Uint8Array(await packed.arrayBuffer());
    let binary = '';
    for (const byte of bytes) binary += String.fromCharCode(byte);
    const url = new URL(base);
    url.hash = `session=${btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')}`;
    return url.href;
  }

  async #share() {
    const words = wordsOf(this.language), url = await this.link();
    const said = await navigator.clipboard.writeText(url).then(() => words.copied, () => { history.replaceState(history.state, '', url); return words.inAddress; });
    this.#note(said);
    setTimeout(() => this.#unnote(), 2500);
  }

  /** A session that came in the page's address, for the first playground of the page. What is done with it is kept apart from the
   *  reader's own session, and goes on where the same link is opened again; `anew` begins with what the link holds. */
  async #openShared(playground, anew = false) {
    const at = location.hash.indexOf('session='), packed = at < 0 ? history.state?.ordinal : location.hash.slice(at + 8);
    if (!packed || document.querySelector('ordinal-playground') !== this) return false;
    try {
      const binary = atob(packed.replaceAll('-', '+').replaceAll('_', '/'));
      const bytes = Uint8Array.from(binary, (c) => c.charCodeAt(0));
      const text = await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'))).text();
      const shared = JSON.parse(text);
      playground.load(shared.session);
      playground.seek(shared.cursor);
    } catch {
      this.#note(wordsOf(this.language).cutShort);
      return false;
    }
    this.#shared = [...packed].reduce((sum, c) => (sum * 31 + c.charCodeAt(0)) >>> 0, 0).toString(36);
    if (!anew) this.#restore(playground);
    history.replaceState({ ordinal: packed }, '', location.pathname + location.search);
    return true;
  }

  // ---- the session survives a reload

  #restore(playground) {
    if (!this.#key) return false;
    try {
      const kept = JSON.parse(localStorage.getItem(this.#key));
      if (!kept || kept.page !== this.#page()) return false;
      playground.load(kept.session);
      playground.seek(kept.cursor);
      return true;
    } catch {
      return false;  // of an older version, or storage is forbidden here
    }
  }

  /** What the page gave to start with; when its author changes that, the old session is not restored. */
  #page() { return [...this.querySelectorAll('script[type="application/yaml"]')].map((f) => f.textContent).join('\n---\n'); }

  #save() {
    clearTimeout(this.#saving);
    this.#saving = 0;
    const start = performance.now();
    const p = this.#playground, key = this.#key;
    if (!p || !key || this.dataset.state === 'failed') return;
    try {
      if (this.#shared) this.#forgetLinks(key);
      localStorage.setItem(key, JSON.stringify({ page: this.#page(), session: p.save(), cursor: p.cursor }));
    } catch {
      // No storage, or it is full: the session then lasts as long as the page.
    }
    this.#pause = Math.min(30000, 400 + 20 * (performance.now() - start));  // what takes long is not done all the time
  }

  /** Of the sessions that came by links a few are kept. */
  #forgetLinks(key) {
    const others = Object.keys(localStorage).filter((k) => k.startsWith(key.replace(/\?[^?]*$/, '?')) && k !== key);
    for (const k of others.slice(7)) localStorage.removeItem(k);
  }

  /** Forgets what was done and begins again as the page was made, or as its link says. */
  startOver() {
    if (this.#shared) return this.#openShared(this.#playground, true);
    this.#playground.begin();
    this.#fill(this.#playground);
  }

  #changed(now) {
    if (this.message.classList.contains('note') && now.length !== this.#noted) this.#unnote();
    if (!this.#saving) this.#saving = setTimeout(() => this.#save(), this.#pause);
    if (now.language !== this.language) this.setAttribute('language', now.language);
    if (now.dark !== this.dark) this.setAttribute('theme', now.dark ? 'dark' : 'light');
    this.dispatchEvent(new CustomEvent('change', { detail: now }));
  }

  #show() {
    const { language, dark } = this;
    this.dataset.theme = dark ? 'dark' : 'light';
    this.stage.lang = language === 'zh' ? 'zh-CN' : 'en';
    this.stage.querySelector('canvas')?.setAttribute('aria-label', wordsOf(language).canvas);
    this.#mirror?.setLanguage(language);
    this.#playground?.settings({ language, dark, layout: this.getAttribute('layout') ?? '' });
  }
}

compile();
customElements.define('ordinal-playground', OrdinalPlayground);
