#include "core/shell/command.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "core/api/sort.hpp"
#include "core/shell/machine.hpp"

namespace shell {

// ---- one line for each command; they stand in the file named in the comment

// clang-format off
#define SHELL_COMMANDS(X) \
  /* basic.cpp */ \
  X(echo, "echo", false) X(printFormatted, "printf", false) X(date, "date", false) X(sleep, "sleep", false) \
  X(seq, "seq", false) X(hostname, "hostname", false) X(id, "id", false) X(whoami, "whoami", false) \
  X(uname, "uname", false) X(ps, "ps", false) X(kill, "kill", false) X(kill, "pkill", false) \
  X(kill, "killall", false) X(df, "df", false) X(basename, "basename", false) X(dirname, "dirname", false) \
  X(yes, "yes", false) X(clear, "clear", false) X(wait, "wait", false) X(nothing, "chmod", false) \
  X(nothing, "chown", false) X(nothing, "sync", false) X(uptime, "uptime", false) X(uptime, "nproc", false) \
  X(expr, "expr", false) \
  /* text.cpp */ \
  X(cat, "cat", true) X(cat, "less", true) X(cat, "more", true) X(vi, "vi", false) X(vi, "vim", false) \
  X(vi, "nano", false) X(head, "head", true) X(tail, "tail", true) X(wc, "wc", true) X(sort, "sort", true) \
  X(uniq, "uniq", true) X(cut, "cut", true) X(tr, "tr", true) X(tee, "tee", true) X(grep, "grep", true) \
  X(grep, "egrep", true) X(grep, "fgrep", true) X(rev, "rev", true) X(tac, "tac", true) X(nl, "nl", true) \
  X(base64, "base64", true) \
  /* sed.cpp, awk.cpp */ \
  X(sed, "sed", true) X(awk, "awk", true) X(awk, "gawk", true) X(awk, "mawk", true) \
  /* files.cpp */ \
  X(ls, "ls", false) X(mkdir, "mkdir", false) X(rmdir, "rmdir", false) X(rm, "rm", false) X(cp, "cp", false) \
  X(mv, "mv", false) X(touch, "touch", false) X(du, "du", false) X(statFile, "stat", false) \
  X(mount, "mount", false) X(sum, "md5sum", true) X(sum, "sha1sum", true) X(sum, "sha256sum", true) \
  /* net.cpp */ \
  X(nslookup, "nslookup", false) X(dig, "dig", false) X(host, "host", false) X(curl, "curl", true) \
  X(wget, "wget", false) X(ping, "ping", false) X(nc, "nc", true) X(nc, "ncat", true) \
  X(getent, "getent", false) \
  /* clients.cpp */ \
  X(mysql, "mysql", true) X(mysql, "mysqladmin", true) X(mysql, "mariadb", true) X(psql, "psql", true) \
  X(psql, "pg_isready", true) X(redis, "redis-cli", true) X(mongo, "mongosh", true) X(mongo, "mongo", true) \
  X(cqlsh, "cqlsh", true) X(zookeeper, "zkCli.sh", true) X(etcdctl, "etcdctl", true)
// clang-format on

#define DECLARE(function, name, reads) Outcome function(Call&, System&);
namespace commands {
SHELL_COMMANDS(DECLARE)
}

namespace {
#define ENTRY(function, name, reads) {name, commands::function, reads},
constexpr CommandEntry table[] = {SHELL_COMMANDS(ENTRY)};
}  // namespace

const CommandEntry* findCommand(std::string_view name) {
  for (const CommandEntry& c : table) {
    if (c.name == name) return &c;
  }
  return nullptr;
}

bool worksOnLines(std::string_view name) {
  constexpr std::string_view names = " cat less more head grep egrep fgrep awk gawk mawk sed cut tr nl rev tee ";
  return names.find(" " + std::string(name) + " ") != names.npos;
}

std::vector<std::string_view> commandNames() {
  std::vector<std::string_view> names{"cd",   "env", "exit", "export", "find",  "for",   "if",   "pwd",
                                      "read", "sh",  "test", "unset",  "watch", "while", "xargs"};
  for (const CommandEntry& c : table) names.push_back(c.name);
  api::sort(names);
  return names;
}

// ---- what commands share

Outcome done(Call& call, int exit) {
  call.exit = exit;
  return Outcome::done;
}

Outcome fail(Call& call, std::string_view text, int exit) {
  ((call.err += call.args[0]) += ": ") += text;
  call.err += '\n';
  return done(call, exit);
}

bool input(Call& call) {
  if (!call.inputEnds) return false;
  call.taken = call.input.size();
  return true;
}

std::string absolute(const Call& call, std::string_view path) { return normalised(call.cwd, path); }

bool readDevice(const System& system, std::string_view path, std::string& text) {
  constexpr size_t enough = 256 * 1024;
  if (path == "/dev/null") return true;
  if (path == "/dev/zero") return text.assign(enough, '\0'), true;
  if (path != "/dev/urandom" && path != "/dev/random") return false;
  text.resize(enough);
  uint64_t state = uint64_t(system.now()) * 2654435761u + 1;
  for (char& c : text) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    c = char(state >> 56);
  }
  return true;
}

