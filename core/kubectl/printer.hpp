#pragma once
// What -o prints: whole objects (yaml, json, name, jsonpath, go-template, custom-columns), and tables from the server.
#include "core/kubectl/command.hpp"
#include "core/kubectl/jsonpath.hpp"

namespace kubectl {

/// Prints objects in the format of the flags output and template; "pod/web-0 created" without one.
class Printer {
 public:
  /// `forGet`: custom-columns and wide are formats too.
  Error prepare(const Invocation&, bool forGet = false);
  /// Whether the format shows whole objects (not a name with what happened to it).
  bool wholeObjects() const { return format_ != Format::operation && format_ != Format::name; }
  /// Whether a format was asked for.
  bool formatted() const { return format_ != Format::operation; }
  Error print(Invocation&, const Value& object, std::string_view operation = {});

  /// For commands that do not say "(dry run)".
  void withoutDryRunNote() { dryRun_ = DryRun::none; }

 private:
  enum class Format : uint8_t { operation, name, yaml, kyaml, json, jsonpath, jsonpathAsJson, goTemplate, columns };
  struct Column {
    std::string header;
    JsonPath path;
    std::string problem;  ///< of the path, said when it is used
  };
  Error prepareColumns(const std::string& spec);
  Error prepareColumnsFile(const std::string& text);
  Error printColumns(Invocation&, const Value& object);
  Error jsonpath(Invocation&, const Value& object);
  Format format_ = Format::operation;
  bool managedFields_ = false;
  int printed_ = 0;
  DryRun dryRun_ = DryRun::none;  // what the note "(dry run)" is about
  std::string argument_;
  JsonPath path_;
  std::vector<Column> columns_;
};

/// A document in the form of -o kyaml.
std::string toKyaml(const Value& object);

/// "deployment.apps/web".
std::string objectName(const Value& object);

/// Why a text is no Go template ("template: output:1: …"), or "".
std::string goTemplateProblem(std::string_view text);
/// Go's text/template as far as people use it on the command line: fields, range, if, with, define, its functions but
/// urlquery, variables, pipes. "" or the error. `out` gets what was printed before an error.
std::string goTemplate(std::string_view text, const Value& data, std::string& out);

struct TableOptions {
  bool noHeaders = false, withNamespace = false, withKind = false, wide = false, showLabels = false;
  Strings columnLabels;
  const Mapping* mapping = nullptr;
};

/// Prints the server's tables; headers only when the columns change. Models cli-runtime printers/tableprinter.go.
class TablePrinter {
 public:
  explicit TablePrinter(TableOptions options = {}) : options_(std::move(options)) {}
  void print(const Value& table, TabWriter& writer);

 private:
  TableOptions options_;
  Value lastColumns_;
  bool printedHeaders_ = false;
};

/// Sorts items (or a Table's rows) by a JSONPath. Models kubectl cmd/get/sorter.go.
Error sortBy(const std::string& field, Value& listOrTable);
/// In which order the objects come by that field. `rows`: they are those of a table, whose errors read otherwise.
Error sortOrder(const std::string& field, bool rows, const std::vector<Value>& objects, std::vector<size_t>& order);

}  // namespace kubectl
