// awk: patterns and actions over lines.
#include <algorithm>

#include "core/shell/awk.hpp"

namespace shell::commands {
using namespace awk_language;

Outcome awk(Call& c, System& s) {
  Options o;
  // The words after the program are files, whatever they look like; -F and -v come before it.
  if (!options(c, "F:v:f:", o)) return Outcome::done;
  std::string text;
  if (const std::string* file = o.value('f')) {
    if (!slurp(c, s, *file, text)) return Outcome::done;
  } else {
    if (o.words.empty()) return fail(c, "usage: awk [-F fs][-v var=value][prog | -f progfile][file ...]", 2);
    text = o.words[0];
    o.words.erase(o.words.begin());
  }
  Parser parser(text);
  std::vector<Rule> rules = parser.program();
  if (!parser.error.empty()) return fail(c, parser.error, 2);
  Machine m;
  for (const auto& [option, value] : o.list) {
    const size_t equals = value.find('=');
    if (option == 'F') m.variables["FS"] = Cell::of(unescaped(value == "t" ? "\\t" : value));
    if (option == 'v' && equals != value.npos)
      m.variables[value.substr(0, equals)] = Cell::of(unescaped(value.substr(equals + 1)), true);
  }
  const bool readsLines = std::any_of(rules.begin(), rules.end(), [](const Rule& r) { return r.special != "BEGIN"; });
  std::string all;
  if (readsLines && o.words.empty()) {
    if (!input(c)) return Outcome::reads;
    all = c.input;
  }
  int exit = 0;
  for (const std::string& name : o.words) {
    std::string content;
    if (name.find('=') != name.npos && s.stat(absolute(c, name)).kind == FileInfo::Kind::none) {
      m.variables[name.substr(0, name.find('='))] = Cell::of(name.substr(name.find('=') + 1), true);
    } else if (slurp(c, s, name, content)) {
      all += content;
      m.variables["FILENAME"] = Cell::of(name);
    } else {
      exit = 2;
    }
  }
  m.runRules(rules, "BEGIN");
  double n = 0;
  if (readsLines) {
    for (std::string_view line : lines(all)) {
      if (m.flow == Machine::Flow::exits || !m.error.empty() || m.steps < 0) break;
      m.variables["NR"] = m.variables["FNR"] = Cell::of(++n);
      m.setLine(std::string(line));
      m.runRules(rules, "");
      if (m.flow == Machine::Flow::next) m.flow = Machine::Flow::none;
    }
    c.satisfied = m.flow == Machine::Flow::exits;
    m.flow = Machine::Flow::none;
    if (!c.partial || c.satisfied) m.runRules(rules, "END");
  }
  c.out = std::move(m.out);
  if (m.steps < 0 && m.error.empty()) m.error = "too many steps";
  if (!m.error.empty()) return fail(c, m.error, 2);
  return done(c, m.exit ? m.exit : exit);
}

}  // namespace shell::commands
