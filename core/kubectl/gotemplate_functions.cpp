// The functions of Go templates. Models text/template funcs.go and kubectl pkg/util/templates.
#include <algorithm>
#include <cstdlib>

#include "core/kubectl/gotemplate.hpp"
#include "core/kubectl/printer.hpp"

namespace kubectl {

bool truth(const Value& v) {
  switch (v.kind()) {
    case api::Kind::Null: return false;
    case api::Kind::Bool: return v.asBool();
    case api::Kind::Int:
    case api::Kind::Double: return v.asDouble() != 0;
    case api::Kind::String: return !v.asString().empty();
    default: return v.size() > 0;
  }
}

std::string shown(const Value& v) { return v.isNull() ? "<no value>" : goText(v); }

static constexpr std::string_view functionNames =
    " printf print println len not and or eq ne lt le gt ge index base64decode exists html js slice urlquery call ";

bool isTemplateFunction(std::string_view name) {
  return functionNames.find(" " + std::string(name) + " ") != functionNames.npos;
}

namespace {

std::string format(const std::string& pattern, const std::vector<Value>& args, size_t from) {
  std::string out;
  for (size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '%' || i + 1 == pattern.size()) {
      out += pattern[i];
      continue;
    }
    size_t verb = pattern.find_first_not_of("-+# 0123456789.", i + 1);
    if (verb == pattern.npos) return out;
    if (pattern[verb] == '%') {
      out += '%';
    } else if (from >= args.size()) {
      out += std::string("%!") + pattern[verb] + "(MISSING)";
    } else {
      std::string text = pattern[verb] == 'q' ? quote(scalar(args[from])) : shown(args[from]);
      ++from;
      int width = std::atoi(pattern.substr(i + 1, verb - i - 1).c_str());
      size_t wide = size_t(std::abs(width));
      if (text.size() < wide) text.insert(width < 0 ? text.size() : 0, wide - text.size(), ' ');
      out += text;
    }
    i = verb;
  }
  return out;
}

/// What html and js make of the characters that mean something there.
std::string escaped(const std::string& text, bool html) {
  constexpr std::pair<char, std::string_view> ofHtml[] = {
      {'<', "&lt;"}, {'>', "&gt;"}, {'&', "&amp;"}, {'"', "&#34;"}, {'\'', "&#39;"}};
  constexpr std::pair<char, std::string_view> ofJs[] = {{'<', "\\u003C"}, {'>', "\\u003E"}, {'&', "\\u0026"},
                                                        {'=', "\\u003D"}, {'"', "\\\""},    {'\'', "\\'"},
                                                        {'\\', "\\\\"},   {'\n', "\\u000A"}};
  std::string out;
  for (char c : text) {
    std::string_view as;
    if (html) {
      for (const auto& [from, to] : ofHtml) as = from == c ? to : as;
    } else {
      for (const auto& [from, to] : ofJs) as = from == c ? to : as;
    }
    as.empty() ? void(out += c) : void(out += as);
  }
  return out;
}

}  // namespace

Value templateFunction(const std::string& name, const std::vector<Value>& args, std::string& error) {
  auto arg = [&](size_t i) { return i < args.size() ? args[i] : Value(); };
  auto joined = [&](const char* separator) {
    std::string out;
    for (size_t i = 0; i < args.size(); ++i) out += (i ? separator : "") + shown(args[i]);
    return out;
  };
  if (name == "printf") return Value(format(scalar(arg(0)), args, 1));
  if (name == "print") {  // a blank between two operands of which neither is text
    std::string text;
    for (size_t i = 0; i < args.size(); ++i) {
      if (i && args[i].kind() != api::Kind::String && args[i - 1].kind() != api::Kind::String) text += ' ';
      text += shown(args[i]);
    }
    return Value(text);
  }
  if (name == "html" || name == "js") return Value(escaped(joined(""), name == "html"));
  if (name == "exists") {
    Value v = arg(0);
    for (size_t i = 1; i < args.size(); ++i) {
      const bool list = v.kind() == api::Kind::Array, inside = list && size_t(args[i].asInt()) < v.size();
      Value next = inside ? v[size_t(args[i].asInt())] : list ? Value() : member(v, args[i].asString());
      v = next;
    }
    return Value(!v.isNull());
  }
  if (name == "slice") {
    const size_t size = arg(0).kind() == api::Kind::String ? arg(0).asString().size() : arg(0).size();
    const size_t from = args.size() > 1 ? size_t(args[1].asInt()) : 0,
                 to = args.size() > 2 ? size_t(args[2].asInt()) : size;
    if (from > to || to > size) {
      error = "error calling slice: index out of range: " + std::to_string(to);
      return {};
    }
    if (arg(0).kind() == api::Kind::String) return Value(arg(0).asString().substr(from, to - from));
    const auto items = args[0].values();
    return Value::array(std::vector<Value>(items.begin() + long(from), items.begin() + long(to)));
  }
  if (name == "println") return Value(joined(" ") + "\n");
  if (name == "len")
    return Value(int64_t(arg(0).kind() == api::Kind::String ? arg(0).asString().size() : arg(0).size()));
  if (name == "not") return Value(!truth(arg(0)));
  if (name == "and" || name == "or") {
    for (const Value& v : args) {
      if (truth(v) == (name == "or")) return v;
    }
    return args.empty() ? Value() : args.back();
  }
  if (name == "eq") {
    bool any =
        std::any_of(args.begin() + (args.empty() ? 0 : 1), args.end(), [&](const Value& v) { return v == args[0]; });
    return Value(any);
  }
  if (name == "ne") return Value(!(arg(0) == arg(1)));
  if (name == "lt" || name == "le" || name == "gt" || name == "ge") {
    bool text = arg(0).kind() == api::Kind::String;
    int order = text ? scalar(arg(0)).compare(scalar(arg(1)))
                     : (arg(0).asDouble() > arg(1).asDouble()) - (arg(0).asDouble() < arg(1).asDouble());
    return Value(name == "lt" ? order < 0 : name == "le" ? order <= 0 : name == "gt" ? order > 0 : order >= 0);
  }
  if (name == "index") {
    Value v = arg(0);
    for (size_t i = 1; i < args.size(); ++i) {
      bool list = v.kind() == api::Kind::Array;
      if (list && (args[i].asInt() < 0 || size_t(args[i].asInt()) >= v.size())) {
        error = "error calling index: index out of range: " + shown(args[i]);
        return {};
      }
      Value next = list ? v[size_t(args[i].asInt())] : member(v, args[i].asString());
      v = next;
    }
    return v;
  }
  if (name == "base64decode") return Value(unbase64(scalar(arg(0))));
  error = "function " + quote(name) + " not defined";
  return {};
}

}  // namespace kubectl
