// How awk's tree runs.
#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "core/shell/awk.hpp"
#include "core/shell/machine.hpp"

namespace shell::awk_language {

void Machine::setLine(std::string line) {
  fields = split(line, special("FS", " "));
  fields.insert(fields.begin(), std::move(line));
  variables["NF"] = Cell::of(double(fields.size() - 1));
}

void Machine::joinLine() {
  std::string line;
  const std::string separator = special("OFS", " ");
  for (size_t i = 1; i < fields.size(); ++i) (line += i > 1 ? separator : "") += fields[i];
  fields[0] = line;
}

std::string Machine::key(const Tree& t) {
  std::string k;
  for (size_t i = 0; i < t.parts.size(); ++i) (k += i ? "\034" : "") += eval(t.parts[i]).asText();
  return k;
}

void Machine::assign(const Tree& to, Cell v) {
  if (!v.isNumber && v.text.size() > longestValue) v.text.resize(longestValue);
  if (to.op == "var") {
    if (variables.size() < 2000 || variables.count(to.text)) variables[to.text] = v;
    if (to.text == "NF") fields.resize(size_t(std::clamp(v.asNumber(), 0.0, 1000.0)) + 1), joinLine();
  } else if (to.op == "index") {
    auto& array = arrays[to.text];
    std::string k = key(to);
    if (array.size() < 20000) array[k] = v;
  } else if (to.op == "$") {
    const int n = int(std::clamp(eval(to.parts[0]).asNumber(), 0.0, 1000.0));
    if (n == 0) return setLine(v.asText());
    if (size_t(n) >= fields.size()) fields.resize(size_t(n) + 1);
    fields[size_t(n)] = v.asText();
    variables["NF"] = Cell::of(double(fields.size() - 1));
    joinLine();
  }
}

bool Machine::matches(const TreePtr& pattern, const std::string& text) {
  if (pattern->op == "re") return pattern->regex->matches(text);
  Regex r;
  return r.compile(eval(pattern).asText(), true) && r.matches(text);
}

Cell Machine::eval(const TreePtr& tree) {
  if (!tree || --steps < 0 || depth > 200 || !error.empty()) return Cell::of("");
  ++depth;
  Cell v = evalInside(*tree);
  --depth;
  return v;
}

Cell Machine::evalInside(const Tree& t) {
  const std::string& op = t.op;
  if (op == "num") return Cell::of(t.number);
  if (op == "str") return Cell::of(t.text);
  if (op == "re") return Cell::of(double(t.regex->matches(fields[0])));
  if (op == "var") {
    const auto it = variables.find(t.text);
    return it == variables.end() ? Cell::of("", true) : it->second;
  }
  if (op == "index") {
    std::string k = key(t);
    auto& array = arrays[t.text];
    const auto it = array.find(k);
    return it == array.end() ? Cell::of("", true) : it->second;
  }
  if (op == "$") {
    const double n = eval(t.parts[0]).asNumber();
    return Cell::of(n >= 0 && n < double(fields.size()) ? fields[size_t(n)] : std::string(), true);
  }
  if (op == "assign") {
    Cell v = eval(t.parts[1]);
    if (!t.text.empty()) v = Cell::of(arithmetic(t.text, eval(t.parts[0]).asNumber(), v.asNumber()));
    assign(*t.parts[0], v);
    return v;
  }
  if (op == "pre" || op == "post") {
    const double old = eval(t.parts[0]).asNumber(), now = old + (t.text == "++" ? 1 : -1);
    if (t.parts[0]) assign(*t.parts[0], Cell::of(now));
    return Cell::of(op == "pre" ? now : old);
  }
  if (op == "?") return eval(eval(t.parts[0]).truth() ? t.parts[1] : t.parts[2]);
  if (op == "&&") return Cell::of(double(eval(t.parts[0]).truth() && eval(t.parts[1]).truth()));
  if (op == "||") return Cell::of(double(eval(t.parts[0]).truth() || eval(t.parts[1]).truth()));
  if (op == "!") return Cell::of(double(!eval(t.parts[0]).truth()));
  if (op == "neg") return Cell::of(-eval(t.parts[0]).asNumber());
  if (op == "pos") return Cell::of(eval(t.parts[0]).asNumber());
  if (op == "~" || op == "!~") return Cell::of(double(matches(t.parts[1], eval(t.parts[0]).asText()) == (op == "~")));
  if (op == "in") {
    const auto it = arrays.find(t.parts[1]->text);
    const std::string k = t.parts[0]->op == "key" ? key(*t.parts[0]) : eval(t.parts[0]).asText();
    return Cell::of(double(it != arrays.end() && it->second.count(k)));
  }
  if (op == "call") return call(t);
  if (t.parts.size() < 2) return Cell::of("");
  const Cell a = eval(t.parts[0]), b = eval(t.parts[1]);
  if (op == "concat") return Cell::of((a.asText() + b.asText()).substr(0, longestValue));
  if (op.size() <= 2 && std::string_view("<=>!").find(op[0]) != std::string_view::npos) {
    double d;
    if (a.numeric() && b.numeric())
      d = a.asNumber() - b.asNumber();
    else
      d = a.asText().compare(b.asText());
    return Cell::of(double(op == "<"    ? d < 0
                           : op == "<=" ? d <= 0
                           : op == ">"  ? d > 0
                           : op == ">=" ? d >= 0
                           : op == "==" ? d == 0
                                        : d != 0));
  }
  return Cell::of(arithmetic(op, a.asNumber(), b.asNumber()));
}

void Machine::run(const TreePtr& tree) {
  if (!tree || flow != Flow::none || --steps < 0 || !error.empty()) return;
  const Tree& t = *tree;
  if (t.op == "list") {
    for (const TreePtr& p : t.parts) run(p);
  } else if (t.op == "print") {
    if (t.parts.empty()) out += fields[0];
    const std::string separator = special("OFS", " ");
    for (size_t i = 0; i < t.parts.size(); ++i) (out += i ? separator : "") += eval(t.parts[i]).asText();
    out += special("ORS", "\n");
    if (out.size() > longestText) error = "output too long";
  } else if (t.op == "printf") {
    out += format(t);
    if (out.size() > longestText) error = "output too long";
  } else if (t.op == "if") {
    if (eval(t.parts[0]).truth())
      run(t.parts[1]);
    else if (t.parts.size() > 2)
      run(t.parts[2]);
  } else if (t.op == "while" || t.op == "for") {
    const bool isFor = t.op == "for";
    if (isFor) run(t.parts[0]);
    const TreePtr& condition = t.parts[isFor ? 1 : 0];
    while (steps > 0 && error.empty() && (!condition || eval(condition).truth())) {
      run(t.parts[isFor ? 3 : 1]);
      if (flow == Flow::continues) flow = Flow::none;
      if (flow != Flow::none) break;
      if (isFor) run(t.parts[2]);
    }
    if (flow == Flow::breaks) flow = Flow::none;
  } else if (t.op == "each") {
    std::vector<std::string> keys;
    for (const auto& [k, v] : arrays[t.parts[0]->parts[1]->text]) keys.push_back(k);
    for (const std::string& k : keys) {
      assign(*t.parts[0]->parts[0], Cell::of(k, true));
      run(t.parts[1]);
      if (flow == Flow::continues) flow = Flow::none;
      if (flow != Flow::none) break;
    }
    if (flow == Flow::breaks) flow = Flow::none;
  } else if (t.op == "next") {
    flow = Flow::next;
  } else if (t.op == "break") {
    flow = Flow::breaks;
  } else if (t.op == "continue") {
    flow = Flow::continues;
  } else if (t.op == "exit") {
    if (!t.parts.empty()) exit = int(eval(t.parts[0]).asNumber()) & 255;
    flow = Flow::exits;
  } else if (t.op == "delete") {
    const Tree& what = *t.parts[0];
    if (what.op == "index")
      arrays[what.text].erase(key(what));
    else
      arrays.erase(what.text);
  } else {
    eval(tree);
  }
}

void Machine::runRules(std::vector<Rule>& rules, std::string_view special) {
  for (Rule& r : rules) {
    if (r.special != special || flow != Flow::none) continue;
    bool hit = true;
    if (r.to) {
      hit = r.inRange || eval(r.from).truth();
      if (hit) r.inRange = !eval(r.to).truth();
    } else if (r.from) {
      hit = eval(r.from).truth();
    }
    if (!hit) continue;
    if (r.action)
      run(r.action);
    else
      out += fields[0] + "\n";
  }
}

}  // namespace shell::awk_language
