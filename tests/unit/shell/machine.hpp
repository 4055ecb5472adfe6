#pragma once
// A machine in memory for the shell's tests: files, a clock, a network of two web servers and one store of records.
#include <map>
#include <string>

#include "core/shell/shell.hpp"

struct TestMachine : shell::System {
  using Millis = api::Millis;
  Millis time = 1000000000000;
  std::map<std::string, std::string> files{{"/etc/hostname", "web-0\n"}};
  std::map<std::string, bool> folders{{"/", true}, {"/tmp", true}, {"/etc", true}, {"/data", true}};
  std::string out, err, tools = "gnu";
  size_t room = 1 << 24;
  std::vector<std::string> statements;

  Millis now() const override { return time; }
  std::string hostname() const override { return "web-0"; }
  std::string_view toolset() const override { return tools; }

  static std::string parent(std::string_view p) {
    const size_t slash = p.rfind('/');
    return slash == 0 ? "/" : std::string(p.substr(0, slash));
  }
  shell::FileInfo stat(std::string_view path) override {
    shell::FileInfo info;
    if (folders.count(std::string(path))) info.kind = shell::FileInfo::Kind::directory;
    const auto it = files.find(std::string(path));
    if (it != files.end()) info = {shell::FileInfo::Kind::file, int64_t(it->second.size()), time, false};
    return info;
  }
  shell::Errno read(std::string_view path, std::string& text) override {
    const auto it = files.find(std::string(path));
    if (it == files.end()) return shell::Errno::noEntry;
    text = it->second;
    return shell::Errno::ok;
  }
  shell::Errno write(std::string_view path, std::string_view text, bool append) override {
    if (!folders.count(parent(path))) return shell::Errno::noEntry;
    if (text.size() > room) return shell::Errno::noSpace;
    room -= text.size();
    std::string& file = files[std::string(path)];
    if (!append) file.clear();
    file += text;
    return shell::Errno::ok;
  }
  shell::Errno remove(std::string_view path) override {
    std::vector<std::string> names;
    if (list(path, names) == shell::Errno::ok && !names.empty()) return shell::Errno::notEmpty;
    return files.erase(std::string(path)) + folders.erase(std::string(path)) ? shell::Errno::ok : shell::Errno::noEntry;
  }
  shell::Errno makeDirectory(std::string_view path) override {
    if (!folders.count(parent(path))) return shell::Errno::noEntry;
    folders[std::string(path)] = true;
    return shell::Errno::ok;
  }
  shell::Errno list(std::string_view path, std::vector<std::string>& names) override {
    if (!folders.count(std::string(path))) return shell::Errno::notDirectory;
    std::map<std::string, bool> found;
    const auto add = [&](const std::string& p) {
      if (p != "/" && parent(p) == path) found[p.substr(p.rfind('/') + 1)] = true;
    };
    for (const auto& f : files) add(f.first);
    for (const auto& f : folders) add(f.first);
    for (const auto& f : found) names.push_back(f.first);
    return shell::Errno::ok;
  }
  std::vector<shell::Mount> mounts() override {
    return {{"overlay", "/", 100 << 20, 25 << 20}, {"/dev/sda", "/data", 1 << 30, 1 << 20}};
  }
  std::vector<shell::Process> processes() override { return {{1, "root", "nginx: master process nginx"}}; }
  shell::Errno kill(int pid, int) override { return pid == 1 ? shell::Errno::ok : shell::Errno::noProcess; }

  shell::Lookup resolve(std::string_view name, std::string_view type, bool) override {
    shell::Lookup l;
    l.asked = std::string(name) == "web-0.nginx" ? "web-0.nginx.default.svc.cluster.local" : std::string(name);
    const bool pod = l.asked == "web-0.nginx.default.svc.cluster.local";
    const std::string pointer = "6.1.244.10.in-addr.arpa";
    l.found = pod || l.asked == "localhost" || l.asked == pointer;
    if (pod && type == "A") l.answers = {{l.asked, "A", "10.244.1.6", 0, 0, 0}};
    if (l.asked == pointer && type == "PTR") {
      l.answers = {{l.asked, "PTR", "web-0.nginx.default.svc.cluster.local", 0, 0, 0}};
    }
    return l;
  }
  shell::HttpReply http(const shell::HttpRequest& r) override {
    shell::HttpReply reply;
    reply.address = "10.244.1.6";
    if (r.host != "localhost" && r.host != "web-0.nginx")
      reply.reached = shell::Reached::unknownHost;
    else if (r.port != 80)
      reply.reached = shell::Reached::refused;
    else if (r.path != "/")
      reply.code = 404, reply.reason = "Not Found", reply.body = "gone\n";
    else
      reply.body = "web-0\n";
    return reply;
  }
  shell::Reached connect(std::string_view, int port, std::string& address) override {
    address = "10.244.1.6";
    return port == 80 || port == 2181 ? shell::Reached::ok : shell::Reached::refused;
  }
  shell::Reached ping(std::string_view host, std::string& address) override {
    address = "10.244.1.6";
    return host == "web-0.nginx" ? shell::Reached::ok : shell::Reached::unknownHost;
  }
  shell::QueryReply query(const shell::Query& q) override {
    statements.push_back(q.statement);
    shell::QueryReply r;
    if (q.host == "nobody") r.reached = shell::Reached::refused;
    if (q.statement.substr(0, 6) == "SELECT") {
      r.hasRows = true;
      r.columns = {"message"};
      r.rows = {{"hello"}};
    } else if (q.statement.substr(0, 3) == "GET") {
      r.text = "\"hello\"";
    } else if (q.statement == "ruok") {
      r.text = "imok";
    }
    return r;
  }
  shell::Outcome external(shell::Call& call) override {
    if (call.args[0] == "reach" && call.args.size() > 1) {  // ends at a time
      const Millis at = 1000000000000 + std::atoll(call.args[1].c_str());
      if (!call.interrupted && time < at) return call.wakeAt = at, shell::Outcome::waits;
      call.out = call.interrupted ? "interrupted\n" : "there\n";
      return shell::Outcome::done;
    }
    return shell::Outcome::unknown;
  }
  void output(int stream, std::string_view text) override { (stream == 1 ? out : err) += text; }

  /// Runs a line to its end, letting time pass; gives what it wrote to stdout.
  std::string run(std::string_view line, int* exit = nullptr) {
    out.clear();
    err.clear();
    shell::Shell sh = shell::Shell::script(line, {{"HOME", "/root"}, {"PATH", "/bin"}});
    for (int i = 0; i < 2000; ++i) {
      const shell::State state = sh.run(*this);
      if (state == shell::State::ended) break;
      if (state == shell::State::waits) {
        if (sh.wakeAt() == INT64_MAX) break;
        time = std::max(time, sh.wakeAt());
      }
    }
    if (exit) *exit = sh.exit();
    return out;
  }
};