bool slurp(Call& call, System& system, std::string_view name, std::string& text) {
  if (name == "-" || name == "/dev/stdin") {
    call.taken = call.input.size();
    text = call.input;
    return true;
  }
  const std::string path = absolute(call, name);
  const FileInfo info = system.stat(path);
  Errno e = info.kind == FileInfo::Kind::directory ? Errno::isDirectory : Errno::ok;
  if (readDevice(system, path, text)) return true;
  if (e == Errno::ok) e = system.read(path, text);
  if (e == Errno::ok) return true;
  const bool busybox = system.toolset() != "gnu";
  fail(call, busybox && e == Errno::noEntry ? "can't open '" + std::string(name) + "': " + std::string(shell::text(e))
                                            : std::string(name) + ": " + std::string(shell::text(e)));
  return false;
}

bool Options::has(char c) const {
  return std::any_of(list.begin(), list.end(), [c](const auto& o) { return o.first == c; });
}
const std::string* Options::value(char c) const {
  for (size_t i = list.size(); i-- > 0;) {
    if (list[i].first == c) return &list[i].second;
  }
  return nullptr;
}

bool options(Call& call, std::string_view spec, Options& out) {
  for (size_t i = 1; i < call.args.size(); ++i) {
    const std::string& w = call.args[i];
    if (w == "--") {
      out.words.insert(out.words.end(), call.args.begin() + long(i) + 1, call.args.end());
      break;
    }
    if (w.size() < 2 || w[0] != '-') {
      out.words.push_back(w);
      continue;
    }
    if (w[1] == '-') {  // long options are taken by their first letter, as far as the command knows it
      const size_t equals = w.find('=');
      const size_t at = spec.find(w[2]);
      const bool takes = at != spec.npos && at + 1 < spec.size() && spec[at + 1] == ':';
      std::string value = equals == w.npos ? std::string() : w.substr(equals + 1);
      if (takes && equals == w.npos && i + 1 < call.args.size()) value = call.args[++i];
      out.list.emplace_back(w[2], std::move(value));
      continue;
    }
    for (size_t k = 1; k < w.size(); ++k) {
      const size_t at = w[k] == ':' ? spec.npos : spec.find(w[k]);
      if (at == spec.npos) {
        if (w[1] >= '0' && w[1] <= '9' && spec.find('#') != spec.npos) {  // -5 for -n 5
          out.list.emplace_back('n', w.substr(1));
          break;
        }
        return shell::fail(call, "invalid option -- '" + std::string(1, w[k]) + "'"), false;
      }
      if (at + 1 >= spec.size() || spec[at + 1] != ':') {
        out.list.emplace_back(w[k], "");
        continue;
      }
      std::string value = w.substr(k + 1);
      if (value.empty() && i + 1 < call.args.size()) value = call.args[++i];
      out.list.emplace_back(w[k], std::move(value));
      break;
    }
  }
  return true;
}

