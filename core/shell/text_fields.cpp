// Commands about lines and their fields: sort, uniq, cut, tr.
#include <algorithm>

#include "core/api/sort.hpp"
#include "core/shell/machine.hpp"
#include "core/shell/match.hpp"
#include "core/shell/text.hpp"

namespace shell::commands {

namespace {
struct Range {
  int64_t from, to;
};
std::vector<Range> ranges(std::string_view text) {
  std::vector<Range> out;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find(',', at), text.size());
    const std::string_view part = text.substr(at, end - at);
    const size_t dash = part.find('-');
    const int64_t a = integer(part.substr(0, dash), 1);
    out.push_back({a, dash == part.npos ? a : integer(part.substr(dash + 1), INT64_MAX)});
    at = end + 1;
  }
  return out;
}
bool within(const std::vector<Range>& list, int64_t n) {
  return std::any_of(list.begin(), list.end(), [n](const Range& r) { return r.from <= n && n <= r.to; });
}
}  // namespace

namespace {
struct SortKey {
  int field = 0;  ///< from 1; 0: the whole line
  int last = 0;   ///< 0: to the end
  bool numeric = false, reverse = false, version = false, human = false, fold = false;
};

std::string_view fieldOf(std::string_view line, const SortKey& key, char separator) {
  if (!key.field) return line;
  size_t at = 0, from = line.size();
  for (int n = 1; at <= line.size(); ++n) {
    size_t end;
    if (separator) {
      end = std::min(line.find(separator, at), line.size());
    } else {
      const size_t text = std::min(line.find_first_not_of(" \t", at), line.size());
      end = std::min(line.find_first_of(" \t", text), line.size());
      if (key.numeric || key.human) at = text;
    }
    if (n == key.field) from = std::min(at, line.size());
    if (n == key.last || end >= line.size()) return line.substr(from, n >= key.field ? end - from : 0);
    at = end + (separator ? 1 : 0);
  }
  return line.substr(from);
}

double humanNumber(std::string_view text) {
  double v = number(text);
  const size_t unit = text.find_first_not_of("0123456789.- ");
  const size_t power = unit == text.npos ? text.npos : std::string_view("KMGT").find(text[unit]);
  for (size_t i = 0; power != text.npos && i <= power; ++i) v *= 1024;
  return v;
}

int compare(std::string_view a, std::string_view b, const SortKey& key) {
  if (key.numeric || key.human) {
    const double x = key.human ? humanNumber(a) : number(a), y = key.human ? humanNumber(b) : number(b);
    return x < y ? -1 : x > y;
  }
  if (key.fold || key.version) {
    for (size_t i = 0, k = 0; i < a.size() && k < b.size(); ++i, ++k) {
      const auto digit = [](char ch) { return ch >= '0' && ch <= '9'; };
      if (key.version && digit(a[i]) && digit(b[k])) {
        const int64_t x = integer(a.substr(i)), y = integer(b.substr(k));
        if (x != y) return x < y ? -1 : 1;
        while (i + 1 < a.size() && digit(a[i + 1])) ++i;
        while (k + 1 < b.size() && digit(b[k + 1])) ++k;
        continue;
      }
      const auto small = [&](char ch) { return key.fold && ch >= 'A' && ch <= 'Z' ? char(ch + 32) : ch; };
      if (small(a[i]) != small(b[k])) return small(a[i]) < small(b[k]) ? -1 : 1;
    }
    return a.size() < b.size() ? -1 : a.size() > b.size();
  }
  return a < b ? -1 : a > b;
}
}  // namespace

Outcome sort(Call& c, System& s) {
  Options o;
  if (!options(c, "nrufhVk:t:o:bs", o)) return Outcome::done;
  Inputs in;
  if (!inputs(c, s, o.words, in)) return in.outcome;
  SortKey general;
  general.numeric = o.has('n');
  general.reverse = o.has('r');
  general.version = o.has('V');
  general.human = o.has('h');
  general.fold = o.has('f');
  std::vector<SortKey> keys;
  for (const auto& option : o.list) {
    if (option.first != 'k') continue;
    const std::string& value = option.second;
    SortKey key;
    key.field = int(integer(value, 1));
    const size_t comma = value.find(',');
    key.last = comma == value.npos ? 0 : int(integer(std::string_view(value).substr(comma + 1), 0));
    const auto has = [&](char flag) { return value.find(flag) != value.npos; };
    const bool own = value.find_first_of("nrhVf") != value.npos;
    key.numeric = own ? has('n') : general.numeric;
    key.reverse = own ? has('r') : general.reverse;
    key.version = own ? has('V') : general.version;
    key.human = own ? has('h') : general.human;
    key.fold = own ? has('f') : general.fold;
    keys.push_back(key);
  }
  if (keys.empty()) keys.push_back(general);
  const std::string* t = o.value('t');
  const char separator = t && !t->empty() ? (*t == "\\t" ? '\t' : (*t)[0]) : '\0';
  const std::string text = in.whole();
  std::vector<std::string_view> all = lines(text);
  const auto order = [&](std::string_view a, std::string_view b) {
    for (const SortKey& k : keys) {
      const int v = compare(fieldOf(a, k, separator), fieldOf(b, k, separator), k);
      if (v) return k.reverse ? -v : v;
    }
    return 0;
  };
  api::sort(all, [&](std::string_view a, std::string_view b) {
    const int v = order(a, b);
    if (v || o.has('s') || o.has('u')) return v < 0;
    return general.reverse ? b < a : a < b;
  });
  if (o.has('u'))
    all.erase(std::unique(all.begin(), all.end(), [&](auto a, auto b) { return order(a, b) == 0; }), all.end());
  std::string made;
  for (std::string_view line : all) made.append(line) += '\n';
  if (const std::string* file = o.value('o'))
    s.write(absolute(c, *file), made, false);
  else
    c.out += made;
  return done(c, in.exit);
}

