#include "core/api/selector.hpp"

#include <algorithm>
#include <charconv>

#include "core/api/names.hpp"
#include "core/api/sort.hpp"

namespace api {
namespace {

using Operator = Requirement::Operator;

enum class Token : uint8_t {
  Error,
  End,
  Close,
  Comma,
  Not,
  DoubleEquals,
  Equals,
  Greater,
  Identifier,
  In,
  Less,
  NotEquals,
  NotIn,
  Open
};
struct Item {
  Token token;
  std::string literal;
};

bool special(char c) { return std::string_view("=!(),><").find(c) != std::string_view::npos; }
bool space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

Token symbol(std::string_view s) {
  if (s == ")") return Token::Close;
  if (s == ",") return Token::Comma;
  if (s == "!") return Token::Not;
  if (s == "==") return Token::DoubleEquals;
  if (s == "=") return Token::Equals;
  if (s == ">") return Token::Greater;
  if (s == "<") return Token::Less;
  if (s == "!=") return Token::NotEquals;
  if (s == "(") return Token::Open;
  return Token::Error;
}

// Models labels.Lexer: symbols are taken as long as a longer one is known.
std::vector<Item> scan(std::string_view s) {
  std::vector<Item> items;
  size_t i = 0;
  while (true) {
    while (i < s.size() && space(s[i])) ++i;
    if (i == s.size() || s[i] == '\0') break;
    const size_t from = i;
    if (!special(s[i])) {
      while (i < s.size() && !special(s[i]) && !space(s[i])) ++i;
      const std::string_view word = s.substr(from, i - from);
      items.push_back({word == "in"      ? Token::In
                       : word == "notin" ? Token::NotIn
                                         : Token::Identifier,
                       std::string(word)});
      continue;
    }
    size_t known = 0;
    while (i < s.size() && special(s[i])) {
      ++i;
      if (symbol(s.substr(from, i - from)) != Token::Error)
        known = i - from;
      else if (known) {
        --i;
        break;
      }
    }
    if (known)
      items.push_back({symbol(s.substr(from, known)), std::string(s.substr(from, known))});
    else
      items.push_back({Token::Error, "error expected: keyword found '" + std::string(s.substr(from, i - from)) + "'"});
  }
  items.push_back({Token::End, ""});
  return items;
}

std::string joined(const Complaints& all) {
  std::string out;
  for (const std::string& c : all) out += (out.empty() ? "" : "; ") + c;
  return out;
}

// Models labels.NewRequirement for what the text form can say.
std::string check(const Requirement& r) {
  std::vector<std::string> errors;
  if (!goodLabelKey(r.key))
    errors.push_back("key: Invalid value: " + quote(r.key) + ": " + joined(isQualifiedName(r.key)));
  int64_t number;
  for (size_t i = 0; i < r.values.size() && (r.op == Operator::Gt || r.op == Operator::Lt); ++i) {
    const std::string& v = r.values[i];
    const auto [end, error] = std::from_chars(v.data(), v.data() + v.size(), number);
    if (error != std::errc() || end != v.data() + v.size())
      errors.push_back("values[" + std::to_string(i) + "]: Invalid value: " + quote(v) +
                       ": for 'Gt', 'Lt' operators, the value must be an integer");
  }
  for (size_t i = 0; i < r.values.size(); ++i) {
    if (!goodLabelValue(r.values[i]))
      errors.push_back("values[" + std::to_string(i) + "][" + r.key + "]: Invalid value: " + quote(r.values[i]) + ": " +
                       joined(isValidLabelValue(r.values[i])));
  }
  if (errors.size() < 2) return errors.empty() ? "" : errors[0];
  std::string out = "[";
  for (size_t i = 0; i < errors.size(); ++i) out += (i ? ", " : "") + errors[i];
  return out + "]";
}

// Models labels.Parser; inside a list of values `in` and `notin` are ordinary words.
struct Parser {
  std::vector<Item> items;
  size_t at = 0;
  std::string error;

  Token peek(bool values = true) const {
    const Token t = items[at].token;
    return values && (t == Token::In || t == Token::NotIn) ? Token::Identifier : t;
  }
  const std::string& literal() const { return items[at].literal; }
  Token next(bool values = true) {
    const Token t = peek(values);
    if (at + 1 < items.size()) ++at;
    return t;
  }
  bool fail(std::string text) {
    error = std::move(text);
    return false;
  }
  bool found(std::string_view expected) { return fail("found '" + literal() + "'" + std::string(expected)); }

