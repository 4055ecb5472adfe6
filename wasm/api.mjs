// A playground without a page: the WebAssembly program and the API that docs, exercises and tests drive it with.
// ordinal.mjs puts it into a custom element; Node.js uses it as it is.
import createProgram from './program.mjs';

let compiled;  // one compiled module for all playgrounds of a page

/** The program's module; started early so that it compiles while the page is still being built. */
export function compile(url = new URL('./program.wasm', import.meta.url)) {
  compiled ??= WebAssembly.compileStreaming(fetch(url)).catch(async () => {
    // A server that does not know the type application/wasm.
    return WebAssembly.compile(await (await fetch(url)).arrayBuffer());
  });
  return compiled;
}

let latin;  // the canvas' fonts, once for all playgrounds of a page

/** The small Latin fonts below `base`. What cannot be fetched the browser's own fonts replace. */
function loadFonts(base) {
  latin ??= Promise.all(['inter-400', 'inter-600', 'mono-400'].map(async (name) => {
    const answer = await fetch(new URL(`${name}.ttf`, base)).catch(() => undefined);
    return answer?.ok ? [name, new Uint8Array(await answer.arrayBuffer())] : undefined;
  })).then((all) => Object.fromEntries(all.filter(Boolean)));
  return latin;
}

/**
 * A new playground. `options` reach the program: host (the element to draw in; none: no picture), language, dark, layout,
 * fonts (the folder of the canvas' fonts), firstFrame (called once), module (a compiled WebAssembly.Module, where there is
 * nothing to fetch).
 */
export async function createPlayground(options = {}) {
  const [module, fonts] = await Promise.all([options.module ?? compile(), options.host && options.fonts ? loadFonts(options.fonts) : {}]);
  let playground;
  const program = await createProgram({
    ...options,
    fonts,
    changed: () => playground?.changed(),
    instantiateWasm(imports, done) {
      WebAssembly.instantiate(module, imports).then((instance) => done(instance, module));
      return {};
    },
  });
  playground = new Playground(program);
  return playground;
}

/** The object that `<ordinal-playground>`'s promise `ready` gives. */
export class Playground {
  #program;
  #listeners = new Map();
  #seen;
  #told = false;

  constructor(program) {
    this.#program = program;
    this.#seen = this.#call('state');
  }

  // ---- what happens

