// Commands about files and directories.
#include <algorithm>

#include "core/api/sort.hpp"
#include "core/shell/command.hpp"
#include "core/shell/machine.hpp"

namespace shell::commands {
namespace {
using Kind = FileInfo::Kind;

std::string_view lastPart(std::string_view path) { return path.substr(path.rfind('/') + 1); }
std::string parentOf(std::string_view path) {
  const size_t slash = path.rfind('/');
  return slash == 0 || slash == path.npos ? "/" : std::string(path.substr(0, slash));
}
std::string joined(std::string_view folder, std::string_view name) {
  std::string out(folder);
  if (out.empty() || out.back() != '/') out += '/';
  return out += name;
}

Errno removeAll(System& s, const std::string& path, int depth = 0) {
  std::vector<std::string> names;
  if (depth > 50) return Errno::io;
  if (s.stat(path).kind == Kind::directory) {
    s.list(path, names);
    for (const std::string& n : names) {
      const Errno e = removeAll(s, joined(path, n), depth + 1);
      if (e != Errno::ok) return e;
    }
  }
  return s.remove(path);
}

Errno copyAll(System& s, const std::string& from, const std::string& to, int depth = 0) {
  if (depth > 50) return Errno::io;
  if (s.stat(from).kind != Kind::directory) {
    std::string text;
    const Errno e = s.read(from, text);
    return e == Errno::ok ? s.write(to, text, false) : e;
  }
  if (s.stat(to).kind == Kind::none) {
    const Errno e = s.makeDirectory(to);
    if (e != Errno::ok) return e;
  }
  std::vector<std::string> names;
  s.list(from, names);
  for (const std::string& n : names) {
    const Errno e = copyAll(s, joined(from, n), joined(to, n), depth + 1);
    if (e != Errno::ok) return e;
  }
  return Errno::ok;
}

int64_t sizeOf(System& s, const std::string& path, std::string_view shown, std::string* lines, int depth = 0) {
  const FileInfo info = s.stat(path);
  if (info.kind != Kind::directory) return (info.size + 4095) / 4096 * 4;
  int64_t total = 4;
  std::vector<std::string> names;
  if (depth < 50) s.list(path, names);
  for (const std::string& n : names) total += sizeOf(s, joined(path, n), joined(shown, n), lines, depth + 1);
  if (lines) *lines += std::to_string(total) + "\t" + std::string(shown) + "\n";
  return total;
}
}  // namespace

Outcome ls(Call& c, System& s) {
  Options o;
  if (!options(c, "laAh1trdRFiSn", o)) return Outcome::done;
  if (o.words.empty()) o.words = {"."};
  int exit = 0;
  const bool wide = c.terminal && !o.has('1') && !o.has('l');
  const auto line = [&](const std::string& path, const std::string& name) {
    const FileInfo info = s.stat(path);
    if (o.has('l')) {
      const bool folder = info.kind == Kind::directory;
      const Owner owner = s.owner(path);
      std::string mode = folder || info.executable ? "drwxr-xr-x" : "-rw-r--r--";
      if (!folder) mode[0] = '-';
      if (owner.writable) mode[5] = 'w';
      if (owner.shared && folder) mode[6] = 's';
      int links = folder ? 2 : 1;
      std::vector<std::string> inside;
      if (folder) s.list(path, inside);
      for (const std::string& n : inside) links += s.stat(joined(path, n)).kind == Kind::directory;
      c.out += mode + " " + std::to_string(links) + " " + owner.user + " " + owner.group + " " +
               padded(std::to_string(folder ? 4096 : info.size), 5) + " " +
               formatTime(info.modified ? info.modified : s.now(), "%b %e %H:%M") + " ";
    }
    c.out += name + (o.has('F') && info.kind == Kind::directory ? "/" : "") + (wide ? "  " : "\n");
  };
  std::vector<std::string> files, folders;
  for (const std::string& w : o.words) {
    const FileInfo info = s.stat(absolute(c, w));
    if (info.kind == Kind::none) {
      fail(c, s.toolset() == "gnu" ? "cannot access '" + w + "': No such file or directory"
                                   : w + ": No such file or directory");
      exit = s.toolset() == "gnu" ? 2 : 1;
    } else {
      (info.kind == Kind::file || o.has('d') ? files : folders).push_back(w);
    }
  }
  for (const std::string& f : files) line(absolute(c, f), f);
  if (wide && !files.empty()) c.out += '\n';
  for (const std::string& f : folders) {
    if (o.words.size() > 1) c.out += (c.out.empty() ? "" : "\n") + f + ":\n";
    std::vector<std::string> names;
    const std::string path = absolute(c, f);
    s.list(path, names);
    if (o.has('a'))
      names.insert(names.begin(), {".", ".."});
    else if (!o.has('A'))
      std::erase_if(names, [](const std::string& n) { return n[0] == '.'; });
    if (o.has('t'))
      api::sort(names, [&](const auto& a, const auto& b) {
        return s.stat(joined(path, a)).modified > s.stat(joined(path, b)).modified;
      });
    if (o.has('r')) std::reverse(names.begin(), names.end());
    if (o.has('l')) {
      int64_t blocks = 0;
      for (const std::string& n : names)
        blocks +=
            s.stat(joined(path, n)).kind == Kind::directory ? 4 : (s.stat(joined(path, n)).size + 4095) / 4096 * 4;
      c.out += "total " + std::to_string(blocks) + "\n";
    }
    for (const std::string& n : names) line(normalised(path, n), n);
    if (wide && !names.empty()) c.out += '\n';
  }
  return done(c, exit);
}

Outcome mkdir(Call& c, System& s) {
  Options o;
  if (!options(c, "pm:v", o)) return Outcome::done;
  if (o.words.empty()) return fail(c, "missing operand");
  int exit = 0;
  for (const std::string& w : o.words) {
    const std::string path = absolute(c, w);
    Errno e = Errno::ok;
    for (size_t at = path.find('/', 1); o.has('p') && at != path.npos && e == Errno::ok; at = path.find('/', at + 1)) {
      if (s.stat(path.substr(0, at)).kind == Kind::none) e = s.makeDirectory(path.substr(0, at));
    }
    const Kind kind = s.stat(path).kind;
    if (kind == Kind::directory && o.has('p')) continue;
    if (e == Errno::ok) e = kind != Kind::none ? Errno::exists : s.makeDirectory(path);
    if (e != Errno::ok) fail(c, "cannot create directory '" + w + "': " + std::string(text(e))), exit = 1;
  }
  return done(c, exit);
}

Outcome rmdir(Call& c, System& s) {
  int exit = 0;
  for (size_t i = 1; i < c.args.size(); ++i) {
    const std::string path = absolute(c, c.args[i]);
    const Kind kind = s.stat(path).kind;
    const Errno e = kind == Kind::none ? Errno::noEntry : kind == Kind::file ? Errno::notDirectory : s.remove(path);
    if (e != Errno::ok) fail(c, "failed to remove '" + c.args[i] + "': " + std::string(text(e))), exit = 1;
  }
  return done(c, exit);
}

Outcome rm(Call& c, System& s) {
  Options o;
  if (!options(c, "rRfiv", o)) return Outcome::done;
  if (o.words.empty() && !o.has('f')) return fail(c, "missing operand");
  int exit = 0;
  for (const std::string& w : o.words) {
    const std::string path = absolute(c, w);
    const Kind kind = s.stat(path).kind;
    if (kind == Kind::none && o.has('f')) continue;
    const bool recursive = o.has('r') || o.has('R');
    const Errno e = kind == Kind::none                      ? Errno::noEntry
                    : kind == Kind::directory && !recursive ? Errno::isDirectory
                                                            : removeAll(s, path);
    if (e != Errno::ok) fail(c, "cannot remove '" + w + "': " + std::string(text(e))), exit = 1;
  }
  return done(c, exit);
}

namespace {
Outcome transfer(Call& c, System& s, bool moves) {
  Options o;
  if (!options(c, "rRapfnvT", o)) return Outcome::done;
  if (o.words.size() < 2)
    return fail(
        c, o.words.empty() ? "missing file operand" : "missing destination file operand after '" + o.words[0] + "'");
  const std::string target = absolute(c, o.words.back());
  const bool into = s.stat(target).kind == Kind::directory;
  o.words.pop_back();
  if (o.words.size() > 1 && !into) return fail(c, "target '" + target + "' is not a directory");
  int exit = 0;
  for (const std::string& w : o.words) {
    const std::string from = absolute(c, w), to = into ? joined(target, lastPart(from)) : target;
    const Kind kind = s.stat(from).kind;
    if (kind == Kind::none) {
      fail(c, "cannot stat '" + w + "': No such file or directory"), exit = 1;
    } else if (kind == Kind::directory && !moves && !o.has('r') && !o.has('R') && !o.has('a')) {
      fail(c, "-r not specified; omitting directory '" + w + "'"), exit = 1;
    } else if (from == to || (to + "/").substr(0, from.size() + 1) == from + "/") {
      fail(c, "'" + w + "' and '" + w + "' are the same file"), exit = 1;
    } else {
      Errno e = copyAll(s, from, to);
      if (e == Errno::ok && moves) e = removeAll(s, from);
      if (e != Errno::ok) fail(c, "cannot create regular file '" + to + "': " + std::string(text(e))), exit = 1;
    }
  }
  return done(c, exit);
}
}  // namespace
Outcome cp(Call& c, System& s) { return transfer(c, s, false); }
Outcome mv(Call& c, System& s) { return transfer(c, s, true); }

Outcome touch(Call& c, System& s) {
  int exit = 0;
  for (size_t i = 1; i < c.args.size(); ++i) {
    if (c.args[i][0] == '-') continue;
    const std::string path = absolute(c, c.args[i]);
    const Kind kind = s.stat(path).kind;
    if (kind == Kind::directory) continue;
    const Errno e =
        kind == Kind::none && s.stat(parentOf(path)).kind == Kind::none ? Errno::noEntry : s.write(path, {}, true);
    if (e != Errno::ok) fail(c, "cannot touch '" + c.args[i] + "': " + std::string(text(e))), exit = 1;
  }
  return done(c, exit);
}

Outcome du(Call& c, System& s) {
  Options o;
  if (!options(c, "shkcad:", o)) return Outcome::done;
  if (o.words.empty()) o.words = {"."};
  for (const std::string& w : o.words) {
    if (s.stat(absolute(c, w)).kind == Kind::none)
      return fail(c, "cannot access '" + w + "': No such file or directory");
    std::string all;
    const int64_t total = sizeOf(s, absolute(c, w), w, &all);
    if (o.has('s') || all.empty()) all = std::to_string(total) + "\t" + w + "\n";
    if (o.has('h')) all = std::to_string(total) + ".0K\t" + w + "\n";
    c.out += all;
  }
  return done(c);
}

Outcome statFile(Call& c, System& s) {
  Options o;
  if (!options(c, "c:f", o)) return Outcome::done;
  for (const std::string& w : o.words) {
    const FileInfo info = s.stat(absolute(c, w));
    if (info.kind == Kind::none) return fail(c, "cannot statx '" + w + "': No such file or directory");
    const std::string* format = o.value('c');
    std::string line = format ? *format : "  File: %n\n  Size: %s\nModify: %y";
    const std::pair<std::string_view, std::string> values[] = {
        {"%n", w},
        {"%s", std::to_string(info.size)},
        {"%y", formatTime(info.modified, "%F %T.000000000 +0000")},
        {"%Y", std::to_string(info.modified / 1000)},
        {"%U", "root"},
        {"%a", info.executable ? "755" : "644"}};
    for (const auto& [key, value] : values) {
      for (size_t at = line.find(key); at != line.npos; at = line.find(key, at + value.size()))
        line.replace(at, key.size(), value);
    }
    c.out += line + "\n";
  }
  return done(c);
}

Outcome mount(Call& c, System& s) {
  for (const Mount& m : s.mounts()) c.out += m.device + " on " + m.path + " type ext4 (rw,relatime)\n";
  return done(c);
}

}  // namespace shell::commands