  bool parse(std::vector<Requirement>& out) {
    while (peek() != Token::End) {
      if (peek() != Token::Identifier && peek() != Token::Not)
        return found(", expected: !, identifier, or 'end of string'");
      Requirement r;
      if (!requirement(r)) return fail("unable to parse requirement: " + error);
      out.push_back(std::move(r));
      if (peek() == Token::End) break;
      if (peek() != Token::Comma) return found(", expected: ',' or 'end of string'");
      next();
      if (peek() != Token::Identifier && peek() != Token::Not) return found(", expected: identifier after ','");
    }
    return true;
  }

  bool requirement(Requirement& r) {
    const bool negated = peek() == Token::Not;
    if (negated) next();
    if (peek() != Token::Identifier) return found(", expected: identifier");
    r.key = literal();
    next();
    if (!goodLabelKey(r.key))
      return fail("<nil>: Invalid value: " + quote(r.key) + ": " + joined(isQualifiedName(r.key)));
    if (negated || peek() == Token::End || peek() == Token::Comma) {
      r.op = negated ? Operator::DoesNotExist : Operator::Exists;
    } else {
      if (!operation(r.op)) return false;
      if (!(r.op == Operator::In || r.op == Operator::NotIn ? list(r.values) : exact(r.values))) return false;
      api::sort(r.values);
      r.values.erase(std::unique(r.values.begin(), r.values.end()), r.values.end());
    }
    error = check(r);
    return error.empty();
  }

  bool operation(Operator& op) {
    switch (peek(false)) {
      case Token::In: op = Operator::In; break;
      case Token::NotIn: op = Operator::NotIn; break;
      case Token::Equals: op = Operator::Equals; break;
      case Token::DoubleEquals: op = Operator::DoubleEquals; break;
      case Token::NotEquals: op = Operator::NotEquals; break;
      case Token::Greater: op = Operator::Gt; break;
      case Token::Less: op = Operator::Lt; break;
      default: return found(", expected: in, notin, =, ==, !=, gt, lt");
    }
    next();
    return true;
  }

  bool exact(std::vector<std::string>& values) {
    if (peek() == Token::End || peek() == Token::Comma) {
      values.emplace_back();
      return true;
    }
    if (peek() != Token::Identifier) return found(", expected: identifier");
    values.push_back(literal());
    next();
    return true;
  }

