#include "core/kubectl/error.hpp"

namespace kubectl {

using api::Value;
namespace key = api::key;

Error plain(std::string text) { return {Error::Type::plain, std::move(text), {}, {}, 1}; }
Error bare(std::string text) { return {Error::Type::bare, std::move(text), {}, {}, 1}; }
Error silent() { return {Error::Type::exit, {}, {}, {}, 1}; }

Error statusError(int code, std::string_view reason, std::string message) {
  Value status;
  status.set(key::code, code);
  status.set(key::reason, reason);
  status.set(key::message, message);
  return {Error::Type::status, {}, std::move(status), {}, 1};
}

Error fromResponse(const apiserver::Response& r) {
  if (r.ok()) return {};
  if (!r.text.empty() && r.code == 404) {
    return statusError(404, "NotFound", "the server could not find the requested resource");
  }
  if (!r.text.empty()) return statusError(r.code, "", r.text);
  return {Error::Type::status, {}, r.body, {}, 1};
}

Error aggregate(std::vector<Error> errors) {
  Error all;
  std::erase_if(errors, [](const Error& e) { return !e; });
  if (errors.size() == 1) return std::move(errors[0]);
  for (Error& e : errors) {
    if (e.type == Error::Type::aggregate) {
      for (Error& inner : e.list) all.list.push_back(std::move(inner));
    } else {
      all.list.push_back(std::move(e));
    }
  }
  if (all.list.empty()) return {};
  all.type = Error::Type::aggregate;
  return all;
}

std::string Error::message() const {
  if (type == Type::status) return std::string(status[key::message].asString());
  if (type != Type::aggregate) return text;
  Strings parts;
  for (const Error& e : list) {
    std::string m = e.message();
    bool seen = false;
    for (const std::string& p : parts) seen = seen || p == m;
    if (!seen) parts.push_back(m);
  }
  return parts.size() == 1 ? parts[0] : "[" + join(parts, ", ") + "]";
}

Error withPrefix(std::string_view prefix, Error e) {
  std::string text = std::string(prefix) + e.message();
  if (e.type == Error::Type::status) {
    e.status.set(key::message, text);
    return e;
  }
  return plain(std::move(text));
}

Error withSource(std::string_view verb, std::string_view source, Error e) {
  if (source.empty() || !e) return e;
  return withPrefix("error when " + std::string(verb) + " " + quote(source) + ": ", std::move(e));
}

namespace {

std::string messageForError(const Error& e) {
  if (e.type != Error::Type::status) return e.message();
  std::string_view reason = e.status[key::reason].asString();
  if (reason == "Unauthorized") return "error: You must be logged in to the server (" + e.message() + ")";
  if (reason.empty()) return "Error from server: " + e.message();
  return "Error from server (" + std::string(reason) + "): " + e.message();
}

std::string invalidRequest(const Value& status) {
  const Value& details = status[key::details];
  std::string_view message = status[key::message].asString();
  std::string text = "The request is invalid";
  if (details.isNull()) return message.empty() ? text : text + ": " + std::string(message);
  const Value& causes = details[key::causes];
  std::string_view kind = details[key::kind].asString(), name = details[key::name].asString();
  if (!kind.empty() || !name.empty()) {
    text = "The " + std::string(kind) + " " + quote(name) + " is invalid";
  } else if (!message.empty() && causes.size() == 0) {
    text += ": " + std::string(message);
  }
  if (causes.size() == 0) return text;
  Strings lines;
  for (const Value& cause : causes.values()) {
    std::string line = std::string(cause[key::field].asString()) + ": " + std::string(cause[key::message].asString());
    bool seen = false;
    for (const std::string& l : lines) seen = seen || l == line;
    if (!seen) lines.push_back(line);
  }
  if (lines.size() == 1) return text + ": " + lines[0] + "\n";
  text += ": \n";
  for (const std::string& line : lines) text += "* " + line + "\n";
  return text;
}

}  // namespace

std::string describeError(const Error& e) {
  std::string text;
  switch (e.type) {
    case Error::Type::none:
    case Error::Type::killed:
    case Error::Type::exit: return {};
    case Error::Type::bare: text = e.text; break;
    case Error::Type::configuration: text = "Error in configuration: " + e.text; break;
    case Error::Type::aggregate:
      for (const Error& one : e.list) text += messageForError(one) + "\n";
      break;
    case Error::Type::status: text = e.is("Invalid") ? invalidRequest(e.status) : messageForError(e); break;
    default: text = startsWith(e.text, "error: ") ? e.text : "error: " + e.text;
  }
  if (!text.empty() && text.back() != '\n') text += '\n';
  return text;
}

}  // namespace kubectl
