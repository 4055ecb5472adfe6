// The element's own style, as a module: it is there before the first frame and needs no inline style (the page's
// Content-Security-Policy may forbid those).
export default `
:host {
  --bg: #FAFAF7; --panel: #FFFFFF; --line: #E4E4DE; --line2: #BDBEB8; --ink: #1B1F24; --ink2: #4A525E; --now: #4A43D6; --onNow: #FFFFFF;
  --bad: #B3123F; --sunk: #F3F3EF;
  display: block; position: relative; overflow: hidden; min-height: 320px; contain: content;
  background: var(--bg); color: var(--ink); font: 14px/22px Inter, system-ui, "Noto Sans SC", sans-serif;
}
:host([data-theme="dark"]) {
  --bg: #0E1115; --panel: #14181D; --line: #282F38; --line2: #4A535F; --ink: #E9EBEE; --ink2: #B1B9C4; --now: #A39DFF; --onNow: #12112B;
  --bad: #F5836A; --sunk: #1A1F26; color-scheme: dark;
}
:host([hidden]) { display: none; }
.stage { position: absolute; inset: 0; }
.stage canvas { display: block; width: 100%; height: 100%; }
.message { position: absolute; z-index: 1; inset: auto 0 50% 0; margin: 0; padding: 0 24px; text-align: center; color: var(--ink2); pointer-events: none; }
.message:empty { display: none; }
.message.note { inset: 56px 16px auto auto; max-width: min(480px, calc(100% - 64px)); text-align: left; overflow-wrap: anywhere; padding: 6px 14px; border: 1px solid var(--line2); border-radius: 8px; background: var(--panel); color: var(--ink); font-size: 13px; }
code { font-family: "JetBrains Mono", ui-monospace, monospace; font-size: .93em; }

/* Out of sight, yet really there: a strip of points in the corner that can be focused, read and pressed. */
.mirror { position: absolute; left: 0; bottom: 0; width: 24px; height: 2px; opacity: 0; overflow: hidden; font-size: 1px; line-height: 1px; }
.mirror .controls { display: flex; }
.mirror .controls select { width: 2px; }
.mirror.open .controls select, :host([data-state="unsupported"]) .mirror .controls select { width: auto; min-height: 32px; }
.mirror select { max-width: 100%; font: inherit; color: var(--ink); background: var(--panel); border: 1px solid var(--line2); border-radius: 6px; }
.mirror .controls > * { flex: none; }
.mirror .controls button { width: 2px; height: 2px; min-width: 0; padding: 0; border: 0; overflow: hidden; font: inherit; }

.mirror.open, :host([data-state="unsupported"]) .mirror {
  left: auto; right: 0; top: 0; bottom: 0; width: min(420px, 100%); height: auto; opacity: 1; overflow: auto; box-sizing: border-box;
  padding: 16px; background: var(--panel); border-left: 1px solid var(--line2); font-size: 14px; line-height: 22px;
}
:host([data-state="unsupported"]) .mirror { width: 100%; border: 0; padding-top: 64px; }
:host([data-state="unsupported"]) .message { inset: 16px 0 auto 0; }
.mirror.open .controls, :host([data-state="unsupported"]) .mirror .controls { flex-wrap: wrap; gap: 8px; }
.mirror.open .controls button, :host([data-state="unsupported"]) .mirror .controls button {
  width: auto; height: 32px; padding: 0 12px; border: 1px solid var(--line2); border-radius: 6px; background: var(--panel); color: var(--ink); cursor: pointer;
}
.mirror .controls button[data-action="step"] { background: var(--now) !important; color: var(--onNow) !important; }
.mirror :focus-visible { outline: 2px solid var(--now); outline-offset: 2px; }
.mirror p { margin: 12px 0 0; }
.mirror .position { color: var(--ink2); }
.mirror .why { font-weight: 600; }
.mirror .answer { white-space: pre-wrap; font-family: "JetBrains Mono", ui-monospace, monospace; font-size: .86em; }
.mirror .answer.bad { color: var(--bad); }
.mirror h2 { font-size: 1em; }
.mirror th { text-align: left; font-weight: 400; }
.mirror td, .mirror th { padding: 0 8px 4px 0; vertical-align: top; }
.mirror .version { display: block; margin-top: 12px; }
.mirror .objects { margin: 12px 0; padding-left: 20px; }
.mirror .log { max-height: 260px; min-height: 22px; overflow: auto; white-space: pre-wrap; overflow-wrap: anywhere; font: .82em/1.5 "JetBrains Mono", ui-monospace, monospace; background: var(--sunk); }
.mirror .line { width: 100%; box-sizing: border-box; font: .86em/1.5 "JetBrains Mono", ui-monospace, monospace; background: var(--sunk); color: var(--ink); border: 1px solid var(--line2); }
.mirror textarea { width: 100%; box-sizing: border-box; margin-top: 8px; font: .86em/1.5 "JetBrains Mono", ui-monospace, monospace; background: var(--sunk);
  color: var(--ink); border: 1px solid var(--line2); border-radius: 6px; }
`;