std::vector<std::string_view> lines(std::string_view text) {
  std::vector<std::string_view> out;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    out.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

double number(std::string_view text) { return std::strtod(std::string(text.substr(0, 64)).c_str(), nullptr); }

std::string numberText(double v) {
  char buffer[40];
  if (v == double(int64_t(v)) && v > -1e15 && v < 1e15)
    std::snprintf(buffer, sizeof buffer, "%lld", (long long)v);
  else
    std::snprintf(buffer, sizeof buffer, "%.6g", v);
  return buffer;
}

int64_t integer(std::string_view text, int64_t otherwise) {
  const std::string t(text.substr(0, 32));
  char* end = nullptr;
  const long long v = std::strtoll(t.c_str(), &end, 10);
  return end == t.c_str() ? otherwise : v;
}

std::string padded(std::string_view text, int width) {
  std::string out(text);
  const size_t wanted = size_t(std::min(std::abs(width), 1000));
  if (out.size() >= wanted) return out;
  if (width < 0)
    out.resize(wanted, ' ');
  else
    out.insert(0, wanted - out.size(), ' ');
  return out;
}

std::string unescaped(std::string_view text, bool* stop) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 >= text.size()) {
      out += text[i];
      continue;
    }
    const char c = text[++i];
    constexpr std::string_view from = "abfnrtve\\", to = "\a\b\f\n\r\t\v\033\\";
    const size_t known = from.find(c);
    if (known != from.npos) {
      out += to[known];
    } else if (c == 'c' && stop) {
      *stop = true;
      return out;
    } else if (c == 'x' || (c >= '0' && c <= '7')) {
      const int base = c == 'x' ? 16 : 8;
      size_t k = c == 'x' ? i + 1 : i;
      const size_t most = k + (c == 'x' ? 2 : c == '0' ? 4 : 3);
      int v = 0;
      for (; k < most && k < text.size(); ++k) {
        const char d = char(text[k] | 32);
        const int digit = text[k] >= '0' && text[k] <= '9'     ? text[k] - '0'
                          : base == 16 && d >= 'a' && d <= 'f' ? d - 'a' + 10
                                                               : 99;
        if (digit >= base) break;
        v = v * base + digit;
      }
      out += char(v);
      i = k - 1;
    } else {
      (out += '\\') += c;
    }
  }
  return out;
}

std::string formatted(std::string_view format, const std::vector<std::string>& args, size_t from) {
  std::string out;
  size_t used = from;
  bool stop = false;
  do {
    const size_t before = used;
    for (size_t i = 0; i < format.size() && !stop && out.size() < longestText; ++i) {
      if (format[i] == '\\') {
        const size_t length =
            std::min<size_t>(format[i + 1 < format.size() ? i + 1 : i] == 'x' ||
                                     (i + 1 < format.size() && format[i + 1] >= '0' && format[i + 1] <= '7')
                                 ? 4
                                 : 2,
                             format.size() - i);
        size_t taken = 2;
        if (length > 2) {
          taken = 2;
          while (taken < length &&
                 std::string_view("0123456789abcdefABCDEF").find(format[i + taken]) != std::string_view::npos)
            ++taken;
        }
        out += unescaped(format.substr(i, std::min(taken, format.size() - i)), &stop);
        i += taken - 1;
        continue;
      }
      if (format[i] != '%') {
        out += format[i];
        continue;
      }
      if (format.substr(i, 2) == "%%") {
        out += '%';
        ++i;
        continue;
      }
      size_t k = i + 1;
      std::string flags, width, precision;
      while (k < format.size() && std::string_view("-+ #0").find(format[k]) != std::string_view::npos)
        flags += format[k++];
      const auto count = [&](std::string& to) {
        if (k < format.size() && format[k] == '*') {
          to = used < args.size() ? std::to_string(integer(args[used++])) : "0";
          ++k;
        }
        while (k < format.size() && format[k] >= '0' && format[k] <= '9' && to.size() < 4) to += format[k++];
      };
      count(width);
      bool exact = false;
      if (k < format.size() && format[k] == '.') exact = true, ++k, count(precision);
      while (k < format.size() && format[k] == 'l') ++k;
      const char kind = k < format.size() ? format[k] : '\0';
      const std::string arg = used < args.size() ? args[used] : std::string();
      used += used < args.size();
      i = k;
      if (width.size() > 3) width = "999";
      if (precision.size() > 2) precision = "99";
      const int wide = int(integer(width)) * (flags.find('-') != flags.npos ? -1 : 1);
      char buffer[1200];
      const std::string spec = "%" + flags + width + (exact ? "." + precision : "");
      const char first = arg.empty() ? '\0' : arg[0];
      if (kind == 's')
        out += padded(exact ? arg.substr(0, size_t(integer(precision))) : arg, wide);
      else if (kind == 'b')
        out += padded(unescaped(arg, &stop), wide);
      else if (kind == 'q')
        out += "'" + arg + "'";
      else if (kind == 'c')
        out += padded(arg.substr(0, 1), wide);
      else if (kind == 'd' || kind == 'i' || kind == 'u' || kind == 'x' || kind == 'X' || kind == 'o') {
        const long long v = (first == '\'' || first == '"') && arg.size() > 1 ? (long long)(unsigned char)arg[1]
                                                                              : (long long)number(arg);
        std::snprintf(buffer, sizeof buffer, (spec + "ll" + kind).c_str(), v);
        out += buffer;
      } else if (kind == 'f' || kind == 'g' || kind == 'e' || kind == 'G' || kind == 'E' || kind == 'F') {
        std::snprintf(buffer, sizeof buffer, (spec + kind).c_str(), number(arg));
        out += buffer;
      } else {
        out += '%';
        if (kind) out += kind;
      }
    }
    if (used == before) break;
  } while (used < args.size() && !stop && out.size() < longestText);
  return out;
}

