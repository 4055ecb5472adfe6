// Commands that change the shell itself or run other commands: cd, export, read, test, sh, env, xargs, find -exec, …
#include <algorithm>

#include "core/shell/command.hpp"
#include "core/shell/machine.hpp"
#include "core/shell/match.hpp"

namespace shell {
namespace {

using Impl = Shell::Impl;

bool isName(std::string_view s) {
  for (size_t i = 0; i < s.size(); ++i) {
    const char c = s[i];
    if (!(c == '_' || ((c | 32) >= 'a' && (c | 32) <= 'z') || (i && c >= '0' && c <= '9'))) return false;
  }
  return !s.empty();
}

/// test(1) on words[at …]. Models POSIX test; with `both` && and || stand for -a and -o.
struct Test {
  Impl& shell;
  System& system;
  const Words& words;
  size_t end, at = 1;
  bool patterns;  ///< within [[ ]]: == compares with a pattern
  std::string error = {};
  int depth = 0;

  bool is(std::string_view w) const { return at < end && words[at] == w; }
  bool either() {
    bool v = all();
    while (is("-o") || is("||")) {
      ++at;
      const bool other = all();
      v = v || other;
    }
    return v;
  }
  bool all() {
    bool v = negation();
    while (is("-a") || is("&&")) {
      ++at;
      const bool other = negation();
      v = v && other;
    }
    return v;
  }
  bool negation() {
    bool v = true;
    while (is("!") && at + 1 < end) ++at, v = !v;
    return primary() == v;
  }
  int64_t whole(const std::string& w) {
    const size_t from = w.size() > 1 && (w[0] == '-' || w[0] == '+') ? 1 : 0;
    const size_t a = w.find_first_not_of(' ');
    if (a == w.npos || w.find_first_not_of("0123456789 ", from) != w.npos) error = w + ": bad number";
    return integer(w);
  }
  bool binary(const std::string& a, const std::string& op, const std::string& b) {
    if (op == "=" || op == "==") return patterns ? globMatches(b, a) : a == b;
    if (op == "!=") return patterns ? !globMatches(b, a) : a != b;
    if (op == "<" || op == "\\<") return a < b;
    if (op == ">" || op == "\\>") return a > b;
    if (op == "=~") return matches(a, b);
    if (op == "-nt" || op == "-ot") {
      const api::Millis x = system.stat(shell.path(a)).modified, y = system.stat(shell.path(b)).modified;
      return op == "-nt" ? x > y : x < y;
    }
    const int64_t x = whole(a), y = whole(b);
    if (op == "-eq") return x == y;
    if (op == "-ne") return x != y;
    if (op == "-lt") return x < y;
    if (op == "-le") return x <= y;
    if (op == "-gt") return x > y;
    return x >= y;
  }
  bool matches(const std::string& text, const std::string& pattern) {
    Regex r;
    Regex::Match m;
    if (!r.compile(pattern, true) || !r.search(text, 0, m)) return false;
    for (int i = 0; i < 10; ++i) shell.set("BASH_REMATCH[" + std::to_string(i) + "]", m.of(text, i));
    return true;
  }
  bool file(char op, const std::string& name) {
    const FileInfo info = system.stat(shell.path(name));
    switch (op) {
      case 'f': return info.kind == FileInfo::Kind::file;
      case 'd': return info.kind == FileInfo::Kind::directory;
      case 's': return info.size > 0;
      case 'x': return info.kind == FileInfo::Kind::directory || info.executable;
      case 'L':
      case 'h':
      case 'S':
      case 'p': return false;
      default: return info.kind != FileInfo::Kind::none;
    }
  }
  bool primary() {
    if (at >= end || ++depth > 50) return error = at >= end && at > 1 ? "argument expected" : error, false;
    const auto isBinary = [&](size_t i) {
      static constexpr std::string_view ops[] = {"=",   "==",  "!=",  "=~",  "<",   ">",   "-eq",
                                                 "-ne", "-lt", "-le", "-gt", "-ge", "-nt", "-ot"};
      return i < end && std::find(std::begin(ops), std::end(ops), words[i]) != std::end(ops);
    };
    if (isBinary(at + 1) && at + 2 < end) {
      const size_t i = at;
      at += 3;
      return binary(words[i], words[i + 1], words[i + 2]);
    }
    if (is("(") && at + 1 < end) {
      ++at;
      const bool v = either();
      if (!is(")")) error = "closing paren expected";
      ++at;
      return v;
    }
    const std::string& w = words[at];
    if (w.size() == 2 && w[0] == '-' && at + 1 < end) {
      const std::string& operand = words[at + 1];
      if (w[1] == 'z' || w[1] == 'n') return at += 2, operand.empty() == (w[1] == 'z');
      if (w[1] == 't') return at += 2, shell.terminal;
      if (w[1] == 'v') return at += 2, shell.find(operand) != nullptr;
      if (std::string_view("efdsrwxLhSp").find(w[1]) != std::string_view::npos) return at += 2, file(w[1], operand);
    }
    if (isBinary(at + 1)) return error = words[at + 1] + ": argument expected", false;
    ++at;
    return !w.empty();
  }
};

int test(Impl& shell, System& system, const Words& words) {
  size_t end = words.size();
  if (words[0] == "[") {
    if (words.back() != "]") {
      shell.say(system, "sh: [: missing ]\n");
      return 2;
    }
    --end;
  }
  if (end <= 1) return 1;
  Test t{shell, system, words, end, 1, words[0] == "[["};
  const bool v = t.either();
  if (t.error.empty() && t.at < end) t.error = words[t.at] + ": unknown operand";
  if (t.error.empty()) return v ? 0 : 1;
  shell.say(system, "sh: " + words[0] + ": " + t.error + "\n");
  return 2;
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

void runLists(Impl& shell, std::vector<Words> lists, bool exact = true) {
  Frame& f = shell.pushKind(Frame::Kind::commands, nullptr, true);
  f.lists = std::move(lists);
  f.exact = exact;
  shell.status = 0;
}

void xargs(Impl& shell, System&, const Words& words) {
  size_t most = 5000, i = 1;
  std::string replace;
  bool lines = false, evenEmpty = true, zero = false;
  for (; i < words.size() && words[i][0] == '-'; ++i) {
    const std::string& w = words[i];
    const auto value = [&] { return w.size() > 2 ? w.substr(2) : i + 1 < words.size() ? words[++i] : std::string(); };
    if (w[1] == 'n' || w[1] == 'L')
      most = size_t(std::max<int64_t>(integer(value(), 1), 1)), lines = w[1] == 'L';
    else if (w[1] == 'I')
      replace = value();
    else if (w == "-i")
      replace = "{}";
    else if (w == "-r")
      evenEmpty = false;
    else if (w == "-0")
      zero = true;
    else if (w[1] == 'P')
      value();
  }
  Stream& in = shell.streams[size_t(shell.io.in)];
  const std::string text = in.text.substr(std::min(in.at, in.text.size()));
  in.at = in.text.size();
  Words items;
  std::string item;
  bool any = false;
  char quote = 0;
  for (char c : text) {
    const bool ends =
        zero ? c == '\0' : !quote && (c == '\n' || ((c == ' ' || c == '\t') && replace.empty() && !lines));
    if (ends) {
      if (any && items.size() < mostFields) items.push_back(item);
      item.clear();
      any = false;
    } else if (!zero && (c == '"' || c == '\'') && (!quote || quote == c)) {
      quote = quote ? '\0' : c;
      any = true;
    } else {
      item += c;
      any = true;
    }
  }
  if (any) items.push_back(item);
  Words base(words.begin() + long(i), words.end());
  if (base.empty()) base = {"echo"};
  std::vector<Words> lists;
  if (!replace.empty()) {
    for (const std::string& it : items) {
      Words line = base;
      for (std::string& w : line) {
        for (size_t at = w.find(replace); at != w.npos && w.size() < longestValue;
             at = w.find(replace, at + it.size())) {
          w.replace(at, replace.size(), it);
        }
      }
      if (lists.size() < 2000) lists.push_back(std::move(line));
    }
  } else {
    for (size_t from = 0; from < items.size() || (from == 0 && evenEmpty); from += most) {
      Words line = base;
      for (size_t k = from; k < std::min(items.size(), from + most); ++k) line.push_back(items[k]);
      if (lists.size() < 2000) lists.push_back(std::move(line));
      if (items.empty()) break;
    }
  }
  runLists(shell, std::move(lists), false);
}

struct Find {
  Impl& shell;
  System& system;
  std::string name, type;
  int most = 30, least = 0;
  bool removes = false, together = false, empty = false;
  Words exec, found = {};

  void visit(const std::string& path, int depth) {
    const FileInfo info = system.stat(shell.path(path));
    if (info.kind == FileInfo::Kind::none || found.size() > 5000) return;
    const bool folder = info.kind == FileInfo::Kind::directory;
    Words names;
    if (folder) system.list(shell.path(path), names);
    std::string_view last = path;
    while (last.size() > 1 && last.back() == '/') last.remove_suffix(1);
    last = last.substr(last.rfind('/') + 1);
    const bool wanted = (name.empty() || globMatches(name, last)) && (type.empty() || (type == "d") == folder) &&
                        depth >= least && (!empty || (folder ? names.empty() : info.size == 0));
    if (wanted && !removes) found.push_back(path);
    if (folder && depth < most) {
      for (const std::string& n : names) visit(path + (path.back() == '/' ? "" : "/") + n, depth + 1);
    }
    if (wanted && removes) system.remove(shell.path(path));
  }
};

void find(Impl& shell, System& system, const Words& words) {
  Find f{shell, system, {}, {}, 30, 0, false, false, false, {}};
  Words starts;
  size_t i = 1;
  for (; i < words.size() && words[i][0] != '-'; ++i) starts.push_back(words[i]);
  if (starts.empty()) starts = {"."};
  for (; i < words.size(); ++i) {
    const std::string& w = words[i];
    const bool more = i + 1 < words.size();
    if (w == "-name" && more)
      f.name = words[++i];
    else if (w == "-type" && more)
      f.type = words[++i];
    else if (w == "-maxdepth" && more)
      f.most = int(std::min<int64_t>(integer(words[++i]), 30));
    else if (w == "-mindepth" && more)
      f.least = int(std::min<int64_t>(integer(words[++i]), 30));
    else if (w == "-delete")
      f.removes = true;
    else if (w == "-empty")
      f.empty = true;
    else if (w == "-exec") {
      for (++i; i < words.size() && words[i] != ";" && words[i] != "+"; ++i) f.exec.push_back(words[i]);
      f.together = i < words.size() && words[i] == "+";
    } else if (w != "-print") {
      shell.say(system, "find: unrecognized: " + w + "\n");
      shell.status = 1;
      return;
    }
  }
  shell.status = 0;
  for (const std::string& s : starts) {
    if (system.stat(shell.path(s)).kind == FileInfo::Kind::none) {
      shell.say(system, "find: " + s + ": No such file or directory\n");
      shell.status = 1;
    }
    f.visit(s, 0);
  }
  if (f.exec.empty()) {
    std::string out;
    for (const std::string& p : f.found) (out += p) += '\n';
    return shell.write(system, shell.io.out, out);
  }
  std::vector<Words> lists;
  for (const std::string& p : f.found) {
    Words line;
    for (const std::string& w : f.exec) {
      if (w != "{}")
        line.push_back(w);
      else if (f.together)
        line.insert(line.end(), f.found.begin(), f.found.end());
      else
        line.push_back(p);
    }
    lists.push_back(std::move(line));
    if (f.together) break;
  }
  runLists(shell, std::move(lists));
}

/// env [A=b…] [COMMAND…], and those that only stand before a command: nohup, time, timeout N, command, exec …
void prefixed(Impl& shell, System& system, Words words, size_t skip) {
  Frame& f = shell.frames.back();
  size_t i = skip;
  for (; i < words.size() && words[0] == "env"; ++i) {
    const size_t equals = words[i].find('=');
    if (words[i] == "-i" || words[i] == "-") continue;
    if (equals == words[i].npos || !isName(words[i].substr(0, equals))) break;
    const std::string name = words[i].substr(0, equals);
    const auto it = shell.env.variables.find(name);
    f.forCommand.emplace_back(name, it == shell.env.variables.end() ? std::nullopt : std::optional(it->second));
    shell.set(name, std::string_view(words[i]).substr(equals + 1));
    shell.env.variables[name].exported = true;
  }
  if (i < words.size()) {
    Words rest(words.begin() + long(i), words.end());
    return runLists(shell, {std::move(rest)});
  }
  shell.status = 0;
  if (words[0] != "env") return;
  std::string out;
  for (const auto& [name, v] : shell.env.variables) {
    if (v.exported) out += name + "=" + v.value + "\n";
  }
  shell.write(system, shell.io.out, out);
}

/// How the shell would find a command.
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

/// watch [-n SECONDS] COMMAND: again and again, each time on a cleared screen.
void watch(Impl& shell, System& system, const Words& words) {
  std::string every = "2", line;
  size_t i = 1;
  for (; i < words.size() && words[i][0] == '-'; ++i) {
    if (words[i] == "-n" && i + 1 < words.size())
      every = words[++i];
    else if (words[i].substr(0, 2) == "-n")
      every = words[i].substr(2);
  }
  for (; i < words.size(); ++i) (line += line.empty() ? "" : " ") += words[i];
  if (line.empty() || number(every) <= 0) {
    shell.say(system, "watch: usage: watch [-n SECONDS] COMMAND\n");
    shell.status = 1;
    return;
  }
  std::string shown = "'";
  for (char c : line) shown += c == '\'' ? std::string("'\\''") : std::string(1, c);
  runText(shell, system,
          "while :; do printf '\\033[H\\033[J'; printf '%s\\n\\n' 'Every " + every + "s: '" + shown + "'; " + line +
              "\nsleep " + every + "; done");
}

}  // namespace

bool Shell::Impl::builtin(System& system, Words& words) {
  const std::string_view name = words[0];
  const auto number = [&](int otherwise) { return words.size() > 1 ? int(integer(words[1], otherwise)) : otherwise; };
  if (name == ":" || name == "true") return status = 0, true;
  if (name == "false") return status = 1, true;
  if (name == "test" || name == "[" || name == "[[") return status = shell::test(*this, system, words), true;
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
    return exportNames(*this, system, words, name == "local"), true;
  }
  if (name == "set") return setOptions(*this, system, words), true;
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
    return runText(*this, system, line), true;
  }
  if (name == "." || name == "source") {
    std::string content;
    const Errno e = words.size() > 1 ? system.read(path(words[1]), content) : Errno::noEntry;
    if (e != Errno::ok)
      return fail(system, ".: can't open '" + (words.size() > 1 ? words[1] : "") + "': " + std::string(text(e)), 2),
             true;
    return runText(*this, system, content), true;
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
    return readVariables(*this, system, words), true;
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
  if (name == "jobs" || name == "umask" || name == "ulimit" || name == "alias" || name == "hash" || name == "shopt")
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
    runLists(*this, {std::move(rest), {"exit"}});
    return true;
  }
  if (!system.has(name)) return false;
  if (name == "sh" || name == "bash" || name == "ash" || name == "/bin/sh" || name == "/bin/bash" ||
      name == "/bin/ash" || name == "/usr/bin/bash" || name == "dash") {
    return subshell(*this, system, words), true;
  }
  if (name == "env" || name == "nohup" || name == "time") return prefixed(*this, system, words, 1), true;
  if (name == "timeout") {
    size_t i = 1;
    while (i < words.size() && words[i][0] == '-') ++i;
    return prefixed(*this, system, words, i + 1), true;
  }
  if (name == "command" || name == "type" || name == "which") {
    const bool looks = name != "command" || (words.size() > 1 && (words[1] == "-v" || words[1] == "-V"));
    if (!looks) return prefixed(*this, system, words, 1), true;
    status = 0;
    for (size_t i = name == "command" ? 2 : 1; i < words.size(); ++i) {
      const std::string kind = kindOf(*this, system, words[i], name != "type");
      if (kind.empty()) status = name == "which" ? 1 : 127;
      if (kind.empty() && name == "type") say(system, words[i] + ": not found\n");
      if (!kind.empty()) write(system, io.out, kind + "\n");
    }
    return true;
  }
  if (name == "xargs") return xargs(*this, system, words), true;
  if (name == "find") return shell::find(*this, system, words), true;
  if (name == "watch") return shell::watch(*this, system, words), true;
  return false;
}

}  // namespace shell
