#include "core/shell/match.hpp"

#include <algorithm>

namespace shell {

// ---- file name patterns

namespace {
/// One character against the element of a pattern at p, which is moved past it.
bool elementMatches(std::string_view pattern, size_t& p, char c) {
  if (pattern[p] == '?') return ++p, true;
  if (pattern[p] == '[') {
    size_t i = p + 1;
    const bool negated = i < pattern.size() && (pattern[i] == '!' || pattern[i] == '^');
    i += negated;
    bool found = false;
    const size_t first = i;
    for (; i < pattern.size() && (pattern[i] != ']' || i == first); ++i) {
      if (pattern[i] == '\\' && i + 1 < pattern.size()) ++i;
      if (i + 2 < pattern.size() && pattern[i + 1] == '-' && pattern[i + 2] != ']') {
        found = found || (pattern[i] <= c && c <= pattern[i + 2]);
        i += 2;
      } else {
        found = found || pattern[i] == c;
      }
    }
    if (i < pattern.size()) return p = i + 1, found != negated;
  }
  if (pattern[p] == '\\' && p + 1 < pattern.size()) ++p;
  return pattern[p++] == c;
}
}  // namespace

bool globMatches(std::string_view pattern, std::string_view text) {
  size_t p = 0, t = 0, star = pattern.npos, starText = 0;
  for (int budget = 2000000; t < text.size() || p < pattern.size();) {
    if (--budget < 0) return false;  // only hostile patterns need as much
    if (p < pattern.size() && pattern[p] == '*') {
      star = ++p;
      starText = t;
      continue;
    }
    size_t next = p;
    if (p < pattern.size() && t < text.size() && elementMatches(pattern, next, text[t])) {
      p = next;
      ++t;
      continue;
    }
    if (star == pattern.npos || starText >= text.size()) return false;
    p = star;
    t = ++starText;
  }
  return true;
}

bool isGlob(std::string_view pattern) {
  for (size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '\\')
      ++i;
    else if (pattern[i] == '*' || pattern[i] == '?' || pattern[i] == '[')
      return true;
  }
  return false;
}

std::string withoutEscapes(std::string_view pattern) {
  std::string out;
  for (size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '\\' && i + 1 < pattern.size()) ++i;
    out += pattern[i];
  }
  return out;
}

// ---- regular expressions: compiled to instructions that all threads of a match run in step

namespace {
constexpr size_t longestProgram = 1500;
bool isLetter(unsigned char c) { return (c | 32) >= 'a' && (c | 32) <= 'z'; }
bool isWord(unsigned char c) { return c == '_' || isLetter(c) || (c >= '0' && c <= '9'); }
struct Class {
  std::string_view name, ranges;  ///< pairs of first and last characters
};
constexpr Class classes[] = {{"alpha", "azAZ"},     {"digit", "09"},      {"alnum", "azAZ09"}, {"upper", "AZ"},
                             {"lower", "az"},       {"xdigit", "09afAF"}, {"blank", "  \t\t"}, {"space", "  \t\r"},
                             {"punct", "!/:@[`{~"}, {"word", "azAZ09__"}};
}  // namespace

struct Regex::Compiler {
  Regex& regex;
  std::string_view text;
  bool extended;
  size_t at = 0;
  int groups = 0, depth = 0;
  bool bad = false;

  using Code = std::vector<Instruction>;

  bool more() const { return at < text.size(); }
  /// Whether an operator stands here: "|", "(", … of extended expressions, with a backslash in basic ones.
  bool sees(char op) const {
    if (extended) return at < text.size() && text[at] == op;
    return at + 1 < text.size() && text[at] == '\\' && text[at + 1] == op;
  }
  void skip() { at += extended ? 1 : 2; }

  /// Instructions name others by their distance until they stand in the program.
  static void append(Code& code, const Code& more) { code.insert(code.end(), more.begin(), more.end()); }
  void check(const Code& code) { bad = bad || code.size() > longestProgram; }

  Code alternatives() {
    if (++depth > 50) bad = true;
    Code code = sequence();
    while (!bad && sees('|')) {
      skip();
      const Code other = sequence();
      Code both{{Instruction::split, 0, 1, int(code.size()) + 2}};
      append(both, code);
      both.push_back({Instruction::jump, 0, int(other.size()) + 1, 0});
      append(both, other);
      code = std::move(both);
      check(code);
    }
    --depth;
    return code;
  }

  Code sequence() {
    Code code;
    const size_t first = at;
    while (!bad && more() && !sees('|') && !(depth > 1 && sees(')'))) {
      Code one = atom(at == first);
      repeat(one);
      append(code, one);
      check(code);
    }
    return code;
  }

