#pragma once
// Reading and writing documents by dotted paths, as the commands and describers do: short to write and small in code.
#include <string>
#include <string_view>

#include "core/api/value.hpp"

namespace kubectl {

using api::Value;

/// By keys separated by dots ("spec.template.metadata.labels"); null where there is no such value.
const Value& at(const Value&, std::string_view path);
inline std::string str(const Value& v, std::string_view path) { return std::string(at(v, path).asString()); }
int64_t num(const Value& v, std::string_view path, int64_t otherwise = 0);
bool flag(const Value& v, std::string_view path);
bool has(const Value& v, std::string_view path);
void put(Value& v, std::string_view path, Value what);
bool drop(Value& v, std::string_view path);
/// One member whose key may hold dots.
const Value& member(const Value&, std::string_view key);

/// Go's template functions for "a=b,c=d"; "<none>" without any.
std::string formatLabels(const Value& map);
/// "a=b,c in (d,e)" of a LabelSelector; "<none>" where it is absent, as metav1.FormatLabelSelector.
std::string formatSelector(const Value& selector);
/// Of an object: "apps/v1" → "apps"; "" for the core group.
std::string groupOf(std::string_view apiVersion);
std::string versionOf(std::string_view apiVersion);

/// Whether an object's labels match a selector in text form; `error` where it cannot be parsed.
bool matchesText(std::string_view selector, const Value& labels, std::string& error);
/// A selector's text as a LabelSelector document; gives the error's sentence or "". Models metav1.ParseToLabelSelector.
std::string toLabelSelector(const std::string& text, Value& out);
/// Whether labels match a LabelSelector document.
bool matches(const Value& selector, const Value& labels);

}  // namespace kubectl
