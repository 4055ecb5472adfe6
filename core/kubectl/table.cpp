
#include "core/api/sort.hpp"
#include "core/kubectl/printer.hpp"

namespace kubectl {
namespace {

struct Cell {
  std::string text;
  bool visible;
};

std::string cellText(const Value& v) {
  if (v.isNull()) return {};
  std::string text = scalar(v);
  size_t broken = text.find_first_of("\f\n\r");
  return broken == std::string::npos ? text : text.substr(0, broken) + "...";
}

std::string labelHeader(std::string_view label) {
  size_t slash = label.rfind('/');
  return upper(slash == std::string_view::npos ? label : label.substr(slash + 1));
}

}  // namespace

void TablePrinter::print(const Value& table, TabWriter& writer) {
  Value columns = at(table, "columnDefinitions");
  bool headers = !options_.noHeaders && !(printedHeaders_ && (columns.size() == 0 || columns == lastColumns_));
  if (columns.size() == 0) columns = lastColumns_;
  lastColumns_ = columns;
  const Value& rows = at(table, "rows");
  if (rows.size() == 0) return;
  printedHeaders_ = true;
  auto visible = [&](const Value& column) { return options_.wide || num(column, "priority") == 0; };
  size_t nameColumn = columns.size();
  if (headers) {
    Strings cells;
    if (options_.withNamespace) cells.push_back("NAMESPACE");
    for (const Value& column : columns.values()) {
      if (visible(column)) cells.push_back(upper(str(column, "name")));
    }
    for (const std::string& label : options_.columnLabels) cells.push_back(labelHeader(label));
    if (options_.showLabels) cells.push_back("LABELS");
    writer.write(join(cells, "\t") + "\n");
  }
  for (size_t i = columns.size(); i-- > 0;) {
    if (str(columns[i], "format") == "name" && str(columns[i], "type") == "string") nameColumn = i;
  }
  for (const Value& row : rows.values()) {
    Strings cells;
    const Value& values = at(row, "cells");
    if (options_.withNamespace) cells.push_back(str(row, "object.metadata.namespace"));
    for (size_t i = 0; i < values.size() && i < columns.size(); ++i) {
      if (!visible(columns[i])) continue;
      std::string text = cellText(values[i]);
      if (options_.withKind && options_.mapping && i == nameColumn) text = options_.mapping->object(text);
      cells.push_back(text);
    }
    const Value& labels = at(row, "object.metadata.labels");
    for (const std::string& label : options_.columnLabels)
      cells.push_back(std::string(member(labels, label).asString()));
    if (options_.showLabels) cells.push_back(formatLabels(labels));
    writer.write(join(cells, "\t") + "\n");
  }
}

namespace {

bool digit(char c) { return c >= '0' && c <= '9'; }

// Chunks of digits compare as numbers: "web-2" before "web-10".
bool naturalLess(std::string_view a, std::string_view b) {
  while (!a.empty() && !b.empty()) {
    if (digit(a[0]) && digit(b[0])) {
      size_t m = 0, n = 0;
      while (m < a.size() && digit(a[m])) ++m;
      while (n < b.size() && digit(b[n])) ++n;
      std::string_view x = a.substr(0, m), y = b.substr(0, n);
      while (x.size() > 1 && x[0] == '0') x.remove_prefix(1);
      while (y.size() > 1 && y[0] == '0') y.remove_prefix(1);
      if (x.size() != y.size()) return x.size() < y.size();
      if (x != y) return x < y;
      a.remove_prefix(m), b.remove_prefix(n);
    } else if (a[0] != b[0]) {
      return a[0] < b[0];
    } else {
      a.remove_prefix(1), b.remove_prefix(1);
    }
  }
  return a.size() < b.size();
}

struct Sortable {
  std::vector<Value> found;
  size_t index;
};

bool less(const Sortable& a, const Sortable& b) {
  const bool noA = a.found.empty() || a.found[0].isNull(), noB = b.found.empty() || b.found[0].isNull();
  if (noA || noB) return noA && !noB;
  const Value &x = a.found[0], &y = b.found[0];
  if (x.kind() == api::Kind::String && y.kind() == api::Kind::String) return naturalLess(x.asString(), y.asString());
  return x.asDouble() < y.asDouble();
}

}  // namespace

Error sortOrder(const std::string& field, bool rows, const std::vector<Value>& objects, std::vector<size_t>& order) {
  std::string problem, path = relaxedJsonPath(field, problem);
  if (!problem.empty() && !rows) return plain(problem);
  JsonPath parser;
  parser.allowMissingKeys(true);
  problem = parser.parse(path);
  if (!problem.empty()) return plain((rows ? "sorting error: " : "") + problem);
  std::vector<Sortable> all;
  bool any = false;
  for (const Value& object : objects) {
    JsonPath::Results results;
    problem = parser.find(object, results);
    if (!problem.empty()) return plain(problem);
    any = any || (!results.empty() && !results[0].empty());
    all.push_back({results.empty() ? std::vector<Value>() : results[0], all.size()});
  }
  if (!all.empty() && !any)
    return plain("couldn't find any field with path " + quote(path) + " in the list of objects");
  api::sort(all, less);
  order.clear();
  for (const Sortable& s : all) order.push_back(s.index);
  return {};
}

Error sortBy(const std::string& field, Value& whole) {
  const bool table = str(whole, "kind") == "Table";
  std::vector<Value> items, objects, sorted;
  for (const Value& item : at(whole, table ? "rows" : "items").values()) {
    items.push_back(item);
    objects.push_back(table ? at(item, "object") : item);
  }
  std::vector<size_t> order;
  if (Error e = sortOrder(field, table, objects, order)) return e;
  for (size_t i : order) sorted.push_back(items[i]);
  if (!sorted.empty()) put(whole, table ? "rows" : "items", Value::array(std::move(sorted)));
  return {};
}

}  // namespace kubectl
