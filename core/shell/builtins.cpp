// Commands that change the shell itself: cd, export, set, read, exit, trap, …
#include "core/shell/builtins.hpp"

#include <algorithm>

#include "core/shell/command.hpp"
#include "core/shell/match.hpp"

namespace shell {
namespace builtins {
using Impl = Shell::Impl;

bool isName(std::string_view s) {
  for (size_t i = 0; i < s.size(); ++i) {
    const char c = s[i];
    if (!(c == '_' || ((c | 32) >= 'a' && (c | 32) <= 'z') || (i && c >= '0' && c <= '9'))) return false;
  }
  return !s.empty();
}

void exportNames(Impl& shell, System& system, const Words& words, bool local) {
  const bool readOnly = words[0] == "readonly";
  shell.status = 0;
  if (words.size() == 1 && words[0] == "export") {
    for (const auto& [name, v] : shell.env.variables) {
      if (v.exported) shell.write(system, shell.io.out, "export " + name + "='" + v.value + "'\n");
    }
  }
  for (size_t i = 1; i < words.size(); ++i) {
    const std::string& w = words[i];
    if (w[0] == '-') continue;
    const size_t equals = w.find('=');
    const std::string name = w.substr(0, equals);
    if (!isName(name)) return shell.fail(system, words[0] + ": " + name + ": bad variable name", 2);
    if (local) {
      for (size_t k = shell.frames.size(); k-- > 0;) {
        if (shell.frames[k].kind != Frame::Kind::function) continue;
        const auto it = shell.env.variables.find(name);
        shell.frames[k].locals.emplace_back(name,
                                            it == shell.env.variables.end() ? std::nullopt : std::optional(it->second));
        break;
      }
    }
    if (equals != w.npos && !shell.set(name, std::string_view(w).substr(equals + 1))) {
      return shell.fail(system, name + ": is read only", 2);
    }
    if (local && equals == w.npos) shell.set(name, "");
    if (words[0] == "export") shell.env.variables[name].exported = true;
    if (readOnly) shell.env.variables[name].readOnly = true;
  }
}

void setOptions(Impl& shell, System& system, const Words& words) {
  Environment& e = shell.env;
  shell.status = 0;
  if (words.size() == 1) {
    for (const auto& [name, v] : e.variables) shell.write(system, shell.io.out, name + "='" + v.value + "'\n");
    return;
  }
  for (size_t i = 1; i < words.size(); ++i) {
    const std::string& w = words[i];
    const bool on = w[0] == '-';
    if (w == "--" || w.size() < 2 || (!on && w[0] != '+')) {
      Words args{e.args.empty() ? "sh" : e.args[0]};
      args.insert(args.end(), words.begin() + long(i) + (w == "--"), words.end());
      e.args = std::move(args);
      return;
    }
    for (char c : w.substr(1)) {
      if (c == 'e') e.exitOnError = on;
      if (c == 'x') e.trace = on;
      if (c == 'u') e.unsetIsError = on;
      if (c == 'f') e.noGlob = on;
      if (c == 'o' && i + 1 < words.size()) {
        const std::string& name = words[++i];
        if (name == "pipefail") e.pipeFail = on;
        if (name == "errexit") e.exitOnError = on;
        if (name == "nounset") e.unsetIsError = on;
        if (name == "xtrace") e.trace = on;
      }
    }
  }
}

/// Gives false where the line is not there yet: the state is `reads` then.
void readVariables(Impl& shell, System& system, const Words& words) {
  std::string line;
  bool open = false;
  Words names;
  for (size_t i = 1; i < words.size(); ++i) {
    if (words[i] == "-p" && i + 1 < words.size())
      shell.say(system, words[++i]);
    else if (words[i][0] != '-')
      names.push_back(words[i]);
  }
  if (names.empty()) names = {"REPLY"};
  if (!shell.readLine(line, open)) {
    shell.status = 1;
    for (const std::string& n : names) shell.set(n, "");
    return;
  }
  const bool raw = words.size() > 1 && words[1].find('r') != std::string::npos && words[1][0] == '-';
  if (!raw) line = withoutEscapes(line);
  const std::string* ifs = shell.find("IFS");
  const std::string separators = ifs ? *ifs : " \t\n";
  size_t at = 0;
  for (size_t i = 0; i < names.size(); ++i) {
    if (!separators.empty()) at = std::min(line.find_first_not_of(" \t", at), line.size());
    const bool last = i + 1 == names.size();
    size_t end = last || separators.empty() ? line.size() : std::min(line.find_first_of(separators, at), line.size());
    std::string value = line.substr(at, end - at);
    if (last && !separators.empty()) value.erase(value.find_last_not_of(" \t\n") + 1);
    shell.set(names[i], value);
    at = std::min(end + 1, line.size());
  }
  shell.status = 0;
}

void runText(Impl& shell, System& system, std::string_view text) {
  const Parsed p = parse(text);
  shell.status = 0;
  if (!p.error.empty()) return shell.fail(system, p.error, 2);
  if (p.node) shell.push(p.node, shell.frames.back().testing);
}

/// sh [-ex] [-c TEXT [NAME ARGS…] | FILE ARGS…]
void subshell(Impl& shell, System& system, const Words& words) {
  size_t i = 1;
  bool isText = false, exitOnError = false, trace = false, terminal = false;
  for (; i < words.size() && words[i].size() > 1 && words[i][0] == '-'; ++i) {
    if (words[i] == "--" || words[i].substr(0, 2) == "--") continue;
    for (char c : words[i].substr(1)) {
      if (c == 'c') isText = true;
      if (c == 'e') exitOnError = true;
      if (c == 'x') trace = true;
      if (c == 'i') terminal = true;
    }
    if (words[i].back() == 'o') ++i;
  }
  std::string text;
  Words args{"sh"};
  if (i < words.size() && isText) {
    text = words[i++];
    if (i < words.size()) args.assign(words.begin() + long(i), words.end());
  } else if (i < words.size()) {
    const Errno e = system.read(shell.path(words[i]), text);
    if (e != Errno::ok) {
      shell.say(system, words[0] + ": can't open '" + words[i] + "': " + std::string(shell::text(e)) + "\n");
      shell.status = 2;
      return;
    }
    args.assign(words.begin() + long(i), words.end());
  } else if (isText) {
    shell.say(system, "sh: -c requires an argument\n");
    shell.status = 2;
    return;
  }
  (void)terminal;
  const Parsed p = parse(text);
  if (!p.error.empty()) {
    shell.say(system, args[0] + ": " + p.error + "\n");
    shell.status = 2;
    return;
  }
  shell.status = 0;
  const bool fromInput = i >= words.size() && !isText;
  shell.pushSubshell(p.node);
  shell.frames.back().testing = false;
  shell.frames.back().isShell = true;
  Environment& e = shell.env;
  std::erase_if(e.variables, [](const auto& v) { return !v.second.exported; });
  e.functions.clear();
  e.traps.clear();
  e.args = std::move(args);
  e.exitOnError = exitOnError;
  e.trace = trace;
  e.pipeFail = e.unsetIsError = false;
  if (fromInput) shell.pushKind(Frame::Kind::interactive, nullptr, false);
}

std::string kindOf(Impl& shell, System& system, const std::string& name, bool brief) {
  if (shell.env.functions.count(name)) return brief ? name : name + " is a function";
  for (std::string_view b : {"cd", "export", "set", "test", "[", "read", "exit", "eval", "echo", "printf", "true",
                             "false", "pwd", "wait", "trap"}) {
    if (name == b) return brief ? name : name + " is a shell builtin";
  }
  Call probe;
  probe.args = {name, "--version"};
  for (std::string_view b : {"sh", "env", "xargs", "find", "timeout"}) {
    if (name == b) return (brief ? "" : name + " is ") + "/bin/" + name;
  }
  if (findCommand(name) && system.has(name)) return (brief ? "" : name + " is ") + "/bin/" + name;
  return {};
}

}  // namespace builtins

bool Shell::Impl::builtin(System& system, Words& words) {
  const std::string_view name = words[0];
  const auto number = [&](int otherwise) { return words.size() > 1 ? int(integer(words[1], otherwise)) : otherwise; };
  if (name == ":" || name == "true") return status = 0, true;
  if (name == "false") return status = 1, true;
  if (name == "test" || name == "[" || name == "[[") return status = builtins::test(*this, system, words), true;
  if (name == "cd") {
    const std::string* home = find("HOME");
    const std::string* old = find("OLDPWD");
    const std::string target = words.size() < 2  ? (home ? *home : "/root")
                               : words[1] == "-" ? (old ? *old : env.cwd)
                                                 : words[1];
    const std::string where = path(target);
    const FileInfo info = system.stat(where);
    if (info.kind != FileInfo::Kind::directory) {
      say(system, "sh: cd: can't cd to " + target + ": " +
                      std::string(text(info.kind == FileInfo::Kind::none ? Errno::noEntry : Errno::notDirectory)) +
                      "\n");
      return status = info.kind == FileInfo::Kind::none ? 2 : 2, true;
    }
    set("OLDPWD", env.cwd);
    env.cwd = where;
    if (words.size() > 1 && words[1] == "-") write(system, io.out, where + "\n");
    return status = 0, true;
  }
  if (name == "pwd") return write(system, io.out, env.cwd + "\n"), status = 0, true;
  if (name == "export" || name == "readonly" || name == "local" || name == "declare") {
    return builtins::exportNames(*this, system, words, name == "local"), true;
  }
  if (name == "set") return builtins::setOptions(*this, system, words), true;
  if (name == "unset") {
    for (size_t i = 1; i < words.size(); ++i) {
      env.variables.erase(words[i]);
      env.functions.erase(words[i]);
    }
    return status = 0, true;
  }
  if (name == "shift") {
    const int n = number(1);
    if (n < 0 || size_t(n) + 1 > env.args.size()) return status = 1, true;
    env.args.erase(env.args.begin() + 1, env.args.begin() + 1 + n);
    return status = 0, true;
  }
  if (name == "eval") {
    std::string line;
    for (size_t i = 1; i < words.size(); ++i) (line += i > 1 ? " " : "") += words[i];
    return builtins::runText(*this, system, line), true;
  }
  if (name == "." || name == "source") {
    std::string content;
    const Errno e = words.size() > 1 ? system.read(path(words[1]), content) : Errno::noEntry;
    if (e != Errno::ok)
      return fail(system, ".: can't open '" + (words.size() > 1 ? words[1] : "") + "': " + std::string(text(e)), 2),
             true;
    return builtins::runText(*this, system, content), true;
  }
  if (name == "exit" || name == "return") {
    status = words.size() > 1 ? number(2) & 255 : status;
    control = name == "exit" ? Control::exits : Control::returns;
    level = -1;
    return true;
  }
  if (name == "break" || name == "continue") {
    control = name == "break" ? Control::breaks : Control::continues;
    level = std::max(number(1), 1);
    return status = 0, true;
  }
  if (name == "read") {
    const Stream& in = streams[size_t(io.in)];
    if (!in.ends && in.text.find('\n', in.at) == in.text.npos) {  // the line is to come: the command is begun anew then
      if (frames.back().kind == Frame::Kind::node) frames.back().step = 0;
      state = State::reads;
      return true;
    }
    return builtins::readVariables(*this, system, words), true;
  }
  if (name == "trap") {
    for (size_t i = 2; i < words.size(); ++i) {
      const std::string signal = words[i].substr(0, 3) == "SIG" ? words[i].substr(3)
                                 : words[i] == "15"             ? "TERM"
                                 : words[i] == "2"              ? "INT"
                                 : words[i] == "0"              ? "EXIT"
                                                                : words[i];
      if (words[1] == "-")
        env.traps.erase(signal);
      else
        env.traps[signal] = words[1];
    }
    return status = 0, true;
  }
  if (name == "wait" && jobs.empty()) return status = 0, true;
  const bool ofJob = words.size() > 1 && words.back()[0] == '%';
  if (name == "fg" || name == "bg" || name == "jobs" || ((name == "kill" || name == "wait") && ofJob))
    return jobCommand(system, words), true;
  if (name == "umask" || name == "ulimit" || name == "alias" || name == "hash" || name == "shopt")
    return status = 0, true;
  if (name == "let") {
    Words none;
    Expansion x{*this, system, none, 0, false, {}, {}, {}, 0, 0};
    int64_t v = 0;
    for (size_t i = 1; i < words.size(); ++i) v = arithmetic(x, words[i]);
    x.commit();
    return status = v == 0, true;
  }
  if (name == "exec") {
    if (words.size() == 1) {  // its redirections stay
      for (size_t i = frames.size(); i-- > 0;) {
        frames[i].io = io;
        frames[i].streams = streams.size();
        if (frames[i].saved) break;
      }
      return status = 0, true;
    }
    Words rest(words.begin() + 1, words.end());
    builtins::runLists(*this, {std::move(rest), {"exit"}});
    return true;
  }
  if (!system.has(name)) return false;
  if (name == "sh" || name == "bash" || name == "ash" || name == "/bin/sh" || name == "/bin/bash" ||
      name == "/bin/ash" || name == "/usr/bin/bash" || name == "dash") {
    return builtins::subshell(*this, system, words), true;
  }
  if (name == "env" || name == "nohup" || name == "time") return builtins::prefixed(*this, system, words, 1), true;
  if (name == "timeout") return builtins::timeout(*this, system, words), true;
  if (name == "command" || name == "type" || name == "which") {
    const bool looks = name != "command" || (words.size() > 1 && (words[1] == "-v" || words[1] == "-V"));
    if (!looks) return builtins::prefixed(*this, system, words, 1), true;
    status = 0;
    for (size_t i = name == "command" ? 2 : 1; i < words.size(); ++i) {
      const std::string kind = builtins::kindOf(*this, system, words[i], name != "type");
      if (kind.empty()) status = name == "which" ? 1 : 127;
      if (kind.empty() && name == "type") say(system, words[i] + ": not found\n");
      if (!kind.empty()) write(system, io.out, kind + "\n");
    }
    return true;
  }
  if (name == "xargs") return builtins::xargs(*this, system, words), true;
  if (name == "find") return builtins::find(*this, system, words), true;
  if (name == "watch") return builtins::watch(*this, system, words), true;
  return false;
}

}  // namespace shell
