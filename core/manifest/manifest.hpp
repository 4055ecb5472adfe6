#pragma once
// YAML and JSON text <-> documents, with lines. The only place that includes yaml-cpp and nlohmann/json.
#include <string>
#include <string_view>
#include <vector>

#include "core/api/value.hpp"

namespace manifest {

/// A place in a text: line and column count from 1, the column in bytes of UTF-8. 0 where it is not known.
struct Place {
  int line = 0, column = 0, endColumn = 0;
};

struct Error {
  Place place;
  /// What kubectl prints after "error parsing FILE: ": "error converting YAML to JSON: yaml: line 3: …"
  std::string message;
  std::string path;  ///< of a field: "spec.template.spec.containers[0].image"; "" where it is about the text
  size_t after = 0;  ///< so many of Parsed::documents stand before it; a client that stops at it has these
};

/// Where each node of a document stands in its text, so that errors by path get a line. Looked up by path:
/// "spec.replicas", "spec.containers[0]".
struct Places {
  std::vector<std::pair<std::string, Place>> keys;    ///< sorted by path; of the keys
  std::vector<std::pair<std::string, Place>> values;  ///< sorted by path; of the values
  /// The key's place, or the nearest parent's.
  Place find(std::string_view path) const;
};

struct Document {
  api::Value value;
  Places places;
  std::vector<Error> duplicates;  ///< keys given twice (the last counts), for fieldValidation
  std::string text;               ///< of this document, as it stands in the file
  int firstLine = 1;              ///< of the document in the file
};

struct Parsed {
  std::vector<Document> documents;  ///< empty ones are left out; those before an error are there
  std::vector<Error> errors;        ///< at most one for each document
};

/// A file of any number of YAML documents (or JSON). Never throws; limits: 3 MiB, depth 100, aliases expanded up to
/// 200,000 nodes. YAML 1.1 booleans (yes, no, on, off, y, n) are booleans, as sigs.k8s.io/yaml has them. Tabs in
/// indentation get their own error.
Parsed parseYaml(std::string_view text);
/// One JSON text; null and `error` where it is none.
api::Value parseJson(std::string_view text, std::string& error);
/// Also the paths of members given twice (the last counts): "spec.replicas".
api::Value parseJson(std::string_view text, std::string& error, std::vector<std::string>& duplicates);
/// As sigs.k8s.io/yaml and kubectl -o yaml print: sorted keys, two spaces, lists not indented.
std::string toYaml(const api::Value&);
/// Indented JSON as kubectl -o json prints (four spaces).
std::string toIndentedJson(const api::Value&, int indent = 4);

}  // namespace manifest
