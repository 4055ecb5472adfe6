// Small commands about words, time, the machine and its processes.
#include <algorithm>

#include "core/shell/command.hpp"
#include "core/shell/machine.hpp"

namespace shell::commands {

Outcome echo(Call& c, System&) {
  size_t i = 1;
  bool newline = true, escapes = false, stop = false;
  for (; i < c.args.size() && c.args[i].size() > 1 && c.args[i][0] == '-' &&
         c.args[i].find_first_not_of("neE", 1) == std::string::npos;
       ++i) {
    newline = newline && c.args[i].find('n') == std::string::npos;
    escapes = escapes || c.args[i].find('e') != std::string::npos;
  }
  for (size_t first = i; i < c.args.size() && !stop; ++i) {
    if (i > first) c.out += ' ';
    c.out += escapes ? unescaped(c.args[i], &stop) : c.args[i];
  }
  if (newline && !stop) c.out += '\n';
  return done(c);
}

Outcome printFormatted(Call& c, System&) {
  if (c.args.size() < 2) return fail(c, "usage: printf FORMAT [ARGUMENT…]", 2);
  c.out = formatted(c.args[1], c.args, 2);
  return done(c);
}

Outcome date(Call& c, System& s) {
  std::string format = "%a %b %e %H:%M:%S UTC %Y";
  for (size_t i = 1; i < c.args.size(); ++i) {
    if (c.args[i][0] == '+') format = c.args[i].substr(1);
    if (c.args[i].substr(0, 2) == "-I" || c.args[i].substr(0, 5) == "--iso")
      format = c.args[i].find('s') > 2 && c.args[i].back() == 's' ? "%FT%T+00:00" : "%F";
    if (c.args[i] == "-R") format = "%a, %d %b %Y %H:%M:%S +0000";
  }
  c.out = formatTime(s.now(), format) + "\n";
  return done(c);
}

Outcome sleep(Call& c, System& s) {
  if (!c.started) {
    double seconds = 0;
    if (c.args.size() < 2) return fail(c, "missing operand");
    for (size_t i = 1; i < c.args.size(); ++i) {
      const std::string& w = c.args[i];
      const char unit = w.back();
      const double factor = unit == 'm' ? 60 : unit == 'h' ? 3600 : unit == 'd' ? 86400 : 1;
      if (w == "infinity" || w == "inf")
        seconds = 1e12;
      else if (w[0] < '0' || w[0] > '9')
        return fail(c, "invalid time interval '" + w + "'");
      else
        seconds += std::min(number(w) * factor, 1e12);
    }
    c.memory = s.now() + int64_t(seconds * 1000);
  }
  const api::Millis until = c.memory.asInt();
  if (s.now() >= until || c.interrupted) return done(c);
  c.wakeAt = until;
  return Outcome::waits;
}

Outcome seq(Call& c, System&) {
  std::vector<double> n;
  std::string separator = "\n";
  for (size_t i = 1; i < c.args.size(); ++i) {
    if (c.args[i] == "-s" && i + 1 < c.args.size())
      separator = c.args[++i];
    else if (c.args[i].substr(0, 2) == "-s")
      separator = c.args[i].substr(2);
    else if (c.args[i] == "-w")
      continue;
    else
      n.push_back(number(c.args[i]));
  }
  if (n.empty()) return fail(c, "missing operand");
  const double from = n.size() > 1 ? n[0] : 1, step = n.size() > 2 ? n[1] : 1, to = n.back();
  if (step == 0) return fail(c, "invalid Zero increment value: '0'");
  int64_t count = 0;
  for (double v = from; (step > 0 ? v <= to : v >= to) && count < 50000; v = from + step * double(++count)) {
    if (count) c.out += separator;
    c.out += numberText(v);
  }
  if (count) c.out += '\n';
  return done(c);
}

Outcome hostname(Call& c, System& s) {
  std::string name = s.hostname();
  if (c.args.size() > 1 && c.args[1] == "-s") name = name.substr(0, name.find('.'));
  const bool domain = c.args.size() > 1 && c.args[1] == "-d";
  if (c.args.size() > 1 && (c.args[1] == "-i" || c.args[1] == "-f" || domain)) {
    const Lookup l = s.resolve(name, "A", true);
    if (c.args[1] == "-i" && !l.answers.empty()) name = l.answers[0].data;
    std::string hosts;
    s.read("/etc/hosts", hosts);
    for (std::string_view line : lines(hosts)) {  // "10.244.1.6\tweb-0.nginx.default.svc.cluster.local\tweb-0"
      const size_t tab = line.find('\t');
      if (tab == line.npos || line.substr(line.rfind('\t') + 1) != s.hostname()) continue;
      name = c.args[1] == "-i" ? line.substr(0, tab) : line.substr(tab + 1, line.find('\t', tab + 1) - tab - 1);
    }
  }
  if (domain) name.erase(0, std::min(name.find('.'), name.size() - 1) + 1);
  c.out = name + "\n";
  return done(c);
}

Outcome id(Call& c, System& s) {
  const std::string option = c.args.size() > 1 ? c.args[1] : "";
  const User u = s.user();
  const std::string id = std::to_string(u.id), group = std::to_string(u.group);
  const bool ofGroup = option.find('g') != option.npos || option.find('G') != option.npos;
  const auto both = [](const std::string& n, const std::string& name) {
    return n + (n == name ? "" : "(" + name + ")");
  };
  if (option.find('n') != option.npos)
    c.out = (ofGroup ? u.groupName : u.name) + "\n";
  else if (option[0] == '-')
    c.out = (ofGroup ? group : id) + "\n";
  else
    c.out =
        "uid=" + both(id, u.name) + " gid=" + both(group, u.groupName) + " groups=" + both(group, u.groupName) + "\n";
  return done(c);
}
Outcome whoami(Call& c, System& s) { return c.out = s.user().name + "\n", done(c); }

Outcome uname(Call& c, System& s) {
  const std::string o = c.args.size() > 1 ? c.args[1] : "-s";
  c.out = o == "-a"   ? "Linux " + s.hostname() + " 6.8.0 #1 SMP x86_64 GNU/Linux\n"
          : o == "-n" ? s.hostname() + "\n"
          : o == "-r" ? "6.8.0\n"
          : o == "-m" ? "x86_64\n"
                      : "Linux\n";
  return done(c);
}

Outcome uptime(Call& c, System& s) {
  c.out = c.args[0] == "nproc" ? "4\n"
                               : " " + formatTime(s.now(), "%H:%M:%S") + " up 1 day,  load average: 0.08, 0.03, 0.01\n";
  return done(c);
}

/// ps, ps -ef, ps -elf, ps aux; the columns are those of procps, or busybox's.
Outcome ps(Call& c, System& s) {
  const std::string option = c.args.size() > 1 ? c.args[1] : "";
  const bool gnu = s.toolset() == "gnu", full = option.find('f') != option.npos || option.find('u') != option.npos;
  const bool wide = full && option.find('l') != option.npos;
  c.out = wide   ? "F S UID          PID    PPID  C PRI  NI ADDR SZ WCHAN  STIME TTY          TIME CMD\n"
          : full ? "UID          PID    PPID  C STIME TTY          TIME CMD\n"
          : gnu  ? "    PID TTY          TIME CMD\n"
                 : "PID   USER     TIME  COMMAND\n";
  for (const Process& p : s.processes()) {
    const std::string user = p.user.size() > 8 ? p.user.substr(0, 7) + "+" : p.user, pid = std::to_string(p.pid);
    if (full)
      c.out += (wide ? std::string(p.parent ? "0" : "4") + " S " : "") + padded(user, -8) + padded(pid, 8) +
               padded(std::to_string(p.parent), 8) + (wide ? "  0  80   0 -  1127 -      " : "  0 ") +
               formatTime(p.since, "%H:%M") + " ?        00:00:00 " + p.command + "\n";
    else if (gnu)
      c.out += padded(pid, 7) + " ?        00:00:00 " + p.command.substr(0, p.command.find(' ')) + "\n";
    else
      c.out += padded(pid, 5) + " " + padded(p.user, -8) + "  0:00 " + p.command + "\n";
  }
  return done(c);
}

Outcome kill(Call& c, System& s) {
  int signal = 15;
  bool whole = false;
  std::vector<std::string> targets;
  for (size_t i = 1; i < c.args.size(); ++i) {
    std::string w = c.args[i];
    if (w == "-s" && i + 1 < c.args.size()) w = "-" + c.args[++i];
    if (w.size() > 1 && w[0] == '-') {
      std::string name = w.substr(1);
      whole = whole || name == "f";
      if (name == "f" || name == "x") continue;
      if (name.substr(0, 3) == "SIG") name = name.substr(3);
      constexpr std::pair<std::string_view, int> names[] = {{"HUP", 1},   {"INT", 2},   {"QUIT", 3},  {"KILL", 9},
                                                            {"TERM", 15}, {"STOP", 19}, {"CONT", 18}, {"USR1", 10}};
      signal = int(integer(name, -1));
      for (const auto& [n, v] : names) {
        if (n == name) signal = v;
      }
      if (signal < 0) return fail(c, "invalid signal: " + name);
    } else {
      targets.push_back(w);
    }
  }
  if (targets.empty()) return fail(c, "not enough arguments", 2);
  int exit = 0;
  for (const std::string& t : targets) {
    std::vector<int> pids;
    if (c.args[0] == "kill") {
      if (t.find_first_not_of("0123456789") != t.npos) return fail(c, "invalid number '" + t + "'");
      pids = {int(integer(t))};
    } else {
      for (const Process& p : s.processes()) {
        const std::string_view line = p.command;
        if ((whole ? line : line.substr(0, line.find(' '))).find(t) != line.npos) pids.push_back(p.pid);
      }
    }
    if (pids.empty()) exit = 1;
    for (int pid : pids) {
      const Errno e = s.kill(pid, signal);
      if (e != Errno::ok)
        exit = 1, c.err += "sh: can't kill pid " + std::to_string(pid) + ": " + std::string(text(e)) + "\n";
    }
  }
  return done(c, exit);
}

Outcome df(Call& c, System& s) {
  const bool human = c.args.size() > 1 && c.args[1].find('h') != std::string::npos;
  const auto size = [&](int64_t bytes) {
    if (!human) return std::to_string(bytes / 1024);
    constexpr std::string_view units[] = {"", "K", "M", "G", "T"};
    double v = double(bytes);
    size_t u = 0;
    while (v >= 1024 && u < 4) v /= 1024, ++u;
    return (v < 10 && u ? formatted("%.1f", {numberText(v)}, 0) : numberText(double(int64_t(v)))) +
           std::string(units[u]);
  };
  std::string path;
  for (size_t i = 1; i < c.args.size(); ++i) {
    if (c.args[i][0] != '-') path = absolute(c, c.args[i]);
  }
  std::vector<Mount> mounts = s.mounts();
  if (!path.empty()) {  // the one that the path lies on: the longest
    const Mount* best = nullptr;
    for (const Mount& m : mounts) {
      const bool on = path == m.path || m.path == "/" || path.substr(0, m.path.size() + 1) == m.path + "/";
      if (on && (!best || m.path.size() > best->path.size())) best = &m;
    }
    mounts = best ? std::vector<Mount>{*best} : std::vector<Mount>();
  }
  c.out = human ? "Filesystem      Size  Used Avail Use% Mounted on\n"
                : "Filesystem     1K-blocks    Used Available Use% Mounted on\n";
  for (const Mount& m : mounts) {
    const int64_t free = std::max<int64_t>(m.size - m.used, 0);
    const std::string percent = std::to_string(m.size ? (m.used * 100 + m.size - 1) / m.size : 0) + "%";
    if (human)
      c.out += padded(m.device, -15) + padded(size(m.size), 5) + padded(size(m.used), 6) + padded(size(free), 6) +
               padded(percent, 5) + " " + m.path + "\n";
    else
      c.out += padded(m.device, -14) + padded(size(m.size), 10) + padded(size(m.used), 8) + padded(size(free), 10) +
               padded(percent, 5) + " " + m.path + "\n";
  }
  return done(c);
}

Outcome basename(Call& c, System&) {
  if (c.args.size() < 2) return fail(c, "missing operand");
  std::string w = c.args[1];
  while (w.size() > 1 && w.back() == '/') w.pop_back();
  if (w != "/") w = w.substr(w.rfind('/') + 1);
  if (c.args.size() > 2 && w.size() > c.args[2].size() && w.substr(w.size() - c.args[2].size()) == c.args[2])
    w.resize(w.size() - c.args[2].size());
  c.out = w + "\n";
  return done(c);
}
Outcome dirname(Call& c, System&) {
  if (c.args.size() < 2) return fail(c, "missing operand");
  std::string w = c.args[1];
  while (w.size() > 1 && w.back() == '/') w.pop_back();
  const size_t slash = w.rfind('/');
  c.out = (slash == w.npos ? "." : slash == 0 ? "/" : w.substr(0, slash)) + "\n";
  return done(c);
}

/// As much as a reader of a pipe may want.
Outcome yes(Call& c, System&) {
  const std::string line = (c.args.size() > 1 ? c.args[1] : "y") + "\n";
  for (int i = 0; i < 1000; ++i) c.out += line;
  return done(c);
}
Outcome clear(Call& c, System&) { return c.out = "\033[H\033[J", done(c); }
Outcome wait(Call& c, System&) {
  c.wakeAt = INT64_MAX;
  return c.interrupted ? done(c) : Outcome::waits;
}
Outcome nothing(Call& c, System&) { return done(c); }

Outcome expr(Call& c, System&) {
  const std::vector<std::string>& a = c.args;
  if (a.size() == 2) return c.out = a[1] + "\n", done(c);
  if (a.size() != 4) return fail(c, "syntax error", 2);
  const int64_t x = integer(a[1]), y = integer(a[3]);
  const std::string& op = a[2];
  if ((op == "/" || op == "%") && y == 0) return fail(c, "division by zero", 2);
  const uint64_t ux = uint64_t(x), uy = uint64_t(y);
  int64_t v = 0;
  if (op == "+")
    v = int64_t(ux + uy);
  else if (op == "-")
    v = int64_t(ux - uy);
  else if (op == "*")
    v = int64_t(ux * uy);
  else if (op == "/")
    v = y == -1 ? int64_t(0 - ux) : x / y;
  else if (op == "%")
    v = y == -1 ? 0 : x % y;
  else if (op == "=")
    v = a[1] == a[3];
  else if (op == "!=")
    v = a[1] != a[3];
  else if (op == "<")
    v = x < y;
  else if (op == ">")
    v = x > y;
  else if (op == "<=")
    v = x <= y;
  else if (op == ">=")
    v = x >= y;
  else
    return fail(c, "syntax error", 2);
  c.out = std::to_string(v) + "\n";
  return done(c, v == 0);
}

}  // namespace shell::commands