  /** `kubectl apply -f -` of this YAML → {exit, stdout, stderr}; where it is refused, with `errors`: [{line, column, message}], what
   *  is wrong at which line (from 1; column 0: the whole line) and how to mend it. */
  apply(yaml) { return this.#act('apply', { yaml: String(yaml) }); }
  /** A kubectl command line; commands that only read answer as of the cursor → {exit, stdout, stderr}. `exit` is -1 where the
   *  command would still be waiting (`get --watch`) after half a minute of the cluster's time. */
  kubectl(line, input = '') { return this.#act('kubectl', { line: String(line), input: String(input) }); }
  /** A line of the console's shell: pipes, loops, variables, here-documents, `kubectl`, and the open manifests as files. It runs to
   *  its end, letting time pass → {exit, stdout, stderr, continues, reads}. `continues`: the line is the beginning of a command, and
   *  the next one goes on with it. `reads`: a program in a container (`kubectl exec -it web-0 -- sh`) takes the next line. */
  shell(line) { return this.#act('shell', { line: String(line) }); }
  /** Whole words for the last one of a line of the console. */
  complete(line) { return this.#call('complete', { line: String(line) }); }
  /** Ctrl+C for the program that reads; gives what it said. */
  interrupt() { return this.#act('interrupt'); }
  /** One request to the API server → {code, body}. */
  request({ method = 'GET', path, body, contentType, accept } = {}) {
    const text = body === undefined || typeof body === 'string' ? body ?? '' : JSON.stringify(body);
    return this.#act('request', { method, path: String(path), body: text, contentType: contentType ?? '', accept: accept ?? '' });
  }
  /** A fault, such as {type: 'nodeLost', node: 'node-1'}. Throws where it cannot be done. */
  fault(what) {
    const problem = this.#act('fault', what);
    if (problem) throw new Error(problem);
  }

  // ---- time

  /** One entry on; false where nothing is left to happen. */
  step() { return this.#act('step'); }
  /** One entry back; false at the beginning. */
  back() { return this.#act('back'); }
  /** On until nothing happens any more. */
  rest() { return this.#act('rest'); }
  seek(n) { this.#act('seek', { n: Number(n) || 0 }); }
  restart() { this.#act('restart'); }
  /** Lets this much of the cluster's time pass. */
  wait(milliseconds) { this.#act('wait', { milliseconds: Number(milliseconds) || 0 }); }

  /** How many entries lie before what is shown. */
  get cursor() { return this.#call('state').cursor; }
  get length() { return this.#call('state').length; }
  /** The cluster's clock at the cursor, as RFC 3339 text. */
  get time() { return this.#call('state').time; }
  get branch() { return this.#call('state').branch; }
  branches() { return this.#call('branches'); }
  switchTo(branch) { this.#act('switchTo', { branch: Number(branch) }); }

  // ---- what there is

  /** Entry n (from 0): {time, actor, verb, object, revision, why: {code, inputs, text}, …}; undefined where there is none. */
  entry(n) { return (Number.isSafeInteger(n) && n < 2 ** 31 && this.#call('entry', { n })) || undefined; }
  /** All entries as text, one JSON object a line. */
  journal() { return this.#call('journal'); }
  /** "Pod/default/web-0" as of the cursor, as plain JSON; undefined where it is not there. */
  object(name) { return this.#call('object', { name: String(name) }) ?? undefined; }
  /** What is true beside the API's objects, as of the cursor: facts('disk/') gives {'disk/pv-…': {files: {path: text}}, …}. */
  facts(prefix = '') { return this.#call('facts', { prefix: String(prefix) }); }
  /** The open manifests: [{name, text}]. */
  files() { return this.#call('files'); }
  /** The text of one of them; '' where it is not open. */
  file(name) { return this.#call('file', { name: String(name) }); }
  setFile(name, text) { this.#act('setFile', { name: String(name), text: String(text ?? '') }); }
  /** The sentence and the objects with their states, in the chosen language; while workloads are compared, `compare` too. */
  mirror() { return this.#call('mirror'); }

  // ---- the comparison of three workloads

  /** Does the same to the StatefulSet, the Deployment and the DaemonSet: 'delete' (a pod of each), 'node' (their machine falls
   *  silent), 'update' (a new image), each from where all was well; 'prepare' first makes those that are missing. */
  compare(what) { this.#act('compare', { what }); }

  // ---- exercises

  /** Begins an exercise (YAML, as in examples/exercises): {id, title, task, debrief, start, checks}; texts are {en, zh}. With
   *  `start`, the number that it gave then, an exercise in a loaded session goes on. */
  exercise(yaml, start) { return this.#act('exercise', start === undefined ? { yaml } : { yaml, start }); }
  /** Judges the session up to the cursor: [{id, passed, broken}]; broken is the first cursor at which what must always or never
   *  hold went wrong, 0 where it did not. */
  check() { return this.#call('check'); }

  // ---- keeping, showing

  /** A fresh cluster: {nodes, seed, version}. What was done before is gone. The version is of Kubernetes, where versions differ:
   *  '1.35.0', '1.35.4', '1.36' or '1.37' (the default). Throws where these cannot be. */
  begin(setup) { this.#act('begin', setup ?? {}); }
  /** The Kubernetes that is modelled. Setting it does what was done again on that version. */
  get version() { return this.#call('state').version; }
  set version(version) { this.#act('onVersion', { version: String(version) }); }
  /** The session as text: what was done, from which everything follows. */
  save() { return this.#call('save'); }
  /** Goes on with a saved session. Throws where the text is none. */
  load(text) {
    const problem = this.#act('load', { text: String(text) });
    if (problem) throw new Error(problem);
  }
  /** {language: 'en' | 'zh', dark, layout: 'full' | 'embed' | 'compare', compare: true | false, select: 'Pod/default/web-0', play}; what is left out stays. */
  settings(what) { this.#act('settings', what); }

  /** 'change' ({cursor, length, time, …}) and 'entry' (an entry as it is written). Gives a function that ends it. */
  on(event, listener) {
    if (event !== 'change' && event !== 'entry') throw new TypeError(`there is no event "${event}"; the events are change and entry`);
    if (typeof listener !== 'function') throw new TypeError('a listener is a function');
    if (!this.#listeners.has(event)) this.#listeners.set(event, new Set());
    this.#listeners.get(event).add(listener);
    return () => this.#listeners.get(event).delete(listener);
  }

  /** Called after everything that may have changed the session, by the canvas too. */
  changed() {
    if (this.#told) return;  // a listener that acts: the outer call reports it
    const before = this.#seen;
    const now = this.#call('state');
    this.#seen = now;
    if (Object.keys(now).every((k) => now[k] === before[k])) return;
    this.#told = true;
    try {
      if (this.#listeners.get('entry')?.size && now.branch === before.branch) {
        for (let n = before.length; n < now.length; n++) this.#tell('entry', { n, ...this.entry(n) });
      }
      this.#tell('change', now);
    } finally {
      this.#told = false;
    }
    if (this.#call('state').length !== now.length) this.changed();
  }

  #tell(event, value) {
    for (const listener of [...(this.#listeners.get(event) ?? [])]) {
      try {
        listener(value);
      } catch (error) {
        (globalThis.reportError ?? console.error)(error);  // Node.js has none
      }
    }
  }

  #act(method, args) {
    const answer = this.#call(method, args);
    this.changed();
    return answer;
  }

  #call(method, args = {}) {
    const p = this.#program;
    const place = (text) => {
      const size = p.lengthBytesUTF8(text) + 1;
      const at = p._malloc(size);
      p.stringToUTF8(text, at, size);
      return at;
    };
    const name = place(method), json = place(JSON.stringify(args));
    let answer;
    try {
      answer = p.UTF8ToString(p._ordinal_call(name, json));
    } finally {
      p._free(name);
      p._free(json);
    }
    const value = JSON.parse(answer);
    if (value?.error !== undefined && Object.keys(value).length === 1) throw new Error(value.error);
    return value;
  }
}
