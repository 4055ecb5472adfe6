#include "core/kubectl/flags.hpp"

#include <algorithm>

namespace kubectl {

namespace {
std::string_view defaultOf(char type) {
  switch (type) {
    case 'b': return "false";
    case 'i':
    case 'j':
    case 'l': return "0";
    case 'd': return "0s";
    default: return {};
  }
}

/// One declaration: NAME[,SHORT]:TYPE[?VALUE][=DEFAULT].
Flag declared(std::string_view word) {
  Flag f;
  const size_t colon = word.find(':');
  std::string_view name = word.substr(0, colon), rest = colon == word.npos ? "b" : word.substr(colon + 1);
  const size_t comma = name.find(',');
  f.name = name.substr(0, comma);
  if (comma != name.npos) f.shorthand = name[comma + 1];
  f.type = rest[0];
  const size_t equals = rest.find('=');
  if (equals != rest.npos) f.value = rest.substr(equals + 1);
  if (f.value.empty()) f.value = defaultOf(f.type);
  rest = rest.substr(0, equals);
  const size_t bare = rest.find('?');
  f.hasBareValue = f.type == 'b' || bare != rest.npos;
  if (f.hasBareValue) f.bareValue = f.type == 'b' ? "true" : rest.substr(bare + 1);
  return f;
}
}  // namespace

void Flags::declare(std::string_view text) {
  flags_.reserve(flags_.size() + text.size() / 10);
  while (!text.empty()) {
    const size_t space = std::min(text.find(' '), text.size());
    if (space > 0) flags_.push_back(declared(text.substr(0, space)));
    text.remove_prefix(std::min(space + 1, text.size()));
  }
}

const Flag* Flags::find(std::string_view name) const {
  for (const Flag& f : flags_) {
    if (f.name == name) return &f;
  }
  return nullptr;
}

Flag* Flags::findShort(char c) {
  for (Flag& f : flags_) {
    if (f.shorthand == c && find(f.name) == &f) return &f;
  }
  return nullptr;
}

bool Flags::changed(std::string_view name) const {
  const Flag* f = find(name);
  return f && f->changed;
}

const std::string& Flags::get(std::string_view name) const {
  static const std::string empty;
  const Flag* f = find(name);
  return f ? f->value : empty;
}

const Strings& Flags::list(std::string_view name) const {
  static const Strings empty;
  const Flag* f = find(name);
  return f ? f->list : empty;
}

int64_t Flags::number(std::string_view name) const {
  int64_t n = 0;
  parseInt(get(name), 64, n);
  return n;
}

int64_t Flags::millis(std::string_view name) const {
  int64_t n = 0;
  parseDuration(get(name), n);
  return n;
}

// The words of pflag's errors.go and of strconv.
std::string Flags::set(Flag& f, const std::string& value) {
  std::string problem, stored = value;
  int64_t n = 0;
  switch (f.type) {
    case 'b': {
      std::string v = value;
      if (v == "1" || v == "t" || v == "T" || v == "TRUE" || v == "True") v = "true";
      if (v == "0" || v == "f" || v == "F" || v == "FALSE" || v == "False") v = "false";
      if (v != "true" && v != "false") problem = "strconv.ParseBool: parsing " + quote(value) + ": invalid syntax";
      stored = v;
      break;
    }
    case 'i':
    case 'l':
    case 'j':
      if (!parseInt(value, f.type == 'j' ? 32 : 64, n)) {
        bool digits = !value.empty() && value.find_first_not_of("+-0123456789") == std::string::npos;
        problem = "strconv.ParseInt: parsing " + quote(value) + (digits ? ": value out of range" : ": invalid syntax");
      }
      break;
    case 'd':
      if (!parseDuration(value, n)) {
        bool unit = !value.empty() && value.find_first_not_of("+-.0123456789") == std::string::npos;
        problem = std::string("time: ") + (unit ? "missing unit in duration " : "invalid duration ") + quote(value);
      }
      break;
    case 'a':
      for (std::string& part : split(value, ',')) f.list.push_back(std::move(part));
      break;
    case 'r': f.list.push_back(value); break;
    default: break;
  }
  if (!problem.empty()) {
    std::string flag = f.shorthand ? std::string("-") + f.shorthand + ", --" : "--";
    flag += f.name;
    return "invalid argument " + quote(value) + " for " + quote(flag) + " flag: " + problem;
  }
  given_.append(" --").append(f.name).append("=").append(value);
  f.value = stored;
  f.changed = true;
  return {};
}

std::string Flags::parse(const Strings& words, size_t from, Strings& args, int& dash) {
  dash = -1;
  for (size_t i = from; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (word.size() < 2 || word[0] != '-') {
      args.push_back(word);
      continue;
    }
    if (word == "--") {
      dash = int(args.size());
      args.insert(args.end(), words.begin() + long(i) + 1, words.end());
      return {};
    }
    if (word[1] == '-') {
      std::string name = word.substr(2);
      if (name[0] == '-' || name[0] == '=') return "bad flag syntax: " + word;
      size_t equals = name.find('=');
      Flag* f = own(name.substr(0, equals));
      if (!f) return "unknown flag: --" + name.substr(0, equals);
      std::string problem;
      if (equals != std::string::npos) {
        problem = set(*f, name.substr(equals + 1));
      } else if (f->hasBareValue) {
        problem = set(*f, std::string(f->bareValue));
      } else if (i + 1 < words.size()) {
        problem = set(*f, words[++i]);
      } else {
        problem = "flag needs an argument: " + word;
      }
      if (!problem.empty()) return problem;
      continue;
    }
    for (std::string rest = word.substr(1); !rest.empty();) {
      char c = rest[0];
      Flag* f = findShort(c);
      std::string where = std::string("'") + c + "' in " + "-" + rest, problem;
      if (!f) return "unknown shorthand flag: " + where;
      std::string value = rest.substr(1);
      if (value.size() > 1 && value[0] == '=') {
        problem = set(*f, value.substr(1)), rest.clear();
      } else if (f->hasBareValue) {
        problem = set(*f, std::string(f->bareValue)), rest = value;
      } else if (!value.empty()) {
        problem = set(*f, value), rest.clear();
      } else if (i + 1 < words.size()) {
        problem = set(*f, words[++i]), rest.clear();
      } else {
        problem = "flag needs an argument: " + where;
      }
      if (!problem.empty()) return problem;
    }
  }
  return {};
}

}  // namespace kubectl
