#pragma once
// The machine that the console's shell runs on: the open manifests as files, kubectl as a program.
#include "core/console/state.hpp"

namespace console {

class Terminal final : public shell::System {
 public:
  Terminal(sim::Session& session, Console::State& state) : session_(session), state_(state) {}

  api::Millis now() const override { return session_.time(); }
  std::string hostname() const override { return "console"; }
  shell::FileInfo stat(std::string_view path) override;
  shell::Errno read(std::string_view path, std::string& text) override;
  shell::Errno write(std::string_view path, std::string_view text, bool append) override;
  shell::Errno remove(std::string_view path) override;
  shell::Errno makeDirectory(std::string_view path) override;
  shell::Errno list(std::string_view path, std::vector<std::string>& names) override;
  shell::HttpReply http(const shell::HttpRequest&) override;
  shell::Outcome external(shell::Call&) override;
  void output(int stream, std::string_view text) override;

  /// `kubectl edit` with $KUBE_EDITOR or $EDITOR; else the text becomes an open manifest. Gives whether it was edited.
  bool edit(const std::string& name, std::string& text);
  /// Whether the pod that a job forwards ports to runs, and is still the one that it was.
  bool connected(Job&);

 private:
  bool rests(const Job&, const shell::Call&) const;
  bool isFolder(std::string_view path) const;

  sim::Session& session_;
  Console::State& state_;
};

}  // namespace console
