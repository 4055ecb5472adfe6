// Words: quotes, variables, $(commands), arithmetic, splitting, file names.
#include <algorithm>

#include "core/shell/generate.hpp"
#include "core/shell/machine.hpp"
#include "core/shell/match.hpp"

namespace shell {
namespace {
bool nameStarts(char c) { return c == '_' || ((c | 32) >= 'a' && (c | 32) <= 'z'); }
bool inName(char c) { return nameStarts(c) || (c >= '0' && c <= '9'); }
}  // namespace

/// One word on its way to fields. Fields are kept as patterns: what was quoted stands behind a backslash where it would
/// mean something.
struct Expander {
  Expansion& x;
  bool split;  ///< results of expansions are split at blanks, and "$@" makes several fields
  Words out;
  std::string field = {};
  bool open = false;  ///< there is a field, be it empty

  void add(char c, bool quoted) {
    if (field.size() >= longestValue) return;
    if (quoted && std::string_view("*?[]\\!^-{}").find(c) != std::string_view::npos) field += '\\';
    field += c;
    open = true;
  }
  void quoted(std::string_view text) {
    for (char c : text) add(c, true);
    open = true;
  }
  void end() {
    if (open && out.size() < mostFields) out.push_back(std::move(field));
    field.clear();
    open = false;
  }
  /// The result of an expansion.
  void result(std::string_view text, bool inQuotes) {
    if (inQuotes || !split) {
      if (inQuotes) return quoted(text);
      for (char c : text) {
        if (c == '\\') field += '\\';
        add(c, false);
      }
      return;
    }
    bool isSet = false;
    const std::string ifs = x.variable("IFS", isSet);
    const std::string_view separators = isSet ? std::string_view(ifs) : std::string_view(" \t\n");
    for (char c : text) {
      if (separators.find(c) == separators.npos) {
        if (c == '\\') field += '\\';
        add(c, false);
      } else if (c == ' ' || c == '\t' || c == '\n') {
        end();
      } else {
        open = true;
        end();
      }
    }
  }

