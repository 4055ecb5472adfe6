// The page's program: one application on one canvas, over the session that JavaScript works with too.
#include "wasm/instance.hpp"
#include "wasm/platform.hpp"
#include "web/app.hpp"
#include "web/snapshot.hpp"

namespace {

/// What JavaScript asks of the canvas, and what the canvas tells JavaScript.
class Program final : public wasm::Canvas {
 public:
  Program() : source(wasm::instance().session, [] { wasm::changedByCanvas(); }), app(source) {}

  void sessionChanged() override {
    source.changed();
    app.changed();
  }
  void sessionReplaced() override { source.replaced(app.shell); }
  void applied(std::string_view yaml, const sim::Output& result) override { source.applied(yaml, result, app.shell); }
  void setLanguage(decision::Language l) override {
    app.shell.language = l == decision::Language::zh ? web::Language::Chinese : web::Language::English;
    app.changed();
  }
  void setDark(bool on) override {
    app.shell.dark = on;
    app.changed();
  }
  void setLayout(std::string_view layout) override { app.setLayout(layout); }
  void compare(bool on) override {
    app.shell.comparing = on;
    app.changed();
  }
  void select(std::string_view object) override {
    app.shell.selected = object;
    app.changed();
  }
  void play(bool on) override { app.play(on); }

  /// The canvas' own switches for language and theme reach the page, whose own words follow.
  void frame() {
    const bool dark = app.shell.dark, comparing = app.shell.comparing;
    const web::Language language = app.shell.language;
    app.frame();
    wasm::instance().comparing = app.shell.comparing;
    if (dark == app.shell.dark && language == app.shell.language && comparing == app.shell.comparing) return;
    wasm::instance().dark = app.shell.dark;
    wasm::instance().language =
        app.shell.language == web::Language::Chinese ? decision::Language::zh : decision::Language::en;
    wasm::changedByCanvas();
  }

  web::SessionSource source;
  web::App app;
};

Program* program;

}  // namespace

int main() {
  program = new Program;
  const web::Hooks hooks{
      [] { program->frame(); },
      [](bool back) { return program->app.tab(back); },
      [] { return program->app.escape(); },
      [](bool on, bool byKeyboard) { program->app.focus(on, byKeyboard); },
  };
  if (!platform::run(hooks)) return 0;
  const web::Preferences p = web::host::preferences();
  web::Shell& shell = program->app.shell;
  shell.calm = p.calm;
  shell.touch = p.touch;
  shell.dark = p.dark;
  shell.language = p.chinese ? web::Language::Chinese : web::Language::English;
  wasm::instance().canvas = program;
}