  void addSet(Set& set, unsigned char c) {
    set.add(c);
    if (regex.ignoreCase_ && isLetter(c)) set.add(c ^ 32);
  }
  void addRange(Set& set, unsigned char a, unsigned char b) {
    for (int c = a; c <= b; ++c) addSet(set, (unsigned char)c);
  }
  void addClass(Set& set, std::string_view name) {
    for (const Class& c : classes) {
      if (c.name != name) continue;
      for (size_t i = 0; i + 1 < c.ranges.size(); i += 2) {
        addRange(set, (unsigned char)c.ranges[i], (unsigned char)c.ranges[i + 1]);
      }
      return;
    }
    bad = true;
  }
  Code useSet(Set set, bool negated) {
    if (negated) {
      for (uint64_t& b : set.bits) b = ~b;
    }
    regex.sets_.push_back(set);
    return {{Instruction::set, 0, int(regex.sets_.size()) - 1, 0}};
  }

  Code bracket() {
    Set set;
    const bool negated = more() && text[at] == '^';
    at += negated;
    for (const size_t first = at; more() && (text[at] != ']' || at == first);) {
      if (text.substr(at, 2) == "[:") {
        const size_t end = text.find(":]", at);
        if (end == text.npos) break;
        addClass(set, text.substr(at + 2, end - at - 2));
        at = end + 2;
        continue;
      }
      if (at + 2 < text.size() && text[at + 1] == '-' && text[at + 2] != ']') {
        addRange(set, (unsigned char)text[at], (unsigned char)text[at + 2]);
        at += 3;
        continue;
      }
      if (text[at] == '\\' && at + 1 < text.size() && (text[at + 1] == 'n' || text[at + 1] == 't')) {
        set.add(text[++at] == 'n' ? '\n' : '\t');
        ++at;
        continue;
      }
      addSet(set, (unsigned char)text[at++]);
    }
    if (!more()) bad = true;
    ++at;
    return useSet(set, negated);
  }

  Code literal(char c) {
    if (regex.ignoreCase_ && isLetter((unsigned char)c)) {
      Set set;
      addSet(set, (unsigned char)c);
      return useSet(set, false);
    }
    return {{Instruction::character, uint8_t(c), 0, 0}};
  }

  Code group() {
    skip();
    const int n = ++groups;
    Code inner = alternatives();
    if (!sees(')')) bad = true;
    skip();
    if (n > 9) return inner;
    Code code{{Instruction::save, uint8_t(2 * n), 0, 0}};
    append(code, inner);
    code.push_back({Instruction::save, uint8_t(2 * n + 1), 0, 0});
    return code;
  }

  Code atom(bool first) {
    if (sees('(')) return group();
    const char c = text[at++];
    if (c == '.') return {{Instruction::any, 0, 0, 0}};
    if (c == '[') return bracket();
    if (c == '^' && (extended || first)) return {{Instruction::begin, 0, 0, 0}};
    if (c == '$' && (extended || !more() || sees(')') || sees('|'))) return {{Instruction::end, 0, 0, 0}};
    if (c == '*' && first) return literal(c);
    if (extended && (c == '*' || c == '+' || c == '?')) {
      if (first) return literal(c);
      bad = true;
    }
    if (c != '\\') return literal(c);
    if (!more()) return bad = true, Code();
    const char e = text[at++];
    Set set;
    switch (e) {
      case 'w':
      case 'W': return addClass(set, "word"), useSet(set, e == 'W');
      case 's':
      case 'S': return addClass(set, "space"), useSet(set, e == 'S');
      case 'd':
      case 'D': return addClass(set, "digit"), useSet(set, e == 'D');
      case 'b':
      case '<':
      case '>': return {{Instruction::wordEdge, uint8_t(e), 0, 0}};
      case 'n': return literal('\n');
      case 't': return literal('\t');
      default: return literal(e);
    }
  }

  void star(Code& one, bool atLeastOnce, bool atMostOnce) {
    const int n = int(one.size());
    if (atLeastOnce) {
      one.push_back({Instruction::split, 0, -n, 1});
      return;
    }
    Code code{{Instruction::split, 0, 1, n + (atMostOnce ? 1 : 2)}};
    append(code, one);
    if (!atMostOnce) code.push_back({Instruction::jump, 0, -n - 1, 0});
    one = std::move(code);
  }

  int number() {
    int n = 0;
    while (more() && text[at] >= '0' && text[at] <= '9') n = std::min(n * 10 + (text[at++] - '0'), 1000);
    return n;
  }