  void word(std::string_view text, bool inQuotes);
  size_t dollar(std::string_view text, size_t at, bool inQuotes);
  void parameter(std::string_view inside, bool inQuotes);
  void arguments(char which, bool inQuotes);
  void command(std::string text, bool inQuotes);
  std::string sub(std::string_view word, bool asPattern = false);
};

std::string Expander::sub(std::string_view word, bool asPattern) {
  if (++x.depth > 30) {
    x.error = "expansion too deep";
    return {};
  }
  Expander e{x, false, {}};
  e.word(word, false);
  --x.depth;
  return asPattern ? e.field : withoutEscapes(e.field);
}

void Expander::command(std::string text, bool inQuotes) {
  if (x.stopped) return;
  if (x.used < x.results.size()) return result(x.results[x.used++], inQuotes);
  x.stopped = true;
  x.wants = std::move(text);
}

void Expander::arguments(char which, bool inQuotes) {
  const Words& args = x.shell.env.args;
  for (size_t i = 1; i < args.size(); ++i) {
    if (i > 1 && !split)
      result(" ", inQuotes);
    else if (i > 1 && which == '*' && inQuotes)
      quoted(" ");
    else if (i > 1)
      end();
    if (!inQuotes || !args[i].empty() || which == '@') result(args[i], inQuotes);
  }
}

/// ${…}: what stands between the braces.
void Expander::parameter(std::string_view in, bool inQuotes) {
  if (in.empty()) {
    x.error = "bad substitution";
    return;
  }
  const bool length = in[0] == '#' && in.size() > 1 && (inName(in[1]) || in[1] == '@' || in[1] == '*');
  if (length) in.remove_prefix(1);
  size_t n = 0;
  if (nameStarts(in[0])) {
    while (n < in.size() && inName(in[n])) ++n;
    if (n < in.size() && in[n] == '[') {  // an element of an array: BASH_REMATCH[1]
      const size_t close = in.find(']', n);
      if (close != in.npos) n = close + 1;
    }
  } else {
    n = 1;
    while (in[0] >= '0' && in[0] <= '9' && n < in.size() && in[n] >= '0' && in[n] <= '9') ++n;
  }
  const std::string_view name = in.substr(0, n);
  std::string_view rest = in.substr(n);
  if (rest.empty() && !length && (name == "@" || name == "*")) return arguments(name[0], inQuotes);
  bool isSet = false;
  std::string value = x.variable(name, isSet);
  if (length) {
    const bool count = name == "@" || name == "*";
    return result(std::to_string(count ? x.shell.env.args.size() - 1 : value.size()), inQuotes);
  }
  if (rest.empty()) {
    if (!isSet && x.shell.env.unsetIsError) x.error = std::string(name) + ": parameter not set";
    return result(value, inQuotes);
  }
  const bool colon = rest[0] == ':';
  if (colon) rest.remove_prefix(1);
  const char op = rest.empty() ? '\0' : rest[0];
  const bool given = isSet && !(colon && value.empty());
  if (op && std::string_view("-=?+").find(op) != std::string_view::npos) {
    const std::string_view word = rest.substr(1);
    if (op == '+') {
      if (given) this->word(word, inQuotes);
    } else if (given) {
      result(value, inQuotes);
    } else if (op == '-') {
      this->word(word, inQuotes);
    } else if (op == '=') {
      value = sub(word);
      x.assigned.emplace_back(name, value);
      result(value, inQuotes);
    } else {
      std::string message = sub(word);
      x.error = std::string(name) + ": " + (message.empty() ? "parameter not set" : message);
    }
    return;
  }
  if (colon) {  // ${x:from:length}
    const size_t second = rest.find(':');
    int64_t from = arithmetic(x, sub(rest.substr(0, second)));
    const int64_t size = int64_t(value.size());
    if (from < 0) from = std::max<int64_t>(0, size + from);
    from = std::min(from, size);
    int64_t count = second == rest.npos ? size : arithmetic(x, sub(rest.substr(second + 1)));
    if (count < 0) count = std::max<int64_t>(0, size + count - from);
    return result(std::string_view(value).substr(size_t(from), size_t(count)), inQuotes);
  }
  if (op == '#' || op == '%') {
    const bool greedy = rest.size() > 1 && rest[1] == op;
    const std::string p = sub(rest.substr(greedy ? 2 : 1), true);
    const std::string_view v = value;
    for (size_t k = 0; k <= v.size() && v.size() <= 4096; ++k) {
      const size_t cut = greedy ? v.size() - k : k;
      if (op == '#' ? globMatches(p, v.substr(0, cut)) : globMatches(p, v.substr(v.size() - cut))) {
        return result(op == '#' ? v.substr(cut) : v.substr(0, v.size() - cut), inQuotes);
      }
    }
    return result(value, inQuotes);
  }
  if (op == '/') {
    const bool all = rest.size() > 1 && rest[1] == '/';
    rest.remove_prefix(all ? 2 : 1);
    const size_t slash = rest.find('/');
    const std::string p = sub(rest.substr(0, slash), true);
    const std::string with = slash == rest.npos ? std::string() : sub(rest.substr(slash + 1));
    std::string made;
    const std::string_view v = value;
    const size_t longest = p.find('*') == p.npos ? p.size() : 200;
    for (size_t i = 0; i < v.size();) {
      size_t taken = 0;
      for (size_t k = std::min(v.size() - i, longest); k > 0 && !taken; --k)
        taken = globMatches(p, v.substr(i, k)) ? k : 0;
      if (!taken) {
        made += v[i++];
        continue;
      }
      made += with;
      i += taken;
      if (!all) {
        made += v.substr(i);
        break;
      }
    }
    return result(made, inQuotes);
  }
  if (op == '^' || op == ',') {
    for (char& c : value) {
      if (op == '^' && c >= 'a' && c <= 'z') c = char(c - 32);
      if (op == ',' && c >= 'A' && c <= 'Z') c = char(c + 32);
    }
    return result(value, inQuotes);
  }
  x.error = "bad substitution";
}

/// What begins with the $ at `at`; gives where the text goes on.
size_t Expander::dollar(std::string_view text, size_t at, bool inQuotes) {
  const char c = at + 1 < text.size() ? text[at + 1] : '\0';
  if (c == '(' || c == '{') {
    const size_t end = endOfPart(text, at);
    if (end == text.npos) {
      x.error = "bad substitution";
      return text.size();
    }
    const std::string_view inside = text.substr(at + 2, end - at - 3);
    if (c == '{') {
      if (++x.depth > 30)
        x.error = "expansion too deep";
      else
        parameter(inside, inQuotes);
      --x.depth;
    } else if (inside.size() > 1 && inside.front() == '(' && inside.back() == ')') {
      const std::string formula = sub(inside.substr(1, inside.size() - 2));
      if (!x.stopped) result(std::to_string(arithmetic(x, formula)), inQuotes);
    } else {
      command(std::string(inside), inQuotes);
    }
    return end;
  }
  if (c == '\'' && !inQuotes) {  // $'…'
    const size_t end = endOfPart(text, at + 1);
    const std::string_view inside = text.substr(at + 2, end - at - 3);
    for (size_t i = 0; i < inside.size(); ++i) {
      const char e = inside[i] == '\\' && i + 1 < inside.size() ? inside[++i] : '\0';
      add(e == 'n' ? '\n' : e == 't' ? '\t' : e ? e : inside[i], true);
    }
    open = true;
    return end;
  }
  if (c == '@' || c == '*') return arguments(c, inQuotes), at + 2;
  size_t end = at + 1;
  if (nameStarts(c)) {
    while (end < text.size() && inName(text[end])) ++end;
  } else if (c && (std::string_view("?#$!-").find(c) != std::string_view::npos || (c >= '0' && c <= '9'))) {
    ++end;
  } else {
    add('$', inQuotes);
    return end;
  }
  parameter(text.substr(at + 1, end - at - 1), inQuotes);
  return end;
}

void Expander::word(std::string_view text, bool inQuotes) {
  for (size_t i = 0; i < text.size() && !x.stopped && x.error.empty();) {
    const char c = text[i];
    if (c == '\'' && !inQuotes) {
      const size_t end = std::min(endOfPart(text, i), text.size());
      quoted(text.substr(i + 1, end - i - 2));
      i = end;
    } else if (c == '"' && !inQuotes) {
      const size_t end = std::min(endOfPart(text, i), text.size());
      const std::string_view inside = text.substr(i + 1, end - i - 2);
      if (inside != "$@") open = true;
      word(inside, true);
      i = end;
    } else if (c == '"') {
      ++i;  // quotes within ${…} within quotes
    } else if (c == '\\' && i + 1 < text.size()) {
      const bool keeps = inQuotes && std::string_view("$`\"\\\n").find(text[i + 1]) == std::string_view::npos;
      if (keeps) add('\\', true);
      if (text[i + 1] != '\n') add(text[i + 1], true);
      i += 2;
    } else if (c == '$') {
      i = dollar(text, i, inQuotes);
    } else if (c == '`') {
      const size_t end = std::min(endOfPart(text, i), text.size());
      std::string inside;
      for (size_t k = i + 1; k + 1 < end; ++k) {
        if (text[k] == '\\' && k + 2 < end && std::string_view("$`\\").find(text[k + 1]) != std::string_view::npos) ++k;
        inside += text[k];
      }
      command(std::move(inside), inQuotes);
      i = end;
    } else if (c == '~' && i == 0 && !inQuotes && (text.size() == 1 || text[1] == '/')) {
      bool isSet = false;
      const std::string home = x.variable("HOME", isSet);
      quoted(isSet ? home : "/root");
      ++i;
    } else {
      add(c, inQuotes);
      ++i;
    }
  }
}

void Expansion::fields(std::string_view word, Words& out) {
  Words words;
  if (word.find('{') != word.npos)
    braces(word, words);
  else
    words.emplace_back(word);
  for (const std::string& w : words) {
    Expander e{*this, true, {}};
    e.word(w, false);
    e.end();
    if (stopped || !error.empty()) return;
    for (std::string& f : e.out) {
      if (!shell.env.noGlob && isGlob(f))
        fileNames(system, shell.env.cwd, f, out);
      else if (out.size() < mostFields)
        out.push_back(withoutEscapes(f));
    }
  }
}

std::string Expansion::pattern(std::string_view word) {
  Expander e{*this, false, {}};
  e.word(word, false);
  return e.field;
}
std::string Expansion::single(std::string_view word) { return withoutEscapes(pattern(word)); }

std::string Expansion::document(std::string_view body) {
  // As between double quotes, but these stand for themselves.
  std::string made;
  Expander e{*this, false, {}};
  for (size_t i = 0; i < body.size() && !stopped && error.empty();) {
    size_t end = body.find_first_of("$`\\", i);
    end = std::min(end, body.size());
    made += body.substr(i, end - i);
    i = end;
    if (i >= body.size()) break;
    e.field.clear();
    if (body[i] == '\\') {
      e.word(body.substr(i, 2), true);
      i += 2;
    } else if (body[i] == '$') {
      i = e.dollar(body, i, true);
    } else {
      end = std::min(endOfPart(body, i), body.size());
      e.word(body.substr(i, end - i), true);
      i = end;
    }
    made += withoutEscapes(e.field);
    if (made.size() > longestText) break;
  }
  return made;
}

std::string Expansion::variable(std::string_view name, bool& isSet) {
  isSet = true;
  if (name == "?") return std::to_string(shell.status);
  if (name == "$") return std::to_string(shell.number);
  if (name == "#") return std::to_string(shell.env.args.empty() ? 0 : shell.env.args.size() - 1);
  if (name == "-") return shell.env.exitOnError ? "e" : "";
  if (name == "@" || name == "*") {
    std::string all;
    for (size_t i = 1; i < shell.env.args.size(); ++i) (all += i > 1 ? " " : "") += shell.env.args[i];
    return all;
  }
  if (!name.empty() && name[0] >= '0' && name[0] <= '9') {
    const size_t n = size_t(std::strtoul(std::string(name.substr(0, 6)).c_str(), nullptr, 10));
    if (n < shell.env.args.size()) return shell.env.args[n];
    isSet = false;
    return {};
  }
  for (size_t i = assigned.size(); i-- > 0;) {
    if (assigned[i].first == name) return assigned[i].second;
  }
  if (name == "RANDOM") return std::to_string(system.now() % 32768);
  if (name == "HOSTNAME" && !shell.find(name)) return system.hostname();
  if (name == "PWD") return shell.env.cwd;
  const std::string* value = shell.find(name);
  isSet = value;
  return value ? *value : std::string();
}

void Expansion::commit() {
  for (const auto& [name, value] : assigned) shell.set(name, value);
}

std::string regexOf(std::string_view pattern) {
  std::string out;
  for (size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '\\' && i + 1 < pattern.size()) out += pattern[i++];
    out += pattern[i];
  }
  return out;
}

}  // namespace shell
