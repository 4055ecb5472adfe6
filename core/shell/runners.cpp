// Commands that run other commands: xargs, find -exec, env, timeout, watch.
#include <algorithm>

#include "core/shell/builtins.hpp"
#include "core/shell/command.hpp"
#include "core/shell/match.hpp"

namespace shell::builtins {
using Impl = Shell::Impl;

Frame& runLists(Impl& shell, std::vector<Words> lists, bool exact) {
  Frame& f = shell.pushKind(Frame::Kind::commands, nullptr, true);
  f.lists = std::move(lists);
  f.exact = exact;
  shell.status = 0;
  return f;
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

namespace {
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
}  // namespace

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
    runLists(shell, {std::move(rest)});
    return;
  }
  shell.status = 0;
  if (words[0] != "env") return;
  std::string out;
  for (const auto& [name, v] : shell.env.variables) {
    if (v.exported) out += name + "=" + v.value + "\n";
  }
  shell.write(system, shell.io.out, out);
}

/// "1.5", "10s", "2m", "1h": milliseconds; -1 where it is no time.
static api::Millis duration(const std::string& text) {
  if (text.empty() || text[0] < '0' || text[0] > '9') return -1;
  const char unit = text.back();
  const double factor = unit == 'm' ? 60 : unit == 'h' ? 3600 : unit == 'd' ? 86400 : 1;
  return api::Millis(std::min(number(text) * factor, 1e9) * 1000);
}

void timeout(Impl& shell, System& system, const Words& words) {
  size_t i = 1;
  for (; i < words.size() && words[i].size() > 1 && words[i][0] == '-'; ++i) {
    if (words[i] == "-s" || words[i] == "-k") ++i;
    if (words[i] == "-t") {  // as older busyboxes have it
      ++i;
      break;
    }
  }
  const api::Millis time = i < words.size() ? duration(words[i]) : -1;
  if (time < 0 || i + 1 >= words.size()) {
    shell.say(system, time < 0 && i < words.size() ? "timeout: invalid time interval '" + words[i] + "'\n"
                                                   : "usage: timeout [-s SIGNAL] TIME COMMAND\n");
    shell.status = 125;
    return;
  }
  Frame& f = runLists(shell, {Words(words.begin() + long(i) + 1, words.end())});
  if (time > 0) f.deadline = system.now() + time;
}

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

}  // namespace shell::builtins
