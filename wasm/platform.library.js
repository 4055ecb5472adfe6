// The browser half of the platform layer, as an Emscripten JS library.
// Every listener sits on our own elements: nothing on window or document, so the host page keeps its keys, wheel and clipboard.
// No ?. and no ??: they crash the minifier of Emscripten 3.1.6.
mergeInto(LibraryManager.library, {
  $pf__deps: ['$GL', '$stringToNewUTF8', 'free'],
  $pf: {
    host: null, canvas: null, agent: null, context: 0, stop: null,
    raf: 0, timer: 0, last: 0, sized: false, visible: true, lost: false,
    focused: false, composing: false, ime: null, touch: null, fling: null, cursor: null,
    stats: null, mac: false, entering: false,

    // --- Frames: only when something asked for one ---

    request: () => {
      if (!pf.raf && pf.sized && pf.visible && !pf.lost) pf.raf = requestAnimationFrame(pf.frame);
    },
    frame: (now) => {
      pf.raf = 0;
      if (!pf.sized || pf.lost) return;
      clearTimeout(pf.timer);
      GL.makeContextCurrent(pf.context);
      if (pf.fling) pf.flingStep(now);
      const start = performance.now();
      const next = _pf_frame((now - pf.last) / 1000, 1);
      pf.stats.frames++;
      pf.stats.ms += performance.now() - start;
      pf.last = now;
      if (pf.stats.frames === 1 && Module['firstFrame']) Module['firstFrame']();
      pf.syncFocus();
      if (next === 0) pf.request();
      else if (next > 0) pf.timer = setTimeout(pf.request, next * 1000);
    },
    // Setting a canvas size clears it, so the picture is drawn in the same task, before the browser paints.
    resize: (w, h, deviceW, deviceH) => {
      if (!w || !h) return;
      pf.canvas.width = deviceW;
      pf.canvas.height = deviceH;
      pf.sized = true;
      _pf_resize(w, h, deviceW, deviceH);
      if (pf.raf) cancelAnimationFrame(pf.raf);
      pf.frame(performance.now());
    },
    // The exact device pixels of the box: rounding CSS size x devicePixelRatio can be one off, and one off is blurred.
    // Without the exact size, or where an emulated ratio is left out of it, rounding must do.
    devicePixels: (exact, css) => (exact > css * devicePixelRatio - 1.5 ? exact : Math.round(css * devicePixelRatio)),
    watchSize: () => {
      const observer = new ResizeObserver((entries) => {
        const entry = entries[entries.length - 1];
        const css = entry.contentRect;
        const box = entry.devicePixelContentBoxSize ? entry.devicePixelContentBoxSize[0] : { inlineSize: 0, blockSize: 0 };
        pf.resize(css.width, css.height, pf.devicePixels(box.inlineSize, css.width), pf.devicePixels(box.blockSize, css.height));
      });
      try {
        observer.observe(pf.canvas, { box: 'device-pixel-content-box' });
      } catch (notSupported) {
        observer.observe(pf.canvas);
      }
      // A new ratio with the same CSS size, where the observer does not report it.
      const watchRatio = () => pf.on(matchMedia('(resolution: ' + devicePixelRatio + 'dppx)'), 'change', () => {
        const w = pf.canvas.clientWidth, h = pf.canvas.clientHeight;
        if (Math.abs(pf.canvas.width - w * devicePixelRatio) > 2) pf.resize(w, h, pf.devicePixels(0, w), pf.devicePixels(0, h));
        watchRatio();
      }, { once: true });
      watchRatio();
      const onScreen = new IntersectionObserver((entries) => {
        pf.visible = entries[entries.length - 1].isIntersecting;
        pf.request();
      });
      onScreen.observe(pf.canvas);
      pf.stop.signal.addEventListener('abort', () => { observer.disconnect(); onScreen.disconnect(); });
    },

    // --- Focus: canvas for keys, text agent while ImGui wants text ---

    active: () => pf.host.getRootNode().activeElement,
    syncFocus: () => {
      if (!pf.focused || pf.composing) return;
      const target = pf.ime.wanted ? pf.agent : pf.canvas;
      if (pf.active() !== target) target.focus({ preventScroll: true });
    },
    enter: () => {
      if (pf.composing) pf.agent.blur();  // a click elsewhere ends the composition
      pf.entering = true;  // browsers show the focus of what is focused before the first click, too
      if (!pf.focused) pf.canvas.focus({ preventScroll: true });
      pf.entering = false;
    },
    setFocused: (on, byKeyboard) => {
      if (pf.focused === on) return;
      pf.focused = on;
      // Until it is entered, one finger scrolls the page over the canvas; afterwards the canvas pans itself.
      pf.canvas.style.touchAction = on ? 'pinch-zoom' : 'pan-x pan-y pinch-zoom';
      _pf_focus(on ? 1 : 0, byKeyboard ? 1 : 0);
    },

    // --- Text agent: a text area at the caret, so that input methods and phone keyboards work ---

    // A zero-width space stands before the caret: phone keyboards send no backspace in an empty field.
    guard: '\u200b',
    makeAgent: () => {
      const agent = document.createElement('textarea');
      for (const name of ['autocomplete', 'autocorrect', 'autocapitalize', 'spellcheck']) agent.setAttribute(name, name === 'spellcheck' ? 'false' : 'off');
      agent.tabIndex = -1;
      agent.rows = 1;
      agent.wrap = 'off';
      agent.setAttribute('aria-label', pf.host.getAttribute('aria-label') || 'text');
      Object.assign(agent.style, {
        position: 'absolute', left: 0, top: 0, width: '1px', padding: 0, border: 0, margin: 0, outline: 'none', resize: 'none', overflow: 'hidden',
        whiteSpace: 'pre', fontFamily: '"JetBrains Mono", monospace', opacity: 0, pointerEvents: 'none', background: 'var(--panel, Canvas)', color: 'var(--ink, CanvasText)',
      });
      return agent;
    },
    resetAgent: () => {
      pf.agent.value = pf.guard;
      pf.agent.setSelectionRange(1, 1);
    },
    showAgent: (on) => {
      pf.agent.style.opacity = on ? 1 : 0;
      pf.agent.style.width = '1px';
      if (on) pf.agent.style.width = pf.agent.scrollWidth + 'px';
    },
    // Whatever the browser put into the text area is the typed text, whichever events came in whichever order.
    flush: () => {
      const typed = pf.agent.value.replace(pf.guard, '');
      pf.resetAgent();
      if (typed) pf.withText(typed, _pf_text);
    },
    withText: (text, call, more) => {
      const at = stringToNewUTF8(text);
      const result = call(at, more);
      _free(at);
      return result;
    },
    watchText: () => {
      const agent = pf.agent;
      pf.on(agent, 'focus', () => {
        pf.canvas.tabIndex = -1;  // or Shift+Tab would go from the agent to its own canvas
        pf.resetAgent();
      });
      pf.on(agent, 'blur', () => { pf.canvas.tabIndex = 0; });
      pf.on(agent, 'compositionstart', () => { pf.composing = true; pf.showAgent(true); });
      pf.on(agent, 'compositionupdate', () => pf.showAgent(true));
      pf.on(agent, 'compositionend', () => { pf.composing = false; pf.showAgent(false); pf.flush(); });
      pf.on(agent, 'input', () => { if (pf.composing) pf.showAgent(true); else pf.flush(); });
      // Edits without a usable keydown (phone keyboards, the edit menu). A keydown that we took was prevented and gets here no more.
      pf.on(agent, 'beforeinput', (e) => {
        const edit = {
          deleteContentBackward: ['Backspace', 0], deleteContentForward: ['Delete', 0], deleteWordBackward: ['Backspace', 1], deleteWordForward: ['Delete', 1],
          insertLineBreak: ['Enter', 0], insertParagraph: ['Enter', 0], historyUndo: ['z', 1], historyRedo: ['y', 1],
        }[e.inputType];
        if (!edit || e.isComposing || pf.composing) return;
        e.preventDefault();
        pf.withText(edit[0], _pf_press, edit[1]);
      });
    },

    // --- Keys ---

    mods: (e) => _pf_mods(e.ctrlKey, e.shiftKey, e.altKey, e.metaKey),
    // The letter on a Latin layout, so that Ctrl+Z works on a Cyrillic or Greek one.
    keyName: (e) => {
      const physical = /^Key([A-Z])$/.exec(e.code);
      return e.key.length === 1 && e.key > '\u007f' && physical ? physical[1] : e.key;
    },
    keyDown: (e) => {
      if (e.isComposing || e.keyCode === 229) return;  // belongs to the input method; Safari's Enter that ends a composition too
      pf.mods(e);
      const key = pf.keyName(e);
      if (key === 'Tab') {
        if (!e.ctrlKey && !e.altKey && !e.metaKey && _pf_tab(e.shiftKey ? 1 : 0)) e.preventDefault();  // at the last object it leaves
        return;
      }
      if (key === 'Escape') {
        if (_pf_escape()) e.preventDefault();
        else pf.active().blur();
        return;
      }
      const command = (e.ctrlKey && !e.altKey) || e.metaKey;  // Ctrl with Alt is AltGr: it types letters
      // A terminal's own keys; where Ctrl+C copies it comes as a copy event below, and interrupts where nothing is selected.
      if (pf.ime.wanted === 2 && e.ctrlKey && !e.altKey && !e.metaKey && (pf.mac ? /^[clr]$/i : /^[lr]$/i).test(key)) {
        e.preventDefault();
        return pf.withText(key, _pf_press, 1);
      }
      const clipboard = command ? /^([cxv]|Insert)$/i.test(key) : e.shiftKey && /^(Insert|Delete)$/.test(key);
      if (clipboard) {  // ImGui hears of it in the copy, cut or paste event, when the right text is at hand
        if (pf.active() === pf.agent) pf.agent.select();  // some browsers send copy only with a selection
        return;
      }
      if (e.shiftKey && key === 'F10') {  // the menu key of keyboards that have none
        e.preventDefault();
        return pf.withText('ContextMenu', _pf_press, 0);
      }
      const edits = /^(Arrow.*|Home|End|PageUp|PageDown|Backspace|Delete|Enter)$/.test(key);
      if (command) {
        if (!pf.ime.wanted || !(edits || /^[azy]$/i.test(key))) return;  // reload, find, zoom and the rest stay the browser's
        e.preventDefault();
        pf.withText(key, _pf_press, 0);  // macOS sends no keyup while Command is held
        return;
      }
      if (e.altKey && !edits) return;
      if (pf.ime.wanted ? edits : edits || key === ' ' || key === 'ContextMenu') e.preventDefault();
      if (pf.ime.wanted && !edits) return;  // it comes as text, which takes no frame of its own as keys do
      if (!e.repeat) pf.withText(key, _pf_key, 1);  // ImGui repeats a held key itself
    },
    keyUp: (e) => {
      pf.mods(e);
      pf.withText(pf.keyName(e), _pf_key, 0);
    },

    // --- Pointer, wheel, touch ---

    at: (e) => {
      const r = pf.canvas.getBoundingClientRect();
      return { x: (e.clientX - r.left) * pf.canvas.clientWidth / r.width, y: (e.clientY - r.top) * pf.canvas.clientHeight / r.height };
    },
    watchPointer: () => {
      const canvas = pf.canvas;
      pf.on(canvas, 'mousedown', (e) => e.preventDefault());  // its default would take the focus from the text agent
      pf.on(canvas, 'contextmenu', (e) => e.preventDefault());
      pf.on(canvas, 'pointerdown', (e) => {
        pf.fling = null;
        if (e.pointerType === 'touch') return pf.touchDown(e);
        canvas.setPointerCapture(e.pointerId);
        pf.enter();
        pf.pointer(e);
        _pf_drain();  // the place first: what may lie under another thing is hovered before it can be pressed
        _pf_button(e.button, 1);
        _pf_drain();  // now: what is typed next must find the text area
        pf.syncFocus();
      });
      pf.on(canvas, 'pointermove', (e) => (e.pointerType === 'touch' ? pf.touchMove(e) : pf.pointer(e)));
      pf.on(canvas, 'pointerup', (e) => {
        if (e.pointerType === 'touch') return pf.touchUp(e);
        pf.pointer(e);
        _pf_button(e.button, 0);
        _pf_drain();
        pf.syncFocus();
      });
      pf.on(canvas, 'pointercancel', pf.touchCancel);
      pf.on(canvas, 'pointerleave', (e) => { if (e.pointerType !== 'touch') _pf_pointer_gone(); });
      pf.on(canvas, 'wheel', (e) => {
        if (!pf.focused || e.ctrlKey) return;  // the page scrolls until the canvas is entered; Ctrl+wheel is zoom
        const unit = e.deltaMode === 1 ? 33 : e.deltaMode === 2 ? canvas.clientHeight : 1;
        const swap = e.shiftKey && !e.deltaX;
        const p = pf.at(e);
        if (_pf_wheel(p.x, p.y, (swap ? e.deltaY : e.deltaX) * unit, (swap ? 0 : e.deltaY) * unit)) e.preventDefault();
      }, { passive: false });
    },
    pointer: (e) => {
      const p = pf.at(e);
      pf.mods(e);
      _pf_pointer(p.x, p.y, e.pointerType === 'touch' ? 1 : 0);
    },
    // One finger: a tap is a click, a quick drag pans, a drag after a short hold is a mouse drag (select text, move a slider).
    touchDown: (e) => {
      if (pf.touch) return;  // the second finger is the browser's pinch
      const p = pf.at(e);
      const touch = pf.touch = { id: e.pointerId, x: p.x, y: p.y, atX: p.x, atY: p.y, time: e.timeStamp, vx: 0, vy: 0, mode: 'tap', hold: 0 };
      pf.pointer(e);
      touch.hold = setTimeout(() => {
        touch.mode = 'drag';
        pf.enter();
        _pf_drain();
        _pf_button(0, 1);
      }, 400);
    },
    touchMove: (e) => {
      const touch = pf.touch;
      if (!touch || touch.id !== e.pointerId) return;
      const p = pf.at(e);
      if (touch.mode === 'drag') return pf.pointer(e);
      if (touch.mode === 'tap' && Math.hypot(p.x - touch.x, p.y - touch.y) < 8) return;
      clearTimeout(touch.hold);
      touch.mode = 'pan';
      if (!pf.focused) return;  // not entered yet: the browser is about to scroll the page and cancel this pointer
      const dx = touch.atX - p.x, dy = touch.atY - p.y, dt = Math.max(1, e.timeStamp - touch.time);
      Object.assign(touch, { atX: p.x, atY: p.y, time: e.timeStamp, vx: dx / dt, vy: dy / dt });
      // At the end of the list the page moves on, or a canvas as tall as the screen would be a trap.
      if (!_pf_pan(touch.x, touch.y, dx, dy)) window.scrollBy(dx, dy);
    },
    touchUp: (e) => {
      const touch = pf.touch;
      if (!touch || touch.id !== e.pointerId) return;
      clearTimeout(touch.hold);
      pf.touch = null;
      if (touch.mode === 'pan') {
        if (e.timeStamp - touch.time < 50) pf.fling = { x: touch.x, y: touch.y, vx: touch.vx, vy: touch.vy, time: performance.now() };
      } else {
        if (touch.mode === 'tap') {
          pf.enter();
          pf.pointer(e);
          _pf_drain();
          _pf_button(0, 1);
        }
        _pf_button(0, 0);
        _pf_drain();      // now, inside the gesture: only then may the keyboard open
        pf.syncFocus();
      }
      _pf_pointer_gone();  // no hover is left behind
    },
    touchCancel: (e) => {
      if (!pf.touch || pf.touch.id !== e.pointerId) return;
      clearTimeout(pf.touch.hold);
      if (pf.touch.mode === 'drag') _pf_button(0, 0);
      pf.touch = null;
      _pf_pointer_gone();
    },
    flingStep: (now) => {
      const f = pf.fling, dt = Math.max(0, now - f.time), slow = Math.exp(-dt / 325);
      f.time = now;
      f.vx *= slow;
      f.vy *= slow;
      if (Math.hypot(f.vx, f.vy) < 0.02 || !_pf_pan(f.x, f.y, f.vx * dt, f.vy * dt)) pf.fling = null;
    },

    // --- Clipboard: in the DOM event, where the browser gives and takes the text without a permission ---

    watchClipboard: () => {
      for (const element of [pf.canvas, pf.agent]) {
        for (const type of ['copy', 'cut']) pf.on(element, type, (e) => {
          const text = UTF8ToString(_pf_copy(type === 'cut' ? 1 : 0));
          if (!text) return;
          e.clipboardData.setData('text/plain', text);
          e.preventDefault();
        });
        pf.on(element, 'paste', (e) => {
          e.preventDefault();
          pf.withText(e.clipboardData.getData('text/plain'), _pf_paste);
        });
      }
    },

    // The ImGui renderer saves and restores GL state around every frame, and each question waits for the GPU process: 20 ms a frame with a
    // software GPU. Nobody else draws here, so the first answer, the state of a new context, is also the state after every restore.
    rememberState: (gl) => {
      const ask = gl.getParameter.bind(gl), known = new Map();
      gl.getParameter = (name) => {
        if (!known.has(name)) known.set(name, ask(name));
        return known.get(name);
      };
    },

    // --- WebGL context loss: the text lives in C++, only the picture is gone ---

    watchContext: () => {
      pf.on(pf.canvas, 'webglcontextlost', (e) => {
        e.preventDefault();  // without this there is no restore
        pf.lost = true;
        pf.host.dataset.state = 'lost';
      });
      pf.on(pf.canvas, 'webglcontextrestored', () => {
        pf.lost = false;
        pf.host.dataset.state = 'ready';
        GL.makeContextCurrent(pf.context);
        // Forget the dead objects, or deleting them warns that they do not belong to the context.
        for (const table of [GL.buffers, GL.programs, GL.shaders, GL.textures, GL.vaos]) table.fill(null);
        _pf_restored();
      });
    },

    on: (target, type, handler, options) => target.addEventListener(type, handler, Object.assign({ signal: pf.stop.signal }, options)),
    destroy: () => {
      pf.lost = true;
      pf.stop.abort();
      cancelAnimationFrame(pf.raf);
      clearTimeout(pf.timer);
      const lose = GL.getContext(pf.context).GLctx.getExtension('WEBGL_lose_context');
      if (lose) lose.loseContext();  // browsers allow only some 16 live contexts
      pf.canvas.remove();
      pf.agent.remove();
    },
  },

  pf_js_start__deps: ['$pf'],
  pf_js_start: function() {
    pf.host = Module['host'];
    if (!pf.host) return -1;  // called without a page
    pf.stop = new AbortController();
    pf.ime = { wanted: 0 };
    pf.stats = { frames: 0, ms: 0 };
    pf.canvas = document.createElement('canvas');
    pf.context = GL.createContext(pf.canvas, { majorVersion: 2, minorVersion: 0, alpha: false, antialias: false, depth: false, stencil: false, premultipliedAlpha: true, preserveDrawingBuffer: false, powerPreference: 'low-power' });
    if (!pf.context) {
      pf.host.dataset.state = 'unsupported';  // for the page's text view; no listener is set and no frame is drawn
      return -1;
    }
    GL.makeContextCurrent(pf.context);
    pf.rememberState(GL.getContext(pf.context).GLctx);
    pf.canvas.tabIndex = 0;
    pf.canvas.setAttribute('role', 'application');
    pf.canvas.setAttribute('aria-label', pf.host.getAttribute('aria-label') || '');
    Object.assign(pf.canvas.style, { display: 'block', width: '100%', height: '100%', outline: 'none', touchAction: 'pan-x pan-y pinch-zoom' });
    pf.agent = pf.makeAgent();
    pf.host.append(pf.canvas, pf.agent);
    pf.host.dataset.state = 'ready';
    pf.on(pf.host, 'focusin', (e) => { if (e.target === pf.canvas || e.target === pf.agent) pf.setFocused(true, !pf.entering && e.target.matches(':focus-visible')); });
    pf.on(pf.host, 'focusout', (e) => { if (e.relatedTarget !== pf.canvas && e.relatedTarget !== pf.agent) pf.setFocused(false, false); });
    for (const element of [pf.canvas, pf.agent]) {
      pf.on(element, 'keydown', pf.keyDown);
      pf.on(element, 'keyup', pf.keyUp);
    }
    pf.watchText();
    pf.watchPointer();
    pf.watchClipboard();
    pf.watchContext();
    pf.watchSize();
    Module['stats'] = pf.stats;
    Module['destroy'] = pf.destroy;
    Module['canvas'] = pf.canvas;
    // Drawn and read in one task: no preserveDrawingBuffer needed.
    Module['picture'] = () => { pf.frame(performance.now()); return pf.canvas.toDataURL(); };
    pf.mac = /^(Mac|iP)/.test(navigator.platform);
    const prefers = (query, bit) => (matchMedia(query).matches ? bit : 0);
    const language = Module['language'] || document.documentElement.lang || navigator.language;
    const dark = Module['dark'] === undefined ? prefers('(prefers-color-scheme: dark)', 4) : Module['dark'] ? 4 : 0;
    return (pf.mac ? 1 : 0) | prefers('(prefers-reduced-motion: reduce)', 2) | dark |
           (/^zh/i.test(language) ? 8 : 0) | prefers('(pointer: coarse)', 16);
  },
  // A font that the page's module fetched: Module.fonts = { name: Uint8Array }.
  pf_js_font__deps: ['$pf', 'malloc'],
  pf_js_font: function(name, size) {
    const fonts = Module['fonts'], bytes = fonts && fonts[UTF8ToString(name)];
    if (!bytes) return 0;
    const at = _malloc(bytes.length);
    HEAPU8.set(bytes, at);
    HEAP32[size >> 2] = bytes.length;
    return at;
  },
  pf_js_open: function(url) { window.open(UTF8ToString(url), '_blank', 'noopener'); },
  pf_js_tell__deps: ['$pf'],
  pf_js_tell: function(event, detail) {
    if (Module['onTell']) Module['onTell'](UTF8ToString(event), UTF8ToString(detail));
  },
  pf_js_request__deps: ['$pf'],
  pf_js_request: function() { pf.request(); },
  pf_js_ime__deps: ['$pf'],
  pf_js_ime: function(wanted, x, y, height) {
    pf.ime.wanted = wanted;
    if (!wanted) return;
    const style = pf.agent.style;
    style.left = x + 'px';
    style.top = y + 'px';
    style.height = style.lineHeight = height + 'px';
    style.fontSize = Math.max(16, height * 0.82) + 'px';  // below 16 px iOS zooms the page on focus
  },
  pf_js_cursor__deps: ['$pf'],
  pf_js_cursor: function(cursor) {
    if (pf.cursor === cursor) return;
    pf.cursor = cursor;
    pf.canvas.style.cursor = ['default', 'text', 'move', 'ns-resize', 'ew-resize', 'nesw-resize', 'nwse-resize', 'pointer', 'wait', 'progress', 'not-allowed'][cursor] || 'none';
  },
  pf_js_copy: function(text) {
    if (navigator.clipboard) navigator.clipboard.writeText(UTF8ToString(text)).catch(() => {});
  },

  // One small 2D canvas for all instances' glyphs would need a shared module; one per instance costs some kilobytes.
  $pfGlyph: { context: null, font: '' },
  pf_js_measure_glyph__deps: ['$pfGlyph'],
  pf_js_measure_glyph: function(codepoint, px, box, advance) {
    if (!pfGlyph.context) pfGlyph.context = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    const g = pfGlyph.context;
    g.font = px + 'px "Noto Sans CJK SC", "Noto Sans SC", "PingFang SC", "Microsoft YaHei", sans-serif';
    const m = g.measureText(String.fromCodePoint(codepoint));
    HEAPF64[advance >> 3] = m.width;
    HEAP32.set([Math.floor(-m.actualBoundingBoxLeft), Math.floor(-m.actualBoundingBoxAscent), Math.ceil(m.actualBoundingBoxRight), Math.ceil(m.actualBoundingBoxDescent)], box >> 2);
  },
  pf_js_draw_glyph__deps: ['$pfGlyph'],
  pf_js_draw_glyph: function(codepoint, px, x, y, w, h, out) {
    const g = pfGlyph.context, c = g.canvas;
    if (c.width < w || c.height < h) { c.width = Math.max(c.width, w); c.height = Math.max(c.height, h); }
    g.clearRect(0, 0, w, h);
    g.font = px + 'px "Noto Sans CJK SC", "Noto Sans SC", "PingFang SC", "Microsoft YaHei", sans-serif';  // again: a new canvas size resets it
    g.fillStyle = '#fff';
    g.fillText(String.fromCodePoint(codepoint), -x, -y);
    const rgba = g.getImageData(0, 0, w, h).data;
    for (let i = 0; i < w * h; i++) HEAPU8[out + i] = rgba[i * 4 + 3];
  },
});