std::string formatTime(api::Millis at, std::string_view format) {
  const int64_t seconds = at / 1000, days = seconds / 86400, rest = seconds % 86400;
  // Howard Hinnant's civil-from-days: years begin in March.
  const int64_t z = days + 719468, era = z / 146097, doe = z - era * 146097;
  const int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365,
                doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
  const int64_t mp = (5 * doy + 2) / 153, day = doy - (153 * mp + 2) / 5 + 1, month = mp < 10 ? mp + 3 : mp - 9;
  const int64_t year = yoe + era * 400 + (month <= 2);
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  constexpr int starts[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
  const int64_t ofYear = starts[month - 1] + day + (leap && month > 2);
  constexpr std::string_view dayNames[] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                           "Thursday", "Friday", "Saturday"};
  constexpr std::string_view monthNames[] = {"January", "February", "March",     "April",   "May",      "June",
                                             "July",    "August",   "September", "October", "November", "December"};
  const std::string_view dayName = dayNames[size_t((days + 4) % 7)], monthName = monthNames[month - 1];
  const auto digits = [](int64_t v, int n, char fill = '0') {
    std::string t = std::to_string(v);
    return t.size() < size_t(n) ? std::string(size_t(n) - t.size(), fill) + t : t;
  };
  std::string out;
  for (size_t i = 0; i < format.size(); ++i) {
    if (format[i] != '%' || i + 1 >= format.size()) {
      out += format[i];
      continue;
    }
    const int64_t h = rest / 3600, m = rest / 60 % 60, s = rest % 60;
    switch (format[++i]) {
      case 'Y': out += std::to_string(year); break;
      case 'y': out += digits(year % 100, 2); break;
      case 'm': out += digits(month, 2); break;
      case 'd': out += digits(day, 2); break;
      case 'e': out += digits(day, 2, ' '); break;
      case 'j': out += digits(ofYear, 3); break;
      case 'H': out += digits(h, 2); break;
      case 'I': out += digits((h + 11) % 12 + 1, 2); break;
      case 'M': out += digits(m, 2); break;
      case 'S': out += digits(s, 2); break;
      case 'N': out += digits(at % 1000 * 1000000, 9); break;
      case 's': out += std::to_string(seconds); break;
      case 'p': out += h < 12 ? "AM" : "PM"; break;
      case 'a': out += dayName.substr(0, 3); break;
      case 'A': out += dayName; break;
      case 'b':
      case 'h': out += monthName.substr(0, 3); break;
      case 'B': out += monthName; break;
      case 'u': out += std::to_string((days + 3) % 7 + 1); break;
      case 'Z': out += "UTC"; break;
      case 'z': out += "+0000"; break;
      case 'n': out += '\n'; break;
      case 't': out += '\t'; break;
      case '%': out += '%'; break;
      case 'F': out += formatTime(at, "%Y-%m-%d"); break;
      case 'T': out += formatTime(at, "%H:%M:%S"); break;
      case 'R': out += formatTime(at, "%H:%M"); break;
      case 'D': out += formatTime(at, "%m/%d/%y"); break;
      case 'c': out += formatTime(at, "%a %b %e %H:%M:%S %Y"); break;
      default: (out += '%') += format[i];
    }
  }
  return out;
}

}  // namespace shell
