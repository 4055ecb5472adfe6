// kubectl explain: types from the schema table, with own short texts for the fields that learners look up.
// Models kubectl pkg/explain/v2 with its plaintext template.
#include "core/api/schema.hpp"
#include "core/kubectl/runs.hpp"

namespace kubectl {
namespace {

using api::Field;
using api::FieldType;
using api::Type;

struct Text {
  std::string_view of, english, chinese;  ///< "Type", "Type.field", or ".field" of all types
};
constexpr Text texts[] = {
#include "core/kubectl/explain_texts.inc"
};

/// Looks texts up in the language of the person who asks.
struct Texts {
  bool chinese;

  std::string_view of(std::string_view name) const {
    for (const Text& t : texts) {
      if (t.of == name) return chinese ? t.chinese : t.english;
    }
    const size_t dot = name.find('.');
    return dot == 0 || dot == name.npos ? std::string_view() : of(name.substr(dot));
  }
};

std::string typeName(const Field& f) {
  std::string prefix = f.shape == api::Shape::Array ? "[]" : f.shape == api::Shape::Map ? "map[string]" : "";
  switch (f.type) {
    case FieldType::String:
    case FieldType::Bytes: return prefix + "string";
    case FieldType::Time: return prefix + "Time";
    case FieldType::MicroTime: return prefix + "MicroTime";
    case FieldType::Quantity: return prefix + "Quantity";
    case FieldType::IntOrString: return prefix + "IntOrString";
    case FieldType::Int32:
    case FieldType::Int64: return prefix + "integer";
    case FieldType::Double: return prefix + "number";
    case FieldType::Bool: return prefix + "boolean";
    case FieldType::Raw: {
      const size_t dot = f.goType.rfind('.');
      return prefix + std::string(dot == f.goType.npos ? "Object" : f.goType.substr(dot + 1));
    }
    case FieldType::Object: break;
  }
  const Type* t = api::elementType(f);
  if (t && t->name == "DiscoveryEndpointPort") return prefix + "EndpointPort";  // its name in its own group
  return prefix + (t ? std::string(t->name) : "Object");
}

/// Lines break at blanks, and between Chinese characters, which are two columns wide.
std::string wrap(std::string_view text, size_t width, size_t indent) {
  std::string out, line;
  size_t columns = 0;
  const auto flush = [&] {
    while (!line.empty() && line.back() == ' ') line.pop_back();
    if (!line.empty()) out += std::string(indent, ' ') + line + "\n";
    line.clear();
    columns = 0;
  };
  while (!text.empty()) {
    const bool wide = uint8_t(text[0]) >= 0xe0;
    size_t n = wide ? 3 : 0;
    while (!wide && n < text.size() && text[n] != ' ' && uint8_t(text[n]) < 0xe0) ++n;
    const std::string_view word = text.substr(0, n);
    const size_t room = wide ? 2 : n;
    if (columns + room > width && word != "，" && word != "。") flush();
    line += word;
    columns += room;
    text.remove_prefix(std::min(n, text.size()));
    if (text.empty() || text[0] != ' ') continue;
    text.remove_prefix(1);
    if (columns) line += ' ', ++columns;
  }
  flush();
  return out;
}

/// "enum: A, B" below a field; "ENUM:" with one a line where it is what was asked for.
std::string enumText(const Field& f, bool asked, size_t indent) {
  if (f.enumValues.empty() || f.shape != api::Shape::One) return {};
  Strings values = split(f.enumValues, ',');
  std::string out = asked ? "ENUM:" : "\n" + std::string(indent, ' ') + "enum: ";
  for (size_t i = 0; i < values.size(); ++i) {
    if (!asked && i == 4) return out + ", ....";
    out += (asked ? "\n    " : i ? ", " : "") + (values[i].empty() ? "\"\"" : values[i]);
  }
  return out;
}

void fieldList(const Type& type, const Texts& texts, bool recursive, int level, std::string& out, int depth) {
  size_t indent = size_t(level) * 2;
  for (const Field& f : type.fields) {
    out += std::string(indent, ' ') + std::string(f.key.text()) + "\t<" + typeName(f) + ">" +
           (f.required ? " -required-" : "") + enumText(f, false, indent) + "\n";
    if (!recursive) {
      std::string_view text = texts.of(std::string(type.name) + "." + std::string(f.key.text()));
      out += wrap(text.empty() ? "<no description>" : text, 78 - indent, indent + 2) + "\n";
    } else if (const Type* t = f.type == FieldType::Object ? api::elementType(f) : nullptr; t && depth < 12) {
      fieldList(*t, texts, recursive, level + 1, out, depth + 1);
    }
  }
}

void description(const Type* type, const Texts& texts, std::string_view fieldText, bool recursive, std::string& out) {
  out += "DESCRIPTION:\n";
  std::string_view own = type ? texts.of(type->name) : std::string_view();
  if (!fieldText.empty()) out += wrap(fieldText, 76, 4);
  if (!own.empty()) out += wrap(own, 76, 4);
  if (fieldText.empty() && own.empty()) out += "    <empty>\n";
  out += "    \n";
  if (!type) return;
  out += "FIELDS:\n";
  fieldList(*type, texts, recursive, 1, out, 0);
}

}  // namespace

/// Whether any resource is of that version.
static bool isServed(std::string_view version) {
  for (const Mapping& m : mappings()) {
    if (m.apiVersion() == version) return true;
  }
  return false;
}

Error explain(Invocation& in) {
  if (in.args.empty()) {
    return plain(
        "You must specify the type of resource to explain. Use \"kubectl api-resources\" for a complete list "
        "of supported resources.\n");
  }
  if (in.args.size() > 1) return plain("We accept only this format: explain RESOURCE\n");
  Strings path = split(in.args[0], '.');
  std::erase(path, "");
  if (path.empty()) path.emplace_back();
  const Mapping* m = findMapping(path[0]);
  if (!m) return bare("the server doesn't have a resource type " + quote(path[0]));
  if (contains(in.args[0], "..")) return plain("invalid jsonpath syntax, first node must be field node");
  const std::string& version = in.get("api-version");
  const bool other = !version.empty() && version != m->apiVersion();
  if (other && isServed(version))
    return plain("GVR (" + std::string(contains(version, "/") ? "" : "/") + version +
                 ", Resource=" + std::string(m->plural) + ") not found in OpenAPI schema");
  if (other)
    return plain("couldn't find resource for " +
                 quote((contains(version, "/") ? "" : "/") + version + ", Resource=" + std::string(m->plural)));
  const std::string& output = in.get("output");
  if (output != "plaintext" && output != "plaintext-openapiv2") return plain("unrecognized format: " + output);
  std::string out;
  if (!m->group.empty()) out += "GROUP:      " + std::string(m->group) + "\n";
  out += "KIND:       " + std::string(m->kind) + "\nVERSION:    " + std::string(m->version) + "\n\n";
  const Type* type = api::findType(m->kind);
  if (!type)
    return plain("couldn't find resource for " + quote(m->apiVersion() + ", Resource=" + std::string(m->plural)));
  const Texts texts{in.host.chinese()};
  std::string_view fieldText;
  for (size_t i = 1; i < path.size(); ++i) {
    const Field* f = nullptr;
    for (const Field& one : type ? type->fields : std::span<const Field>()) {
      if (one.key.text() == path[i]) f = &one;
    }
    if (!f) {
      in.print(out);
      return plain("field " + quote(path.back()) + " does not exist");
    }
    fieldText = texts.of(std::string(type->name) + "." + path[i]);
    type = f->type == FieldType::Object ? api::elementType(*f) : nullptr;
    if (i + 1 == path.size()) out += "FIELD: " + path[i] + " <" + typeName(*f) + ">\n" + enumText(*f, true, 0) + "\n\n";
  }
  description(type, texts, fieldText, in.is("recursive"), out);
  in.print(out + "\n");
  return {};
}

}  // namespace kubectl
