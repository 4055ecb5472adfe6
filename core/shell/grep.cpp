// grep, egrep and fgrep.
#include <algorithm>

#include "core/api/sort.hpp"
#include "core/shell/machine.hpp"
#include "core/shell/match.hpp"
#include "core/shell/text.hpp"

namespace shell::commands {

namespace {
void searchFolder(System& s, const std::string& path, const std::string& shown, std::vector<std::string>& out,
                  int depth) {
  std::vector<std::string> names;
  if (depth > 20 || s.list(path, names) != Errno::ok) return;
  for (const std::string& n : names) {
    const std::string whole = path + (path == "/" ? "" : "/") + n, name = shown + (shown.back() == '/' ? "" : "/") + n;
    if (s.stat(whole).kind == FileInfo::Kind::directory)
      searchFolder(s, whole, name, out, depth + 1);
    else if (out.size() < 2000)
      out.push_back(name);
  }
}
}  // namespace

Outcome grep(Call& c, System& s) {
  Options o;
  if (!options(c, "cviEFoqnlLwxsHhrRA:B:C:e:m:G", o)) return Outcome::done;
  std::vector<std::string> patterns;
  for (const auto& [option, value] : o.list) {
    if (option == 'e') patterns.push_back(value);
  }
  if (patterns.empty()) {
    if (o.words.empty()) return fail(c, "usage: grep [OPTION]... PATTERN [FILE]...", 2);
    patterns.push_back(o.words[0]);
    o.words.erase(o.words.begin());
  }
  std::vector<Regex> expressions;
  const bool fixed = o.has('F') || c.args[0] == "fgrep", extended = o.has('E') || c.args[0] == "egrep";
  for (std::string p : patterns) {
    if (fixed) {
      std::string quoted;
      for (char ch : p) {
        if (std::string_view("\\[]*.^$+?(){}|").find(ch) != std::string_view::npos) quoted += '\\';
        quoted += ch;
      }
      p = quoted;
    }
    if (o.has('w'))
      p = "\\b" + std::string(extended || fixed ? "(" : "\\(") + p + (extended || fixed ? ")" : "\\)") + "\\b";
    if (o.has('x'))
      p = "^" + std::string(extended || fixed ? "(" : "\\(") + p + (extended || fixed ? ")" : "\\)") + "$";
    Regex r;
    if (!r.compile(p, extended || fixed, o.has('i'))) return fail(c, "Invalid regular expression", 2);
    expressions.push_back(std::move(r));
  }
  if ((o.has('r') || o.has('R'))) {
    std::vector<std::string> files;
    for (const std::string& w : o.words.empty() ? std::vector<std::string>{"."} : o.words) {
      if (s.stat(absolute(c, w)).kind == FileInfo::Kind::directory)
        searchFolder(s, absolute(c, w), w, files, 0);
      else
        files.push_back(w);
    }
    o.words = files;
    if (files.empty()) return done(c, 1);
  }
  Inputs in;
  if (!inputs(c, s, o.words, in)) return in.outcome;
  if (o.has('s')) c.err.clear();
  const bool names = (in.texts.size() > 1 || o.has('H') || o.has('r') || o.has('R')) && !o.has('h');
  const auto number = [&](char option) {
    return o.value(option) ? integer(*o.value(option)) : o.value('C') && option != 'm' ? integer(*o.value('C')) : 0;
  };
  const int64_t after = number('A'), before = number('B'), most = o.value('m') ? number('m') : INT64_MAX;
  bool any = false;
  for (const auto& input : in.texts) {
    const std::string &name = input.first, &text = input.second;
    const std::string prefix = names ? name + ":" : "";
    const std::vector<std::string_view> all = lines(text);
    int64_t count = 0, shownTo = -1, wantedTo = -1;
    const auto show = [&](int64_t i, char mark) {
      if (shownTo >= 0 && i > shownTo + 1 && (after || before)) c.out += "--\n";
      if (names) c.out += name + mark;
      if (o.has('n')) c.out += std::to_string(i + 1) + mark;
      c.out.append(all[size_t(i)]) += '\n';
      shownTo = i;
    };
    for (int64_t i = 0; i < int64_t(all.size()) && count < most; ++i) {
      const std::string_view line = all[size_t(i)];
      const bool hit = std::any_of(expressions.begin(), expressions.end(),
                                   [&](const Regex& r) { return r.matches(line); }) != o.has('v');
      if (!hit) {
        if (i <= wantedTo && !o.has('c') && !o.has('q') && !o.has('l')) show(i, '-');
        continue;
      }
      ++count;
      any = true;
      if (o.has('c') || o.has('q') || o.has('l') || o.has('L')) continue;
      if (o.has('o') && !o.has('v')) {
        for (size_t at = 0; at <= line.size();) {
          Regex::Match m;
          if (!expressions[0].search(line, at, m)) break;
          if (m.end > m.begin)
            ((c.out += prefix) += o.has('n') ? std::to_string(i + 1) + ":" : "")
                .append(line.substr(m.begin, m.end - m.begin)) += '\n';
          at = std::max(m.end, m.begin + 1);
        }
        continue;
      }
      for (int64_t k = std::max(i - before, shownTo + 1); k < i; ++k) show(k, '-');
      show(i, ':');
      wantedTo = i + after;
    }
    c.satisfied = count >= most || (any && (o.has('q') || o.has('l')));
    if (c.partial && !c.satisfied && (o.has('c') || o.has('L'))) continue;
    if (o.has('c')) c.out += prefix + std::to_string(count) + "\n";
    if (o.has('l') && count) c.out += name + "\n";
    if (o.has('L') && !count) c.out += name + "\n";
  }
  return done(c, any ? 0 : in.exit ? 2 : 1);
}

}  // namespace shell::commands
