#pragma once
// A kubectl host that remembers every answer of the real one, so that a command which had to stop can be run again and
// find itself where it was.
#include "core/console/terminal.hpp"

namespace console {

class Replay final : public kubectl::Host {
 public:
  Replay(kubectl::Host& real, sim::Session& session, Terminal& terminal, Console::State& state, Job& job,
         shell::Call& call, kubectl::Result& result)
      : real_(real), session_(session), terminal_(terminal), state_(state), job_(job), call_(call), result_(result) {}

  apiserver::Response send(apiserver::Request) override;
  apiserver::Response sendRaw(const apiserver::HttpRequest&) override;
  api::Millis now() const override;
  bool advance(api::Millis deadline) override;
  bool readFile(const std::string& name, std::string& text) override;
  bool writeFile(const std::string& name, const std::string& text) override;
  bool readInput(std::string& text, bool& ended) override;
  bool readOnly() const override { return false; }
  api::Millis patience() const override { return api::Millis(1000) * 86400 * 365; }
  bool terminal() const override { return call_.terminal; }
  bool chinese() const override;
  bool interrupted() override;
  bool edit(const std::string& name, std::string& text) override;
  Forwarded forward(int& local, const std::string& ns, const std::string& pod, int port) override;
  bool connected() override { return terminal_.connected(job_); }

  bool suspended() const { return suspended_; }
  bool readsInput() const;
  /// What it has said since it last stopped, in the order in which it was said as far as its requests tell.
  std::vector<std::pair<int, std::string>> said();

 private:
  /// The next answer of before; null where the command is past them.
  const Record* old() const;
  void mark() const;
  void suspend();
  void remember(Record r) { job_.records.push_back(std::move(r)), ++at_; }

  kubectl::Host& real_;
  sim::Session& session_;
  Terminal& terminal_;
  Console::State& state_;
  Job& job_;
  shell::Call& call_;
  kubectl::Result& result_;
  mutable size_t at_ = 0;
  bool suspended_ = false;
  size_t out_ = 0, err_ = 0;
  mutable std::vector<std::pair<size_t, size_t>> marks_;
};

}  // namespace console
