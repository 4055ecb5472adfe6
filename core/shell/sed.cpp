// sed: s///, p, d, q, =, y///, a, i, c, with addresses. Models POSIX sed without the hold space and branches.
#include <algorithm>

#include "core/shell/command.hpp"
#include "core/shell/machine.hpp"
#include "core/shell/match.hpp"

namespace shell::commands {
namespace {

struct Address {
  enum class Kind : uint8_t { none, line, last, pattern } kind = Kind::none;
  int64_t line = 0;
  Regex pattern;
};

struct Step {
  Address from, to;
  bool negated = false, inRange = false;
  char name = 0;
  Regex pattern;
  std::string text;  ///< the replacement, or what a, i, c add
  bool all = false, prints = false;
  int64_t nth = 0;
  int depth = 0;  ///< within how many braces
};

struct Script {
  std::string_view text;
  bool extended;
  size_t at = 0;
  std::string error = {};
  std::vector<Step> steps = {};

  void blanks(bool newlines) {
    while (at < text.size() &&
           (text[at] == ' ' || text[at] == '\t' || (newlines && (text[at] == '\n' || text[at] == ';'))))
      ++at;
  }
  /// Up to the delimiter; a backslash before it goes away.
  std::string part(char delimiter) {
    std::string out;
    for (bool set = false; at < text.size() && (text[at] != delimiter || set); ++at) {
      if (text[at] == '[')
        set = set || text.find(']', at) != text.npos;
      else if (text[at] == ']')
        set = false;
      if (text[at] == '\\' && at + 1 < text.size()) {
        if (text[at + 1] != delimiter) out += '\\';
        ++at;
      }
      out += text[at];
    }
    if (at >= text.size()) error = "unterminated `s' command";
    ++at;
    return out;
  }
  Address address() {
    Address a;
    if (at >= text.size()) return a;
    if (text[at] >= '0' && text[at] <= '9') {
      a.kind = Address::Kind::line;
      while (at < text.size() && text[at] >= '0' && text[at] <= '9')
        a.line = std::min<int64_t>(a.line * 10 + (text[at++] - '0'), 1 << 30);
    } else if (text[at] == '$') {
      ++at;
      a.kind = Address::Kind::last;
    } else if (text[at] == '/') {
      ++at;
      a.kind = Address::Kind::pattern;
      if (!a.pattern.compile(part('/'), extended)) error = "invalid regular expression";
    }
    return a;
  }
  void parse() {
    int depth = 0;
    for (blanks(true); at < text.size() && error.empty(); blanks(true)) {
      if (text[at] == '#') {
        while (at < text.size() && text[at] != '\n') ++at;
        continue;
      }
      if (text[at] == '}') {
        ++at;
        --depth;
        Step close;
        close.name = '}';
        steps.push_back(std::move(close));
        continue;
      }
      Step s;
      s.from = address();
      blanks(false);
      if (at < text.size() && text[at] == ',') {
        ++at;
        blanks(false);
        s.to = address();
      }
      blanks(false);
      if (at < text.size() && text[at] == '!') ++at, s.negated = true;
      blanks(false);
      if (at >= text.size()) return void(error = "missing command");
      s.name = text[at++];
      s.depth = depth;
      if (s.name == '{') {
        ++depth;
      } else if (s.name == 's' || s.name == 'y') {
        const char delimiter = at < text.size() ? text[at++] : '/';
        const std::string pattern = part(delimiter);
        s.text = part(delimiter);
        bool fold = false;
        for (; at < text.size() && s.name == 's' &&
               std::string_view("gpiI0123456789").find(text[at]) != std::string_view::npos;
             ++at) {
          const char f = text[at];
          if (f == 'g')
            s.all = true;
          else if (f == 'p')
            s.prints = true;
          else if (f == 'i' || f == 'I')
            fold = true;
          else
            s.nth = std::min<int64_t>(s.nth * 10 + (f - '0'), 10000);
        }
        if (s.name == 'y')
          s.text = pattern + '\n' + s.text;
        else if (!s.pattern.compile(pattern, extended, fold))
          error = "invalid regular expression";
      } else if (s.name == 'a' || s.name == 'i' || s.name == 'c') {
        blanks(false);
        if (text.substr(at, 1) == "\\") ++at;
        if (text.substr(at, 1) == "\n") ++at;
        const size_t end = std::min(text.find('\n', at), text.size());
        s.text = unescaped(text.substr(at, end - at));
        at = end;
      } else if (std::string_view("pdqDn=").find(s.name) == std::string_view::npos) {
        error = "unknown command: `" + std::string(1, s.name) + "'";
      }
      blanks(false);
      steps.push_back(std::move(s));
      if (steps.size() > 500) error = "too many commands";
    }
  }
};

bool matches(const Address& a, std::string_view line, int64_t n, bool last) {
  switch (a.kind) {
    case Address::Kind::line: return n == a.line;
    case Address::Kind::last: return last;
    case Address::Kind::pattern: return a.pattern.matches(line);
    default: return true;
  }
}

bool selected(Step& s, std::string_view line, int64_t n, bool last) {
  if (s.to.kind == Address::Kind::none) return matches(s.from, line, n, last) != s.negated;
  bool in = s.inRange;
  if (!in && matches(s.from, line, n, last)) {
    in = true;
    s.inRange = !(s.to.kind == Address::Kind::line && s.to.line <= n);
  } else if (in && matches(s.to, line, n, last)) {
    s.inRange = false;
  }
  return in != s.negated;
}

bool substitute(const Step& s, std::string& line) {
  std::string made;
  size_t at = 0;
  bool changed = false;
  int64_t count = 0;
  while (at <= line.size() && made.size() < longestValue) {
    Regex::Match m;
    if (!s.pattern.search(line, at, m)) break;
    made += line.substr(at, m.begin - at);
    ++count;
    const bool takes = s.nth ? count == s.nth || (s.all && count > s.nth) : true;
    if (takes) {
      changed = true;
      for (size_t i = 0; i < s.text.size(); ++i) {
        const char ch = s.text[i];
        if (ch == '&')
          made += m.of(line, 0);
        else if (ch != '\\' || i + 1 >= s.text.size())
          made += ch;
        else if (const char e = s.text[++i]; e >= '0' && e <= '9')
          made += m.of(line, e - '0');
        else
          made += e == 'n' ? '\n' : e == 't' ? '\t' : e;
      }
    } else {
      made += m.of(line, 0);
    }
    at = m.end;
    if (m.end == m.begin) {
      if (at < line.size()) made += line[at];
      ++at;
    }
    if (takes && !s.all) break;
  }
  if (at < line.size()) made += line.substr(at);
  if (changed) line = std::move(made);
  return changed;
}

/// `more`: further lines come, so none of these is the last; `quit` becomes true where the script ends by itself.
std::string edited(std::vector<Step> steps, std::string_view text, bool quiet, bool more = false,
                   bool* quit = nullptr) {
  std::string out;
  std::vector<std::string_view> all = lines(text);
  const bool asksForLast = std::any_of(steps.begin(), steps.end(), [](const Step& s) {
    return s.from.kind == Address::Kind::last || s.to.kind == Address::Kind::last;
  });
  if (more && asksForLast && !all.empty()) all.pop_back();
  for (size_t n = 0; n < all.size() && out.size() < longestText; ++n) {
    std::string line(all[n]), after;
    bool removed = false, quits = false;
    const bool last = !more && n + 1 == all.size();
    for (size_t i = 0; i < steps.size() && !removed && !quits; ++i) {
      Step& s = steps[i];
      if (s.name == '}') continue;
      if (!selected(s, line, int64_t(n) + 1, last)) {
        if (s.name == '{') {  // to its end
          for (int open = 1; open && i + 1 < steps.size();) {
            ++i;
            open += steps[i].name == '{' ? 1 : steps[i].name == '}' ? -1 : 0;
          }
        }
        continue;
      }
      switch (s.name) {
        case 's':
          if (substitute(s, line) && s.prints) out += line + "\n";
          break;
        case 'y': {
          const size_t half = s.text.find('\n');
          for (char& ch : line) {
            const size_t k = std::string_view(s.text).substr(0, half).find(ch);
            if (k != std::string_view::npos && half + 1 + k < s.text.size()) ch = s.text[half + 1 + k];
          }
          break;
        }
        case 'p': out += line + "\n"; break;
        case 'd':
        case 'D': removed = true; break;
        case 'q': quits = true; break;
        case '=': out += std::to_string(n + 1) + "\n"; break;
        case 'i': out += s.text + "\n"; break;
        case 'a': after += s.text + "\n"; break;
        case 'c':
          out += s.text + "\n";
          removed = true;
          break;
        default: break;
      }
    }
    const bool endless = last && !text.empty() && text.back() != '\n';
    if (!removed && !quiet) out += line + (endless ? "" : "\n");
    out += after;
    if (quits && quit) *quit = true;
    if (quits) break;
  }
  return out;
}
}  // namespace

Outcome sed(Call& c, System& s) {
  Options o;
  std::string inPlace;
  bool writes = false;
  for (std::string& w : c.args) {  // -i may have a suffix of its own, which is no value of another word
    if (w.substr(0, 2) != "-i" && w.substr(0, 10) != "--in-place") continue;
    writes = true;
    inPlace = w.substr(0, 2) == "-i" ? w.substr(2) : "";
    w = "-s";
  }
  if (!options(c, "nrEse:", o)) return Outcome::done;
  std::string text;
  bool given = false;
  for (const auto& [option, value] : o.list) {
    if (option == 'e') text += value + "\n", given = true;
  }
  if (!given) {
    if (o.words.empty()) return fail(c, "no script specified");
    text = o.words[0];
    o.words.erase(o.words.begin());
  }
  Script script{text, o.has('r') || o.has('E')};
  script.parse();
  if (!script.error.empty()) return fail(c, "-e expression #1: " + script.error);
  const bool quiet = o.has('n');
  if (o.words.empty()) {
    if (!input(c)) return Outcome::reads;
    c.out = edited(script.steps, c.input, quiet, c.partial, &c.satisfied);
    return done(c);
  }
  int exit = 0;
  std::string whole;
  for (const std::string& name : o.words) {
    std::string content;
    if (!slurp(c, s, name, content)) {
      exit = 1;
      continue;
    }
    if (!writes) {
      whole += content;
      continue;
    }
    if (!inPlace.empty()) s.write(absolute(c, name + inPlace), content, false);
    const Errno e = s.write(absolute(c, name), edited(script.steps, content, quiet), false);
    if (e != Errno::ok) fail(c, name + ": " + std::string(shell::text(e))), exit = 4;
  }
  if (!writes) c.out = edited(script.steps, whole, quiet);
  return done(c, exit);
}

}  // namespace shell::commands