Outcome uniq(Call& c, System& s) {
  Options o;
  if (!options(c, "cdui", o)) return Outcome::done;
  Inputs in;
  if (!inputs(c, s, o.words, in)) return in.outcome;
  const std::string text = in.whole();
  const std::vector<std::string_view> all = lines(text);
  for (size_t i = 0; i < all.size();) {
    size_t n = 1;
    while (i + n < all.size() && all[i + n] == all[i]) ++n;
    if (!(o.has('d') && n == 1) && !(o.has('u') && n > 1)) {
      if (o.has('c')) c.out += padded(std::to_string(n), 7) + " ";
      c.out.append(all[i]) += '\n';
    }
    i += n;
  }
  return done(c, in.exit);
}

Outcome cut(Call& c, System& s) {
  Options o;
  if (!options(c, "d:f:c:b:s", o)) return Outcome::done;
  const std::string* fields = o.value('f');
  const std::string* characters = o.value('c') ? o.value('c') : o.value('b');
  if (!fields && !characters) return fail(c, "you must specify a list of bytes, characters, or fields");
  Inputs in;
  if (!inputs(c, s, o.words, in)) return in.outcome;
  const std::vector<Range> wanted = ranges(fields ? *fields : *characters);
  const std::string* d = o.value('d');
  const char separator = d && !d->empty() ? (*d)[0] : '\t';
  const std::string text = in.whole();
  for (std::string_view line : lines(text)) {
    if (characters) {
      for (size_t i = 0; i < line.size(); ++i) {
        if (within(wanted, int64_t(i) + 1)) c.out += line[i];
      }
    } else if (line.find(separator) == line.npos) {
      if (o.has('s')) continue;
      c.out += line;
    } else {
      bool first = true;
      int64_t n = 1;
      for (size_t at = 0; at <= line.size(); ++n) {
        const size_t end = std::min(line.find(separator, at), line.size());
        if (within(wanted, n)) {
          if (!first) c.out += separator;
          c.out += line.substr(at, end - at);
          first = false;
        }
        at = end + 1;
      }
    }
    c.out += '\n';
  }
  return done(c, in.exit);
}

namespace {
/// The characters of tr's sets: "a-z", "[:upper:]", "\n".
std::string characters(std::string_view spec) {
  std::string out;
  constexpr std::pair<std::string_view, std::string_view> classes[] = {
      {"[:upper:]", "A-Z"},       {"[:lower:]", "a-z"},    {"[:digit:]", "0-9"},         {"[:space:]", " \t\n\r\f\v"},
      {"[:alnum:]", "0-9A-Za-z"}, {"[:alpha:]", "A-Za-z"}, {"[:punct:]", "!-/:-@[-`{-~"}};
  std::string text;
  for (size_t i = 0; i < spec.size(); ++i) {
    bool known = false;
    for (const auto& [name, set] : classes) {
      if (spec.substr(i, name.size()) != name) continue;
      text += set;
      i += name.size() - 1;
      known = true;
    }
    if (!known) text += spec[i];
  }
  text = unescaped(text);
  for (size_t i = 0; i < text.size(); ++i) {
    if (i + 2 < text.size() && text[i + 1] == '-' && (unsigned char)text[i] <= (unsigned char)text[i + 2]) {
      for (int ch = (unsigned char)text[i]; ch <= (unsigned char)text[i + 2]; ++ch) out += char(ch);
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}
}  // namespace

Outcome tr(Call& c, System&) {
  Options o;
  if (!options(c, "dscC", o)) return Outcome::done;
  if (!input(c)) return Outcome::reads;
  if (o.words.empty() || (o.words.size() < 2 && !o.has('d') && !o.has('s'))) return fail(c, "missing operand");
  std::string from = characters(o.words[0]);
  std::string to = o.words.size() > 1 ? characters(o.words[1]) : std::string();
  if (o.has('c') || o.has('C')) {
    std::string rest;
    for (int ch = 0; ch < 256; ++ch) {
      if (from.find(char(ch)) == from.npos) rest += char(ch);
    }
    from = rest;
  }
  const std::string& squeezed = o.words.size() > 1 ? to : from;
  for (char ch : c.input) {
    const size_t at = from.find(ch);
    if (at != from.npos && o.has('d')) continue;
    if (at != from.npos && !to.empty()) ch = to[std::min(at, to.size() - 1)];
    if (o.has('s') && !c.out.empty() && c.out.back() == ch && squeezed.find(ch) != squeezed.npos) continue;
    c.out += ch;
  }
  return done(c);
}

}  // namespace shell::commands
