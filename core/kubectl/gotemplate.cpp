// Go's text/template as far as it is used with kubectl: fields, range, if, with, variables, pipes, common functions.
#include <algorithm>
#include <cstdlib>

#include "core/kubectl/gotemplate.hpp"
#include "core/kubectl/printer.hpp"

namespace kubectl {
namespace {

struct Variable {
  std::string name;
  Value value;
};

struct Piece {
  bool action;
  std::string text;
};

class Template {
 public:
  explicit Template(std::string& out) : out_(out) {}
  std::string parse(std::string_view text);
  /// What is wrong whatever the data are, as "output:1: …"; "" where nothing is.
  std::string check();
  void run(const Value& data) {
    size_t at = 0;
    vars_.push_back({"$", data});
    block(at, data, true);
  }
  std::string error;

 private:
  void block(size_t& at, const Value& dot, bool active);
  void range(size_t& at, const Value& dot, const std::string& expression, bool active);
  void branch(size_t& at, const Value& dot, const std::string& expression, bool active, bool with);
  void define(size_t& at);
  void invoke(const std::string& rest, const Value& dot);
  std::string unknownFunction(const std::string& expression);
  Strings words(const std::string& expression);
  Value pipeline(const std::string& expression, const Value& dot);
  Value call(const Strings& words, const Value& dot, const Value* last);
  Value operand(const std::string& word, const Value& dot);
  Value fields(Value from, std::string_view path);
  bool atEnd(size_t at, std::string_view keyword) const {
    return at < pieces_.size() && pieces_[at].action && split(pieces_[at].text, ' ')[0] == keyword;
  }
  enum class Leaving : uint8_t { no, breaks, continues } leaving_ = Leaving::no;  ///< the loop that runs
  int depth_ = 0, blocks_ = 0;  ///< of expressions and of blocks, so that no input can exhaust the stack
  std::vector<Piece> pieces_;
  std::vector<Variable> vars_;
  std::string& out_;
};

std::string Template::parse(std::string_view text) {
  while (!text.empty()) {
    size_t open = text.find("{{");
    std::string before(text.substr(0, open));
    if (open == text.npos) {
      pieces_.push_back({false, before});
      return {};
    }
    size_t close = text.find("}}", open);
    if (close == text.npos) return text.find('}', open) == text.npos ? "unclosed action" : "bad character U+007D '}'";
    std::string action(text.substr(open + 2, close - open - 2));
    if (startsWith(action, "- ")) {
      action = action.substr(2);
      size_t keep = before.find_last_not_of(" \t\r\n");
      before.resize(keep == before.npos ? 0 : keep + 1);
    }
    bool trimAfter = endsWith(action, " -");
    if (trimAfter) action.resize(action.size() - 2);
    if (!before.empty()) pieces_.push_back({false, before});
    pieces_.push_back({true, trim(action)});
    text = text.substr(close + 2);
    if (trimAfter) text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  }
  return {};
}

std::string Template::unknownFunction(const std::string& expression) {
  bool first = true;
  for (const std::string& w : words(expression)) {
    const bool name = (w[0] | 32) >= 'a' && (w[0] | 32) <= 'z';
    if (name && first && w != "true" && w != "false" && w != "nil" && !isTemplateFunction(w)) return w;
    first = w == "|";
    if (w[0] != '(') continue;
    if (std::string inner = unknownFunction(w.substr(1, w.rfind(')') - 1)); !inner.empty()) return inner;
  }
  return {};
}

std::string Template::check() {
  int open = 0;
  for (const Piece& p : pieces_) {
    if (!p.action || startsWith(p.text, "/*")) continue;
    const std::string keyword = split(p.text, ' ')[0];
    std::string rest = trim(p.text.substr(keyword.size()));
    if (keyword == "end" || keyword == "else") {
      if (open == 0) return "unexpected {{" + keyword + "}}";
      open -= keyword == "end";
      if (!startsWith(rest, "if ")) continue;
      rest = rest.substr(3);
    } else if (keyword == "range" || keyword == "if" || keyword == "with" || keyword == "define") {
      ++open;
      if (rest.empty()) return "missing value for " + keyword;
    } else if (keyword == "break" || keyword == "continue" || keyword == "template") {
      continue;
    } else {
      rest = p.text;
    }
    if (keyword == "define") continue;
    if (const size_t assign = rest.find('='); rest[0] == '$' && assign != rest.npos) rest = rest.substr(assign + 1);
    if (std::string name = unknownFunction(rest); !name.empty()) return "function " + quote(name) + " not defined";
  }
  return open ? "unexpected EOF" : "";
}

/// Passes over a definition's body.
void Template::define(size_t& at) {
  block(at, {}, false);
  if (atEnd(at, "end")) ++at;
}

void Template::invoke(const std::string& rest, const Value& dot) {
  const Strings parts = words(rest);
  const Value name = parts.empty() ? Value() : operand(parts[0], dot);
  for (size_t i = 0; i < pieces_.size(); ++i) {
    if (!pieces_[i].action || pieces_[i].text != "define " + quote(name.asString())) continue;
    const Value data = parts.size() > 1 ? pipeline(rest.substr(rest.find(parts[0]) + parts[0].size()), dot) : Value();
    std::vector<Variable> outer;
    outer.swap(vars_);
    vars_.push_back({"$", data});
    block(++i, data, true);
    vars_.swap(outer);
    return;
  }
  error = "template " + quote(name.asString()) + " not defined";
}

// Runs (or skips) up to the matching end or else, which is left to the caller.
void Template::block(size_t& at, const Value& dot, bool active) {
  if (++blocks_ > 100) error = "nested too deeply";
  while (at < pieces_.size() && error.empty()) {
    const Piece& p = pieces_[at];
    active = active && leaving_ == Leaving::no;
    if (!p.action) {
      if (active) out_ += p.text;
      ++at;
      continue;
    }
    std::string keyword = split(p.text, ' ')[0], rest = trim(p.text.substr(keyword.size()));
    if (keyword == "end" || keyword == "else") break;
    ++at;
    if (keyword == "define") {
      define(at);
    } else if (keyword == "range") {
      range(at, dot, rest, active);
    } else if (keyword == "if" || keyword == "with") {
      branch(at, dot, rest, active, keyword == "with");
    } else if (active && (keyword == "break" || keyword == "continue")) {
      leaving_ = keyword == "break" ? Leaving::breaks : Leaving::continues;
    } else if (active && keyword == "template") {
      invoke(rest, dot);
    } else if (active && !startsWith(p.text, "/*")) {
      const size_t assign = p.text.find('=');
      if (startsWith(p.text, "$") && assign != p.text.npos) {
        const bool declares = p.text[assign - 1] == ':';
        const std::string name = trim(p.text.substr(0, assign - declares));
        Value v = pipeline(p.text.substr(assign + 1), dot);
        auto known = std::find_if(vars_.rbegin(), vars_.rend(), [&](const Variable& x) { return x.name == name; });
        if (declares)
          vars_.push_back({name, std::move(v)});
        else if (known != vars_.rend())
          known->value = std::move(v);
        else
          error = "undefined variable " + quote(name);
      } else {
        Value v = pipeline(p.text, dot);
        if (error.empty()) out_ += shown(v);
      }
    }
  }
  --blocks_;
}

void Template::branch(size_t& at, const Value& dot, const std::string& expression, bool active, bool with) {
  Value v = active ? pipeline(expression, dot) : Value();
  bool yes = active && truth(v);
  block(at, with && yes ? v : dot, yes);
  bool done = yes;
  while (atEnd(at, "else") && error.empty()) {
    std::string rest = trim(pieces_[at++].text.substr(4));
    bool now = active && !done;
    if (startsWith(rest, "if ")) now = now && truth(pipeline(rest.substr(3), dot));
    block(at, dot, now);
    done = done || now;
  }
  if (atEnd(at, "end")) ++at;
}

void Template::range(size_t& at, const Value& dot, const std::string& expression, bool active) {
  std::string source = expression;
  Strings names;
  size_t assign = expression.find(":=");
  if (assign != expression.npos) {
    for (const std::string& n : split(expression.substr(0, assign), ',')) names.push_back(trim(n));
    source = expression.substr(assign + 2);
  }
  Value list = active ? pipeline(source, dot) : Value();
  size_t start = at, scope = vars_.size(), end = at;
  for (size_t i = 0; i < list.size() && error.empty(); ++i) {
    Value item = list.values()[i];
    Value key = list.kind() == api::Kind::Object ? Value(list.keyAt(i).text()) : Value(int64_t(i));
    if (names.size() == 2) vars_.push_back({names[0], key});
    if (!names.empty()) vars_.push_back({names.back(), item});
    at = start;
    block(at, item, true);
    vars_.resize(scope);
    end = at;
    const bool breaks = leaving_ == Leaving::breaks;
    leaving_ = Leaving::no;
    if (breaks) break;
  }
  if (list.size() == 0) {
    block(at, dot, false);
    end = at;
  }
  at = end;
  if (atEnd(at, "else")) {
    ++at;
    block(at, dot, active && list.size() == 0);
  }
  if (atEnd(at, "end")) ++at;
}

/// Splits on spaces and pipes outside of quotes and parentheses.
Strings Template::words(const std::string& text) {
  Strings out;
  std::string word;
  int depth = 0;
  char quoteMark = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (quoteMark) {
      word += c;
      if (c == '\\' && quoteMark == '"' && i + 1 < text.size()) {
        word += text[++i];
      } else if (c == quoteMark) {
        quoteMark = 0;
      }
      continue;
    }
    if (c == '"' || c == '`') quoteMark = c;
    depth += c == '(' ? 1 : c == ')' ? -1 : 0;
    if (depth == 0 && (c == ' ' || c == '|')) {
      if (!word.empty()) out.push_back(std::move(word));
      word.clear();
      if (c == '|') out.push_back("|");
      continue;
    }
    word += c;
  }
  if (!word.empty()) out.push_back(std::move(word));
  return out;
}

Value Template::pipeline(const std::string& expression, const Value& dot) {
  struct Deeper {
    int& depth;
    explicit Deeper(int& d) : depth(++d) {}
    ~Deeper() { --depth; }
  } deeper(depth_);
  if (depth_ > 100) error = "nested too deeply";
  Value last;
  bool first = true;
  Strings command;
  Strings all = words(expression);
  all.push_back("|");
  for (const std::string& w : all) {
    if (w != "|") {
      command.push_back(w);
      continue;
    }
    if (command.empty()) error = "missing value for command";
    if (!error.empty()) return {};
    last = call(command, dot, first ? nullptr : &last);
    first = false;
    command.clear();
  }
  return last;
}

Value Template::call(const Strings& words, const Value& dot, const Value* last) {
  char c = words[0][0];
  bool letter = (c | 32) >= 'a' && (c | 32) <= 'z';
  if (!letter || words[0] == "true" || words[0] == "false" || words[0] == "nil") return operand(words[0], dot);
  std::vector<Value> args;
  for (size_t i = 1; i < words.size(); ++i) args.push_back(operand(words[i], dot));
  if (last) args.push_back(*last);
  return templateFunction(words[0], args, error);
}

Value Template::fields(Value from, std::string_view path) {
  for (const std::string& name : split(path, '.')) {
    if (name.empty()) continue;
    if (from.kind() != api::Kind::Object && !from.isNull()) {
      error = "can't evaluate field " + name + " in type interface {}";
      return {};
    }
    from = member(from, name);
  }
  return from;
}

Value Template::operand(const std::string& word, const Value& dot) {
  if (word == ".") return dot;
  if (word == "true" || word == "false") return Value(word == "true");
  if (word[0] == '.') return fields(dot, word.substr(1));
  if (word[0] == '(') {
    size_t close = word.rfind(')');
    if (close == word.npos) {
      error = "unclosed left paren";
      return {};
    }
    Value v = pipeline(word.substr(1, close - 1), dot);
    return close + 1 < word.size() ? fields(v, word.substr(close + 1)) : v;
  }
  if (word[0] == '"' || word[0] == '`') {
    std::string text;
    for (size_t i = 1; i + 1 < word.size(); ++i) {
      if (word[0] == '"' && word[i] == '\\' && i + 2 < word.size()) {
        char c = word[++i];
        if (c == 'x' && i + 3 < word.size()) {
          text += char(std::strtol(word.substr(i + 1, 2).c_str(), nullptr, 16));
          i += 2;
        } else {
          text += c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : c;
        }
      } else {
        text += word[i];
      }
    }
    return Value(text);
  }
  if (word[0] == '$') {
    size_t dotAt = word.find('.');
    std::string name = word.substr(0, dotAt);
    for (size_t i = vars_.size(); i-- > 0;) {
      if (vars_[i].name != name) continue;
      return dotAt == word.npos ? vars_[i].value : fields(vars_[i].value, word.substr(dotAt + 1));
    }
    error = "undefined variable " + quote(name);
    return {};
  }
  int64_t n = 0;
  if (parseInt(word, 64, n)) return Value(n);
  return templateFunction(word, {}, error);
}

}  // namespace

std::string goTemplateProblem(std::string_view text) {
  std::string ignored;
  Template t(ignored);
  std::string problem = t.parse(text);
  if (problem.empty()) problem = t.check();
  return problem.empty() ? problem : "template: output:1: " + problem;
}

std::string goTemplate(std::string_view text, const Value& data, std::string& out) {
  Template t(out);
  std::string problem = t.parse(text);
  if (!problem.empty()) return problem;
  t.run(data);
  return t.error;
}

}  // namespace kubectl
