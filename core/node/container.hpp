#pragma once
// The machine that a program in a container sees (shell::System): its files, its pod's network, the processes beside
// it, the commands that its image brings. One is made for each run of a program; what the program wrote is recorded
// when it goes.
#include <string>
#include <string_view>

#include "core/node/files.hpp"
#include "core/node/pod_worker.hpp"
#include "core/node/reach.hpp"
#include "core/node/roles.hpp"

namespace node {

class ContainerSystem final : public shell::System {
 public:
  /// `pod` has its addresses in its status. `run` is the container's state, whose process 1 a program may signal.
  ContainerSystem(NodeClient&, const api::Pod&, const api::Container&, ContainerRun& run, Turns&);
  ~ContainerSystem() override { flush(); }

  /// Records what was written so far.
  void flush();
  /// What is said goes to this text instead of the container's log.
  void sayTo(std::string* out, std::string* err) {
    out_ = out;
    err_ = err;
  }
  /// Of an init container: a command that nobody knows ends at once, so that what comes after it can be seen.
  void endUnknownAtOnce() { endsUnknown_ = true; }
  /// Whether the run asked for anything but files: then its outcome may change by itself.
  bool lookedAround() const { return lookedAround_; }
  /// The clock of this run alone: for what may take time, but cannot be waited for.
  void pretendNow(api::Millis t) { ahead_ = t - client_.now(); }
  /// The environment that programs start with.
  shell::Variables variables() const;

  api::Millis now() const override {
    lookedAround_ = true;
    return client_.now() + ahead_;
  }
  std::string hostname() const override;
  shell::FileInfo stat(std::string_view path) override;
  shell::Errno read(std::string_view path, std::string& text) override { return files_.read(path, text); }
  shell::Errno write(std::string_view path, std::string_view text, bool append) override;
  shell::Errno remove(std::string_view path) override { return files_.remove(path); }
  shell::Errno makeDirectory(std::string_view path) override { return files_.makeDirectory(path); }
  shell::Errno list(std::string_view path, std::vector<std::string>& names) override {
    return files_.list(path, names);
  }
  std::vector<shell::Mount> mounts() override { return files_.mounts(); }
  std::vector<shell::Process> processes() override;
  shell::User user() const override;
  shell::Owner owner(std::string_view path) override;
  shell::Errno kill(int pid, int signal) override;
  shell::Lookup resolve(std::string_view name, std::string_view type, bool search) override;
  shell::HttpReply http(const shell::HttpRequest&) override;
  shell::Reached connect(std::string_view host, int port, std::string& address) override;
  shell::Reached receive(std::string_view host, int port, std::string& text) override;
  shell::Reached ping(std::string_view host, std::string& address) override;
  shell::QueryReply query(const shell::Query&) override;
  shell::Outcome external(shell::Call&) override;
  bool has(std::string_view command) override;
  std::string_view toolset() const override;
  bool isInstalled(std::string_view command) const;  ///< of the image's own: nobody has moved it away
  void output(int stream, std::string_view text) override;

 private:
  NodeClient& client_;
  const api::Pod& pod_;
  const api::Container& container_;
  ContainerRun& run_;
  Turns& turns_;
  Files files_;
  Role role_;
  std::string log_;
  std::string *out_ = nullptr, *err_ = nullptr;
  bool endsUnknown_ = false;
  api::Millis ahead_ = 0;
  mutable bool lookedAround_ = false;
};

}  // namespace node
