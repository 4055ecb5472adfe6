// Commands that read text and write text: cat, head, tail, wc, sort, uniq, cut, tr, grep, …
#include <algorithm>

#include "core/api/sort.hpp"
#include "core/shell/command.hpp"
#include "core/shell/machine.hpp"
#include "core/shell/match.hpp"

namespace shell::commands {
namespace {

/// The texts of the files named, or of standard input. Gives false where the command ends here: `outcome` says how.
struct Inputs {
  std::vector<std::pair<std::string, std::string>> texts;  ///< name and text
  Outcome outcome = Outcome::done;
  int exit = 0;
  std::string whole() const {
    std::string all;
    for (const auto& [name, text] : texts) all += text;
    return all;
  }
};

bool inputs(Call& c, System& s, std::vector<std::string> names, Inputs& in) {
  if (names.empty()) names = {"-"};
  for (const std::string& n : names) {
    if (n == "-" && !c.inputEnds) return in.outcome = Outcome::reads, false;
    std::string text;
    if (slurp(c, s, n, text))
      in.texts.emplace_back(n, std::move(text));
    else
      in.exit = 1;
  }
  return true;
}

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

Outcome cat(Call& c, System& s) {
  Options o;
  if (!options(c, "nAbeEtTv", o)) return Outcome::done;
  if (o.words.empty() && c.terminal && !c.inputEnds) {  // line by line, as a person types
    c.out = c.input;
    c.taken = c.input.size();
    return Outcome::reads;
  }
  Inputs in;
  if (!inputs(c, s, o.words, in)) return in.outcome;
  if (!o.has('n')) return c.out += in.whole(), done(c, in.exit);
  int n = 0;
  for (std::string_view line : lines(in.whole())) (c.out += padded(std::to_string(++n), 6) + "\t").append(line) += '\n';
  return done(c, in.exit);
}

Outcome vi(Call& c, System&) {
  return fail(c,
              "there is no screen to edit on. Files of the console are the open manifests, which the editor shows; "
              "in a script use: sed -i 's/OLD/NEW/' FILE, or cat > FILE <<END");
}

Outcome head(Call& c, System& s) {
  Options o;
  if (!options(c, "n:c:q#", o)) return Outcome::done;
  Inputs in;
  if (!inputs(c, s, o.words, in)) return in.outcome;
  for (const auto& [name, text] : in.texts) {
    if (in.texts.size() > 1) c.out += (c.out.empty() ? "==> " : "\n==> ") + name + " <==\n";
    if (const std::string* bytes = o.value('c')) {
      c.out += text.substr(0, size_t(std::max<int64_t>(integer(*bytes), 0)));
      c.satisfied = int64_t(text.size()) >= integer(*bytes);
      continue;
    }
    const std::string* count = o.value('n');
    const std::vector<std::string_view> all = lines(text);
    int64_t n = count ? integer(*count) : 10;
    c.satisfied = n >= 0 && int64_t(all.size()) >= n;
    if (n < 0) n = std::max<int64_t>(0, int64_t(all.size()) + n);
    for (size_t i = 0; i < std::min(all.size(), size_t(n)); ++i) c.out.append(all[i]) += '\n';
  }
  return done(c, in.exit);
}

/// With -f it goes on with what is added to its file, looking once a second.
Outcome tail(Call& c, System& s) {
  Options o;
  if (!options(c, "n:c:fFq#", o)) return Outcome::done;
  const bool follows = (o.has('f') || o.has('F')) && !o.words.empty();
  if (c.started && follows) {
    if (c.interrupted) return done(c, 130);
    std::string text;
    if (s.read(absolute(c, o.words[0]), text) == Errno::ok) {
      const size_t seen = size_t(c.memory.asInt());
      c.out = text.substr(text.size() < seen ? 0 : seen);
      c.memory = int64_t(text.size());
    }
    c.wakeAt = s.now() + 1000;
    return Outcome::waits;
  }
  Inputs in;
  if (!inputs(c, s, o.words, in)) return in.outcome;
  for (const auto& [name, text] : in.texts) {
    if (in.texts.size() > 1 && !o.has('q')) c.out += (c.out.empty() ? "==> " : "\n==> ") + name + " <==\n";
    if (const std::string* bytes = o.value('c')) {
      c.out += text.substr(text.size() - std::min(text.size(), size_t(std::max<int64_t>(integer(*bytes), 0))));
      continue;
    }
    const std::string count = o.value('n') ? *o.value('n') : "10";
    const std::vector<std::string_view> all = lines(text);
    const size_t n = size_t(std::max<int64_t>(std::abs(integer(count)), 0));
    const size_t from = count[0] == '+' ? (n ? n - 1 : 0) : all.size() - std::min(n, all.size());
    for (size_t i = from; i < all.size(); ++i) c.out.append(all[i]) += '\n';
  }
  if (!follows || in.texts.empty()) return done(c, in.exit);
  c.memory = int64_t(in.texts[0].second.size());
  c.wakeAt = s.now() + 1000;
  return Outcome::waits;
}

Outcome wc(Call& c, System& s) {
  Options o;
  if (!options(c, "lwcm", o)) return Outcome::done;
  Inputs in;
  if (!inputs(c, s, o.words, in)) return in.outcome;
  const bool all = o.list.empty();
  const int columns = all ? 3 : int(o.list.size());
  const bool bare = columns == 1 && in.texts.size() == 1;
  int64_t total[3] = {};
  const auto line = [&](const int64_t(&n)[3], const std::string& name) {
    bool first = true;
    for (int i = 0; i < 3; ++i) {
      if (!all && !o.has("lwc"[i]) && !(i == 2 && o.has('m'))) continue;
      if (!first) c.out += ' ';
      c.out += bare ? std::to_string(n[i]) : padded(std::to_string(n[i]), o.words.empty() ? 7 : 3);
      first = false;
    }
    if (!o.words.empty()) c.out += " " + name;
    c.out += '\n';
  };
  for (const auto& [name, text] : in.texts) {
    int64_t n[3] = {int64_t(std::count(text.begin(), text.end(), '\n')), 0, int64_t(text.size())};
    bool inWord = false;
    for (char ch : text) {
      const bool blank = ch == ' ' || ch == '\n' || ch == '\t' || ch == '\r';
      n[1] += !blank && !inWord;
      inWord = !blank;
    }
    for (int i = 0; i < 3; ++i) total[i] += n[i];
    line(n, name);
  }
  if (in.texts.size() > 1) line(total, "total");
  return done(c, in.exit);
}

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

Outcome tee(Call& c, System& s) {
  Options o;
  if (!options(c, "ai", o)) return Outcome::done;
  if (!input(c)) return Outcome::reads;
  c.out = c.input;
  int exit = 0;
  for (const std::string& name : o.words) {
    const std::string_view fresh = std::string_view(c.input).substr(std::min(c.shown, c.input.size()));
    const bool appends = o.has('a') || c.shown > 0;
    const Errno e = name == "/dev/null" ? Errno::ok : s.write(absolute(c, name), fresh, appends);
    if (e != Errno::ok) fail(c, name + ": " + std::string(text(e))), exit = 1;
  }
  return done(c, exit);
}

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

Outcome rev(Call& c, System& s) {
  Inputs in;
  if (!inputs(c, s, {c.args.begin() + 1, c.args.end()}, in)) return in.outcome;
  const std::string text = in.whole();
  for (std::string_view line : lines(text)) c.out.append(line.rbegin(), line.rend()) += '\n';
  return done(c, in.exit);
}
Outcome tac(Call& c, System& s) {
  Inputs in;
  if (!inputs(c, s, {c.args.begin() + 1, c.args.end()}, in)) return in.outcome;
  const std::string text = in.whole();
  std::vector<std::string_view> all = lines(text);
  for (size_t i = all.size(); i-- > 0;) c.out.append(all[i]) += '\n';
  return done(c, in.exit);
}
Outcome nl(Call& c, System& s) {
  Inputs in;
  if (!inputs(c, s, {c.args.begin() + 1, c.args.end()}, in)) return in.outcome;
  int n = 0;
  const std::string text = in.whole();
  for (std::string_view line : lines(text)) {
    if (line.empty())
      c.out += "       \n";
    else
      (c.out += padded(std::to_string(++n), 6) + "\t").append(line) += '\n';
  }
  return done(c, in.exit);
}

Outcome base64(Call& c, System& s) {
  Options o;
  if (!options(c, "dDw:", o)) return Outcome::done;
  Inputs in;
  if (!inputs(c, s, o.words, in)) return in.outcome;
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const std::string text = in.whole();
  unsigned value = 0;
  int bits = 0;
  if (o.has('d') || o.has('D')) {
    for (char ch : text) {
      const size_t v = digits.find(ch);
      if (v == digits.npos) continue;
      value = value << 6 | unsigned(v);
      if ((bits += 6) >= 8) c.out += char(value >> (bits -= 8) & 255);
    }
    return done(c, in.exit);
  }
  for (unsigned char ch : text) {
    value = value << 8 | ch;
    for (bits += 8; bits >= 6;) c.out += digits[value >> (bits -= 6) & 63];
  }
  if (bits) c.out += digits[value << (6 - bits) & 63];
  while (c.out.size() % 4) c.out += '=';
  const int64_t width = o.value('w') ? integer(*o.value('w')) : 76;
  for (size_t at = size_t(width); width > 0 && at < c.out.size(); at += size_t(width) + 1) c.out.insert(at, "\n");
  c.out += '\n';
  return done(c, in.exit);
}

}  // namespace shell::commands
