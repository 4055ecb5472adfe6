// awk's own functions: split, sub, printf, substr…
#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "core/shell/awk.hpp"
#include "core/shell/machine.hpp"

namespace shell::awk_language {

std::string Machine::special(std::string_view name, std::string_view otherwise) const {
  const auto it = variables.find(name);
  return it == variables.end() ? std::string(otherwise) : it->second.asText();
}

std::vector<std::string> Machine::split(std::string_view text, const std::string& separator) const {
  std::vector<std::string> parts;
  if (separator == " ") {
    for (size_t at = 0; at < text.size();) {
      const size_t from = text.find_first_not_of(" \t\n", at);
      if (from == text.npos) break;
      const size_t end = std::min(text.find_first_of(" \t\n", from), text.size());
      parts.emplace_back(text.substr(from, end - from));
      at = end;
    }
    return parts;
  }
  if (text.empty()) return parts;
  Regex r;
  const bool plain = separator.size() == 1 || !r.compile(separator, true);
  for (size_t at = 0; parts.size() < mostFields;) {
    Regex::Match m;
    if (plain)
      m.begin = std::min(text.find(separator.empty() ? '\t' : separator[0], at), text.size()), m.end = m.begin + 1;
    else if (!r.search(text, at, m) || m.end == m.begin)
      m.begin = text.size();
    parts.emplace_back(text.substr(at, m.begin - at));
    if (m.begin >= text.size()) break;
    at = m.end;
  }
  return parts;
}

double Machine::arithmetic(const std::string& op, double a, double b) {
  if (op == "+") return a + b;
  if (op == "-") return a - b;
  if (op == "*") return a * b;
  if (op == "/") return b == 0 ? 0 : a / b;
  if (op == "%") return b == 0 ? 0 : std::fmod(a, b);
  return std::pow(a, b);
}

Cell Machine::call(const Tree& t) {
  const std::string& name = t.text;
  const size_t n = t.parts.size();
  const auto arg = [&](size_t i) { return i < n ? eval(t.parts[i]) : Cell::of(""); };
  if (name == "length") {
    if (n && t.parts[0]->op == "var" && arrays.count(t.parts[0]->text))
      return Cell::of(double(arrays[t.parts[0]->text].size()));
    return Cell::of(double((n ? arg(0).asText() : fields[0]).size()));
  }
  if (name == "substr") {
    const std::string s = arg(0).asText();
    double from = std::floor(arg(1).asNumber() + 0.5);
    double end = n > 2 ? from + std::floor(arg(2).asNumber() + 0.5) : double(s.size()) + 1;
    from = std::clamp(from, 1.0, double(s.size()) + 1);
    end = std::clamp(end, from, double(s.size()) + 1);
    return Cell::of(s.substr(size_t(from) - 1, size_t(end - from)));
  }
  if (name == "index") {
    const size_t at = arg(0).asText().find(arg(1).asText());
    return Cell::of(at == std::string::npos ? 0 : double(at + 1));
  }
  if (name == "split" && n >= 2) {
    const std::string separator =
        n > 2 ? (t.parts[2]->op == "re" ? t.parts[2]->text : arg(2).asText()) : special("FS", " ");
    const std::vector<std::string> parts = split(arg(0).asText(), separator);
    auto& array = arrays[t.parts[1]->text];
    array.clear();
    for (size_t i = 0; i < parts.size(); ++i) array[std::to_string(i + 1)] = Cell::of(parts[i], true);
    return Cell::of(double(parts.size()));
  }
  if ((name == "sub" || name == "gsub") && n >= 2) {
    static const TreePtr line = [] {
      TreePtr zero = Parser::make("num");
      return Parser::make("$", {zero});
    }();
    const TreePtr target = n > 2 ? t.parts[2] : line;
    Regex made;
    const Regex* r = t.parts[0]->regex.get();
    if (!r) {
      if (!made.compile(arg(0).asText(), true)) return Cell::of(0.0);
      r = &made;
    }
    const std::string with = arg(1).asText(), text = eval(target).asText();
    std::string result;
    int count = 0;
    size_t at = 0;
    while (at <= text.size() && result.size() < longestValue) {
      Regex::Match m;
      if (!r->search(text, at, m)) break;
      result += text.substr(at, m.begin - at);
      for (size_t i = 0; i < with.size(); ++i) {
        if (with[i] == '\\' && i + 1 < with.size())
          result += with[++i];
        else if (with[i] == '&')
          result += m.of(text, 0);
        else
          result += with[i];
      }
      ++count;
      at = m.end;
      if (m.end == m.begin) {
        if (at < text.size()) result += text[at];
        ++at;
      }
      if (name == "sub") break;
    }
    if (at < text.size()) result += text.substr(at);
    if (count) assign(*target, Cell::of(result));
    return Cell::of(double(count));
  }
  if (name == "match" && n >= 2) {
    Regex made;
    Regex::Match m;
    const std::string text = arg(0).asText();
    const Regex* r = t.parts[1]->regex.get();
    if (!r && made.compile(arg(1).asText(), true)) r = &made;
    const bool found = r && r->search(text, 0, m);
    variables["RSTART"] = Cell::of(found ? double(m.begin + 1) : 0);
    variables["RLENGTH"] = Cell::of(found ? double(m.end - m.begin) : -1);
    return variables["RSTART"];
  }
  if (name == "toupper" || name == "tolower") {
    std::string s = arg(0).asText();
    for (char& c : s) {
      if (name == "toupper" ? c >= 'a' && c <= 'z' : c >= 'A' && c <= 'Z') c = char(c ^ 32);
    }
    return Cell::of(s);
  }
  if (name == "sprintf") return Cell::of(format(t));
  if (name == "int") return Cell::of(std::trunc(arg(0).asNumber()));
  if (name == "sqrt") return Cell::of(std::sqrt(std::max(0.0, arg(0).asNumber())));
  if (name == "rand" || name == "srand") return Cell::of(0.0);
  error = "function " + name + " never defined";
  return Cell::of("");
}

std::string Machine::format(const Tree& t) {
  std::vector<std::string> args;
  for (size_t i = 0; i < t.parts.size(); ++i) args.push_back(eval(t.parts[i]).asText());
  if (args.empty()) return {};
  args.push_back("");  // so that a format without arguments is used once
  std::string f = args[0];
  std::vector<std::string> rest(args.begin() + 1, args.end() - 1);
  std::string escaped;
  for (char c : f) {
    if (c == '\\') escaped += '\\';
    escaped += c;
  }
  size_t wants = 0;
  for (size_t i = 0; i < f.size(); ++i) wants += f[i] == '%' && !(i + 1 < f.size() && f[i + 1] == '%' && ++i);
  rest.resize(wants);
  return formatted(escaped, rest, 0);
}

}  // namespace shell::awk_language