  bool list(std::vector<std::string>& values) {
    if (peek() != Token::Open) return found(" expected: '('");
    next();
    if (peek() == Token::Close) {
      next();
      values.emplace_back();
      return true;
    }
    if (peek() != Token::Identifier && peek() != Token::Comma) return found(", expected: ',', ')' or identifier");
    while (true) {
      if (peek() == Token::Identifier) {
        values.push_back(literal());
        next();
        if (peek() == Token::Close) break;
        if (peek() != Token::Comma) return found(", expected: ',' or ')'");
      } else if (peek() == Token::Comma) {
        if (values.empty()) values.emplace_back();
        next();
        if (peek() == Token::Close || peek() == Token::Comma) values.emplace_back();
        if (peek() == Token::Close) break;
      } else {
        return found(", expected: ',', or identifier");
      }
    }
    next();
    return true;
  }
};

bool in(const std::vector<std::string>& values, std::string_view v) {
  return std::find(values.begin(), values.end(), v) != values.end();
}
bool in(const Value& values, std::string_view v) {
  for (const Value& x : values.values()) {
    if (x.asString() == v) return true;
  }
  return false;
}
}  // namespace

bool Requirement::matches(const Value& labels) const {
  const Value* label = labels.find(key);
  switch (op) {
    case Operator::In:
    case Operator::Equals:
    case Operator::DoubleEquals: return label && in(values, label->asString());
    case Operator::NotIn:
    case Operator::NotEquals: return !label || !in(values, label->asString());
    case Operator::Exists: return label;
    case Operator::DoesNotExist: return !label;
    case Operator::Gt:
    case Operator::Lt: break;
  }
  if (!label || values.size() != 1) return false;
  int64_t have, want;
  const std::string_view h = label->asString(), w = values[0];
  const auto a = std::from_chars(h.data(), h.data() + h.size(), have);
  const auto b = std::from_chars(w.data(), w.data() + w.size(), want);
  if (a.ec != std::errc() || b.ec != std::errc() || a.ptr != h.data() + h.size()) return false;
  return op == Operator::Gt ? have > want : have < want;
}

bool Selector::matches(const Value& labels) const {
  return !nothing &&
         std::all_of(requirements.begin(), requirements.end(), [&](const Requirement& r) { return r.matches(labels); });
}

static void sortByKey(std::vector<Requirement>& all) {
  api::sort(all, [](const Requirement& a, const Requirement& b) { return a.key < b.key; });
}

std::string parseSelector(std::string_view text, Selector& out) {
  out = {};
  Parser p;
  p.items = scan(text);
  if (!p.parse(out.requirements)) return p.error;
  sortByKey(out.requirements);
  return "";
}

std::string toString(const Selector& s) {
  std::string out;
  for (const Requirement& r : s.requirements) {
    if (!out.empty()) out += ",";
    if (r.op == Operator::DoesNotExist) out += "!";
    out += r.key;
    switch (r.op) {
      case Operator::Equals: out += "="; break;
      case Operator::DoubleEquals: out += "=="; break;
      case Operator::NotEquals: out += "!="; break;
      case Operator::In: out += " in ("; break;
      case Operator::NotIn: out += " notin ("; break;
      case Operator::Gt: out += ">"; break;
      case Operator::Lt: out += "<"; break;
      case Operator::Exists:
      case Operator::DoesNotExist: continue;
    }
    std::vector<std::string> values = r.values;
    api::sort(values);
    for (size_t i = 0; i < values.size(); ++i) out += (i ? "," : "") + values[i];
    if (r.op == Operator::In || r.op == Operator::NotIn) out += ")";
  }
  return out;
}

Selector labelSelector(const Value& selector) {
  Selector out;
  out.nothing = selector.isNull();
  const Value& labels = selector[key::matchLabels];
  for (size_t i = 0; i < labels.size(); ++i)
    out.requirements.push_back(
        {std::string(labels.keyAt(i).text()), Operator::Equals, {std::string(labels.values()[i].asString())}});
  for (const Value& e : selector[key::matchExpressions].values()) {
    const std::string_view op = e[key::operator_].asString();
    Requirement r{std::string(e[key::key].asString()), Operator::In, {}};
    for (const Value& v : e[key::values].values()) r.values.emplace_back(v.asString());
    if (op == "NotIn")
      r.op = Operator::NotIn;
    else if (op == "Exists")
      r.op = Operator::Exists;
    else if (op == "DoesNotExist")
      r.op = Operator::DoesNotExist;
    else if (op != "In")
      out.nothing = true;
    out.requirements.push_back(std::move(r));
  }
  sortByKey(out.requirements);
  return out;
}

bool mapMatches(const Value& map, const Value& labels) {
  for (size_t i = 0; i < map.size(); ++i) {
    const Value* label = labels.find(map.keyAt(i));
    if (!label || !(*label == map.values()[i])) return false;
  }
  return true;
}

bool labelSelectorMatches(const Value& selector, const Value& labels) {
  if (selector.isNull() || !mapMatches(selector[key::matchLabels], labels)) return false;
  for (const Value& e : selector[key::matchExpressions].values()) {
    const std::string_view op = e[key::operator_].asString();
    const Value* label = labels.find(e[key::key].asString());
    const bool listed = label && in(e[key::values], label->asString());
    const bool good = op == "In"             ? listed
                      : op == "NotIn"        ? !listed
                      : op == "Exists"       ? label != nullptr
                      : op == "DoesNotExist" ? !label
                                             : false;
    if (!good) return false;
  }
  return true;
}

std::string formatLabelSelector(const Value& selector) { return toString(labelSelector(selector)); }

std::string parseFieldSelector(std::string_view text, std::vector<FieldTerm>& out) {
  out.clear();
  std::vector<std::string_view> parts;
  size_t from = 0;
  for (size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && text[i] == '\\') {
      ++i;
    } else if (i >= text.size() || text[i] == ',') {
      parts.push_back(text.substr(from, std::min(i, text.size()) - from));
      from = i + 1;
    }
  }
  if (from < text.size()) parts.push_back(text.substr(from));
  api::sort(parts);
  for (std::string_view part : parts) {
    if (part.empty()) continue;
    const size_t equals = part.find('=');
    if (equals == part.npos)
      return "invalid selector: '" + std::string(text) + "'; can't understand '" + std::string(part) + "'";
    const bool negated = equals > 0 && part[equals - 1] == '!';
    size_t value = equals + 1;
    if (!negated && value < part.size() && part[value] == '=') ++value;
    FieldTerm term{std::string(part.substr(0, equals - negated)), "", !negated};
    for (size_t i = value; i < part.size(); ++i) {
      if (part[i] == '=' || part[i] == ',')
        return "invalid field selector: unescaped character in value: " + std::to_string(int(part[i]));
      if (part[i] == '\\') {
        if (++i == part.size()) return "invalid field selector: invalid escape sequence: \\";
        if (part[i] != '\\' && part[i] != ',' && part[i] != '=')
          return "invalid field selector: invalid escape sequence: \\" + std::string(1, part[i]);
      }
      term.value += part[i];
    }
    out.push_back(std::move(term));
  }
  return "";
}

}  // namespace api
