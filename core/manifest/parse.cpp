// A file -> documents. The file is cut as kubectl cuts it and each document is read for itself, so one bad document
// does not hide the others.
#include <cstring>

#include "core/manifest/json.hpp"
#include "core/manifest/manifest.hpp"
#include "core/manifest/places.hpp"
#include "core/manifest/yaml.hpp"

namespace manifest {
namespace {

constexpr size_t mostBytes = 3 << 20;

void shift(Place& p, int lines) {
  if (p.line) p.line += lines;
}
void shift(Document& d, int lines) {
  for (auto& k : d.places.keys) shift(k.second, lines);
  for (auto& v : d.places.values) shift(v.second, lines);
  for (Error& e : d.duplicates) shift(e.place, lines);
}

/// One chunk of the file between two `---` lines.
void readChunk(std::string_view text, int firstLine, Parsed& out) {
  Document d;
  Error error;
  d.text = std::string(text);
  d.firstLine = firstLine;
  if (!readYamlDocument(text, d, error)) {
    shift(error.place, firstLine - 1);
    error.after = out.documents.size();
    out.errors.push_back(std::move(error));
  } else if (!d.value.isNull()) {
    shift(d, firstLine - 1);
    out.documents.push_back(std::move(d));
  }
}

// Models apimachinery pkg/util/yaml YAMLReader: a line that begins with --- ends a document; only a comment may follow.
void readYaml(std::string_view text, Parsed& out) {
  size_t from = 0;
  int line = 1, first = 1;
  for (size_t at = 0; at < text.size(); ++line) {
    const size_t end = text.find('\n', at), next = end == text.npos ? text.size() : end + 1;
    if (text.substr(at, 3) == "---") {
      std::string_view rest = text.substr(at + 3, next - at - 3);
      while (!rest.empty() && std::strchr(" \t\r\n", rest[0])) rest.remove_prefix(1);
      while (!rest.empty() && std::strchr(" \t\r\n", rest.back())) rest.remove_suffix(1);
      const bool good = rest.empty() || rest[0] == '#';
      if (good && at > from) readChunk(text.substr(from, at - from), first, out);
      if (!good) {  // the document that it ends is lost, too
        out.errors.push_back({{line, 4, 4 + int(rest.size())},
                              "invalid Yaml document separator: " + std::string(rest),
                              "",
                              out.documents.size()});
        return;
      }
      from = next;
      first = line + 1;
    }
    at = next;
  }
  if (from < text.size()) readChunk(text.substr(from), first, out);
}

/// A stream of JSON objects; false where it is none, then it may be YAML all the same.
bool readJsonStream(std::string_view text, Parsed& out, Error& error) {
  const Lines lines(text);
  for (size_t at = 0;;) {
    while (at < text.size() && std::strchr(" \t\r\n", text[at])) ++at;
    if (at >= text.size()) return true;
    JsonRead r = readJson(text, at, true);
    if (!r.error.empty()) {
      error.place = lines.at(r.offset ? r.offset - 1 : 0);
      error.message = "json: offset " + std::to_string(r.offset) + ": " + r.error;
      if (r.error == "unexpected end of JSON input") error.message = "unexpected EOF";
      return false;
    }
    Document d;
    d.value = std::move(r.value);
    d.places = std::move(r.places);
    d.duplicates = std::move(r.duplicates);
    d.text = std::string(text.substr(at, r.end - at));
    d.firstLine = lines.at(at).line;
    if (!d.value.isNull()) out.documents.push_back(std::move(d));
    at = r.end;
  }
}
}  // namespace

Parsed parseYaml(std::string_view text) {
  Parsed out;
  if (text.size() > mostBytes) {
    const Lines lines(text);
    out.errors.push_back(
        {lines.at(mostBytes), "the file is larger than 3 MiB (" + std::to_string(text.size()) + " bytes)", ""});
    return out;
  }
  const size_t start = text.find_first_not_of(" \t\r\n");
  if (start != text.npos && text[start] == '{') {
    Error error;
    if (readJsonStream(text, out, error)) return out;
    Parsed yaml;
    readYaml(text, yaml);
    if (yaml.errors.empty()) return yaml;
    error.after = out.documents.size();
    out.errors.push_back(std::move(error));
    return out;
  }
  readYaml(text, out);
  return out;
}

}  // namespace manifest
