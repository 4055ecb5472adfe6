// kubectl get: tables as the server makes them, whole objects in other formats, and watching.
// Models kubectl pkg/cmd/get/get.go.
#include "core/kubectl/builder.hpp"
#include "core/kubectl/printer.hpp"
#include "core/kubectl/raw.hpp"
#include "core/kubectl/runs.hpp"

namespace kubectl {
namespace {

namespace key = api::key;

TableOptions tableOptions(const Invocation& in, const Mapping* mapping, bool withKind) {
  TableOptions o;
  o.noHeaders = in.is("no-headers");
  o.wide = in.get("output") == "wide";
  o.showLabels = in.is("show-labels");
  o.columnLabels = in.flags.list("label-columns");
  o.withNamespace = in.is("all-namespaces") && mapping->namespaced;
  o.withKind = withKind || in.is("show-kind");
  o.mapping = mapping;
  return o;
}

bool severalKinds(const std::vector<Info>& infos) {
  for (const Info& i : infos) {
    if (i.mapping != infos[0].mapping) return true;
  }
  return false;
}

bool ignoreNotFound(Invocation& in, Selection& found) {
  if (!in.is("ignore-not-found")) return false;
  std::erase_if(found.errors, [](const Error& e) { return e.isNotFound(); });
  return true;
}

/// Of several tables each is an object to be sorted, by fields of its own and not of its rows'.
Error sortTables(const std::string& field, std::vector<Info>& infos) {
  if (field.empty() || infos.size() < 2) return {};
  std::vector<Value> objects;
  for (const Info& info : infos) objects.push_back(info.object);
  std::vector<size_t> order;
  if (Error e = sortOrder(field, false, objects, order)) return e;
  std::vector<Info> sorted;
  for (size_t i : order) sorted.push_back(infos[i]);
  infos = std::move(sorted);
  return {};
}

/// What --server-print=false shows of an object: its name and its age.
Value ownTable(const Invocation& in, const Value& object) {
  const auto column = [](const char* name, const char* format) {
    Value c;
    put(c, "name", name);
    put(c, "type", "string");
    put(c, "format", format);
    put(c, "priority", int64_t(0));
    return c;
  };
  Value table, row;
  put(table, "columnDefinitions", Value::array({column("Name", "name"), column("Age", "")}));
  put(row, "cells",
      Value::array({str(object, "metadata.name"), since(in.host.now(), str(object, "metadata.creationTimestamp"))}));
  put(row, "object", object);
  put(table, "rows", Value::array({row}));
  return table;
}

Error printTables(Invocation& in, const Query& query) {
  Selection found = select(in, query);
  if (found.error) return found.error;
  if (!query.asTable) {
    for (Info& info : found.infos) info.object = ownTable(in, info.object);
  }
  bool quiet = ignoreNotFound(in, found);
  const std::string& sort = in.get("sort-by");
  bool allNamespaced = !in.is("all-namespaces"), withKind = severalKinds(found.infos);
  const Mapping* last = nullptr;
  TablePrinter printer;
  TabWriter writer = TabWriter::forTables();
  bool separate = false;
  size_t start = in.result.out.size();
  auto flush = [&] {
    std::string text;
    writer.flush(text);
    if (text.empty()) return;
    if (separate) in.print("\n");
    separate = false;
    in.print(text);
  };
  if (Error e = sortTables(sort, found.infos)) return e;
  for (Info& info : found.infos) {
    allNamespaced = allNamespaced && info.mapping->namespaced;
    if (info.mapping != last) {
      flush();
      writer.forgetWidths();
      separate = last && !in.is("no-headers") && in.result.out.size() > start;
      printer = TablePrinter(tableOptions(in, info.mapping, withKind));
      last = info.mapping;
    }
    // A table that cannot be sorted is left out without a word.
    if (!sort.empty() && at(info.object, "rows").size() > 1 && sortBy(sort, info.object)) continue;
    printer.print(info.object, writer);
  }
  flush();
  if (found.infos.empty() && !query.args.empty()) {  // of types that the cluster has nothing of
    for (const std::string& type : split(query.args[0], ',')) {
      const Mapping* m = findMapping(type);
      allNamespaced = allNamespaced && (!m || m->namespaced);
    }
  }
  if (in.result.out.size() == start && !quiet && found.errors.empty()) {
    in.complain(allNamespaced ? "No resources found in " + in.ns + " namespace.\n" : "No resources found\n");
  }
  return aggregate(found.errors);
}

Error printObjects(Invocation& in, const Query& query) {
  Selection found = select(in, query);
  if (found.error) return found.error;
  bool quiet = ignoreNotFound(in, found);
  if (found.singleItemImplied && !found.errors.empty()) return aggregate(found.errors);
  if (found.infos.empty() && quiet) return aggregate(found.errors);
  Printer printer;
  Error error = printer.prepare(in, true);
  if (error) return error;
  if (found.singleItemImplied && found.infos.size() == 1) return printer.print(in, found.infos[0].object);
  Value list;
  std::vector<Value> items;
  for (const Info& info : found.infos) items.push_back(info.object);
  put(list, "apiVersion", "v1");
  put(list, "kind", "List");
  put(list, "metadata.resourceVersion", "");
  put(list, "items", Value::array(std::move(items)));
  if (!in.get("sort-by").empty()) error = sortBy(in.get("sort-by"), list);
  if (error) return error;
  found.errors.push_back(printer.print(in, list));
  return aggregate(found.errors);
}

/// The state of a watched collection: its rows by identity, with the versions that were printed.
struct Watched {
  struct Row {
    std::string name, version;
    Value row;
  };
  std::vector<Row> rows;
  Value columns;
};

Watched look(Invocation& in, const Query& query, Error& error) {
  Watched w;
  Selection found = select(in, query);
  error = found.failure();
  for (const Info& info : found.infos) {
    if (!query.asTable)
      w.rows.push_back({info.ns + "/" + info.name, str(info.object, "metadata.resourceVersion"), info.object});
    if (has(info.object, "columnDefinitions")) w.columns = at(info.object, "columnDefinitions");
    for (const Value& row : at(info.object, "rows").values()) {
      w.rows.push_back({str(row, "object.metadata.namespace") + "/" + str(row, "object.metadata.name"),
                        str(row, "object.metadata.resourceVersion"), row});
    }
  }
  return w;
}

const Watched::Row* find(const Watched& w, const std::string& name) {
  for (const Watched::Row& r : w.rows) {
    if (r.name == name) return &r;
  }
  return nullptr;
}

// After each piece of the cluster's work the rows that changed are printed. Real kubectl goes on until it is
// interrupted; here until nothing more happens in the time a user would wait.
Error watch(Invocation& in, Query query) {
  query.singleType = true;
  query.chunk = 0;
  Error error;
  Selection first = select(in, query);
  error = first.failure();
  if (error) return error.isNotFound() && in.is("ignore-not-found") ? Error() : error;
  const Mapping* mapping = first.infos.empty() ? nullptr : first.infos[0].mapping;
  if (!mapping) return {};
  TablePrinter printer(tableOptions(in, mapping, false));
  TabWriter writer = TabWriter::forTables();
  Printer objects;
  if (!query.asTable) error = objects.prepare(in, true);
  if (error) return error;
  Watched before = look(in, query, error);
  auto print = [&](const Value& row) {
    if (!query.asTable) {
      objects.print(in, row);
      return;
    }
    Value table;
    put(table, "columnDefinitions", before.columns);
    put(table, "rows", Value::array({row}));
    printer.print(table, writer);
  };
  if (!in.is("watch-only")) {
    for (const Info& info : first.infos) query.asTable ? printer.print(info.object, writer) : print(info.object);
  }
  writer.flush(in.result.out);
  const int64_t limit = in.flags.millis("request-timeout");
  const api::Millis end = limit > 0 ? std::min(in.endOfPatience(), in.host.now() + limit) : in.endOfPatience();
  while (in.host.now() < end && in.host.advance(end)) {
    Watched now = look(in, query, error);
    if (now.columns.size() > 0) before.columns = now.columns;
    for (const Watched::Row& r : before.rows) {
      if (!find(now, r.name)) print(r.row);
    }
    for (const Watched::Row& r : now.rows) {
      const Watched::Row* old = find(before, r.name);
      if (!old || old->version != r.version) print(r.row);
    }
    writer.flush(in.result.out);
    now.columns = before.columns;
    before = std::move(now);
  }
  return limit > 0 && in.host.now() >= end ? Error() : killed();
}

}  // namespace

Error get(Invocation& in) {
  if (!in.get("raw").empty()) return getRaw(in);
  const std::string& output = in.get("output");
  bool watching = in.is("watch") || in.is("watch-only");
  if (nothingGiven(in, in.args) && !watching) {
    in.complain(
        "You must specify the type of resource to get. Use \"kubectl api-resources\" for a complete list of "
        "supported resources.\n\n");
    return in.usage(
        "Required resource not specified.\nUse \"kubectl explain <resource>\" for a detailed description "
        "of that resource (e.g. kubectl explain pods).");
  }
  if (in.is("show-labels") && !output.empty() && output != "wide") {
    return plain("--show-labels option cannot be used with " + output + " printer");
  }
  if (!in.flags.list("label-columns").empty() && startsWith(output, "custom-columns")) {
    return plain("--label-columns option cannot be used with " + output + " printer");
  }
  if (in.is("output-watch-events") && !watching)
    return plain("--output-watch-events option can only be used with --watch or --watch-only");
  Query query;
  query.args = in.args;
  query.allowEmptySelector = true;
  query.latest = true;
  query.allNamespaces = in.is("all-namespaces");
  query.subresource = in.get("subresource");
  bool tables = (output.empty() && in.get("template").empty()) || output == "wide";
  query.asTable = tables && in.get("server-print") != "false";
  query.includeObject = !in.get("sort-by").empty();
  query.chunk = query.includeObject ? 0 : in.flags.number("chunk-size");
  if (watching) return watch(in, query);
  if (tables) return printTables(in, query);
  Printer check;
  Error bad = check.prepare(in, true);
  (void)bad;  // the printer's error comes after those of the request
  return printObjects(in, query);
}

}  // namespace kubectl