  void count(Code& one) {
    skip();
    const int least = number();
    int most = least;
    bool open = false;
    if (more() && text[at] == ',') {
      ++at;
      open = sees('}');
      most = open ? least : number();
    }
    if (!sees('}') || most < least) {
      bad = true;
      return;
    }
    skip();
    Code code;
    for (int i = 0; i < most && code.size() <= longestProgram; ++i) {
      Code copy = one;
      if (i >= least) star(copy, false, true);
      append(code, copy);
    }
    if (open) {
      Code copy = one;
      star(copy, false, false);
      append(code, copy);
    }
    one = std::move(code);
    check(one);
  }

  void repeat(Code& one) {
    for (; !bad && more(); check(one)) {
      if (text[at] == '*')
        ++at, star(one, false, false);
      else if (sees('+'))
        skip(), star(one, true, false);
      else if (sees('?'))
        skip(), star(one, false, true);
      else if (sees('{'))
        count(one);
      else
        return;
    }
  }
};

bool Regex::compile(std::string_view pattern, bool extended, bool ignoreCase) {
  program_.clear();
  sets_.clear();
  ignoreCase_ = ignoreCase;
  Compiler c{*this, pattern, extended};
  Compiler::Code code = c.alternatives();
  if (c.bad || c.more()) return false;
  program_.push_back({Instruction::save, 0, 0, 0});
  Compiler::append(program_, code);
  program_.push_back({Instruction::save, 1, 0, 0});
  program_.push_back({Instruction::done, 0, 0, 0});
  return true;
}

namespace {
struct Thread {
  int at;
  size_t group[20];
};
}  // namespace

bool Regex::search(std::string_view text, size_t from, Match& m) const {
  const int n = int(program_.size());
  std::vector<Thread> now, next;
  std::vector<size_t> seen(size_t(n), std::string_view::npos);
  std::vector<Thread> stack;
  bool found = false;
  // Puts a thread, and all that it comes to without taking a character, into the list, the preferred first.
  const auto add = [&](std::vector<Thread>& list, const Thread& start, size_t pos) {
    stack.assign(1, start);
    while (!stack.empty()) {
      Thread t = stack.back();
      stack.pop_back();
      if (seen[size_t(t.at)] == pos) continue;
      seen[size_t(t.at)] = pos;
      const Instruction& i = program_[size_t(t.at)];
      const bool before = pos > 0 && isWord((unsigned char)text[pos - 1]);
      const bool after = pos < text.size() && isWord((unsigned char)text[pos]);
      switch (i.op) {
        case Instruction::jump: t.at += i.x; break;
        case Instruction::split: {
          Thread other = t;
          other.at += i.y;
          stack.push_back(other);
          t.at += i.x;
          break;
        }
        case Instruction::save: t.group[i.c] = pos, ++t.at; break;
        case Instruction::begin:
          if (pos != 0) continue;
          ++t.at;
          break;
        case Instruction::end:
          if (pos != text.size()) continue;
          ++t.at;
          break;
        case Instruction::wordEdge:
          if (before == after || (i.c == '<' && before) || (i.c == '>' && after)) continue;
          ++t.at;
          break;
        default: list.push_back(t); continue;
      }
      stack.push_back(t);
    }
  };
  for (size_t pos = from; pos <= text.size(); ++pos) {
    if (!found) {
      Thread fresh{0, {}};
      std::fill(std::begin(fresh.group), std::end(fresh.group), std::string_view::npos);
      add(now, fresh, pos);
    }
    if (now.empty()) break;
    next.clear();
    if ((work_ += int64_t(now.size())) > 20000000) return false;  // hostile
    for (const Thread& t : now) {
      const Instruction& i = program_[size_t(t.at)];
      if (i.op == Instruction::done) {
        std::copy(std::begin(t.group), std::end(t.group), m.group);
        m.begin = t.group[0];
        m.end = t.group[1];
        found = true;
        break;  // what follows is less preferred
      }
      if (pos >= text.size()) continue;
      const char c = text[pos];
      const bool takes = i.op == Instruction::any || (i.op == Instruction::character && uint8_t(c) == i.c) ||
                         (i.op == Instruction::set && sets_[size_t(i.x)].has((unsigned char)c));
      if (!takes) continue;
      Thread moved = t;
      ++moved.at;
      add(next, moved, pos + 1);
    }
    now.swap(next);
  }
  return found;
}

std::string_view Regex::Match::of(std::string_view text, int n) const {
  const size_t a = group[2 * n], b = group[2 * n + 1];
  return a == text.npos || b == text.npos ? std::string_view() : text.substr(a, b - a);
}

}  // namespace shell
