#include "core/kubectl/printer.hpp"

#include "core/apiserver/patch.hpp"
#include "core/manifest/manifest.hpp"

namespace kubectl {

namespace key = api::key;

std::string objectName(const Value& object) {
  std::string group = groupOf(str(object, "apiVersion")), kind = lower(str(object, "kind"));
  std::string name = str(object, "metadata.name");
  return kind + (group.empty() ? "" : "." + group) + "/" + (name.empty() ? "<unknown>" : name);
}

Error Printer::prepare(const Invocation& in, bool forGet) {
  std::string output = in.get("output"), given = in.get("template");
  managedFields_ = in.is("show-managed-fields");
  Error error;
  if (in.flags.find("dry-run")) dryRun_ = in.dryRun(error);
  if (error) return error;
  if (output.empty() && !given.empty()) output = "go-template";
  size_t equals = output.find('=');
  std::string name = output.substr(0, equals);
  bool hasArgument = equals != std::string::npos;
  argument_ = hasArgument ? output.substr(equals + 1) : given;
  if (endsWith(name, "file") && hasArgument) {  // the template stands in a file
    const bool columns = name == "custom-columns-file";
    std::string text;
    if (!in.host.readFile(argument_, text))
      return plain(std::string("error reading ") + (columns ? "template " : "--template ") + argument_ + ", open " +
                   argument_ + ": no such file or directory");
    if (columns && forGet) return prepareColumnsFile(text);
    name.resize(name.size() - (name == "templatefile" ? 4 : 5));
    argument_ = text;
  }
  if (output.empty()) {
    format_ = Format::operation;
  } else if (output == "name") {
    format_ = Format::name;
  } else if (output == "yaml" || output == "kyaml") {
    format_ = output == "yaml" ? Format::yaml : Format::kyaml;
  } else if (output == "json") {
    format_ = Format::json;
  } else if (name == "jsonpath" || name == "jsonpath-as-json") {
    format_ = name == "jsonpath" ? Format::jsonpath : Format::jsonpathAsJson;
    if (argument_.empty()) return plain("template format specified but no template given");
    path_.allowMissingKeys(in.get("allow-missing-template-keys") != "false");
    std::string problem = path_.parse(argument_);
    if (!problem.empty()) return plain("error parsing jsonpath " + argument_ + ", " + problem);
  } else if (name == "go-template" || name == "template") {
    format_ = Format::goTemplate;
    if (argument_.empty()) return plain("template format specified but no template given");
    if (std::string problem = goTemplateProblem(argument_); !problem.empty())
      return plain("error parsing template " + argument_ + ", " + problem);
  } else if (forGet && name == "custom-columns") {
    return prepareColumns(argument_);
  } else {
    std::string formats =
        "go-template,go-template-file,json,jsonpath,jsonpath-as-json,jsonpath-file,kyaml,name,"
        "template,templatefile,yaml";
    if (forGet)
      formats =
          "custom-columns,custom-columns-file,go-template,go-template-file,json,jsonpath,"
          "jsonpath-as-json,jsonpath-file,kyaml,name,template,templatefile,wide,yaml";
    return plain("unable to match a printer suitable for the output format " + quote(output) +
                 ", allowed formats are: " + formats);
  }
  return {};
}

/// A line of headers, a line of paths.
Error Printer::prepareColumnsFile(const std::string& text) {
  Strings lines = split(text, '\n'), both[2];
  lines.resize(std::max<size_t>(lines.size(), 2));
  for (size_t i = 0; i < 2; ++i) {
    for (const std::string& word : split(lines[i], ' ')) {
      if (!word.empty()) both[i].push_back(word);
    }
  }
  if (both[0].empty() || both[1].empty())
    return plain("invalid template found, expected: <headers>\n<json-path-expressions>");
  if (both[0].size() != both[1].size())
    return plain("number of headers (" + std::to_string(both[0].size()) + ") and field expressions (" +
                 std::to_string(both[1].size()) + ") don't match");
  Strings specs;
  for (size_t i = 0; i < both[0].size(); ++i) specs.push_back(both[0][i] + ":" + both[1][i]);
  return prepareColumns(join(specs, ","));
}

Error Printer::prepareColumns(const std::string& spec) {
  format_ = Format::columns;
  if (spec.empty()) return plain("custom-columns format specified but no custom columns given");
  for (const std::string& part : split(spec, ',')) {
    size_t colon = part.find(':');
    if (colon == std::string::npos) {
      return plain("unexpected custom-columns spec: " + part + ", expected <header>:<json-path-expr>");
    }
    std::string problem, path = relaxedJsonPath(part.substr(colon + 1), problem);
    if (!problem.empty()) return plain(problem);
    Column column{part.substr(0, colon), {}, {}};
    column.path.allowMissingKeys(true);
    column.problem = column.path.parse(path);
    columns_.push_back(std::move(column));
  }
  return {};
}

Error Printer::printColumns(Invocation& in, const Value& object) {
  TabWriter writer = TabWriter::forTables();
  if (!in.is("no-headers")) {
    Strings headers;
    for (const Column& c : columns_) headers.push_back(c.header);
    writer.write(join(headers, "\t") + "\n");
  }
  const auto stop = [&](const std::string& problem) {
    writer.flush(in.result.out);
    return plain(problem);
  };
  for (const Column& c : columns_) {
    if (!c.problem.empty()) return stop(c.problem);
  }
  bool list = object[key::items].kind() == api::Kind::Array;
  std::vector<Value> objects;
  if (list) {
    objects.assign(object[key::items].values().begin(), object[key::items].values().end());
  } else {
    objects.push_back(object);
  }
  for (const Value& o : objects) {
    Strings cells;
    for (Column& c : columns_) {
      JsonPath::Results results;
      std::string problem = c.path.find(o, results);
      if (!problem.empty()) return stop(problem);
      Strings texts;
      for (const auto& values : results) {
        for (const Value& v : values) texts.push_back(goText(v));
      }
      if (results.empty() || results[0].empty()) texts = {"<none>"};
      cells.push_back(join(texts, ","));
    }
    writer.write(join(cells, "\t") + "\n");
  }
  writer.flush(in.result.out);
  return {};
}

Error Printer::jsonpath(Invocation& in, const Value& object) {
  std::string text, problem;
  if (format_ == Format::jsonpathAsJson) {
    JsonPath::Results results;
    problem = path_.find(object, results);
    std::vector<Value> all;
    for (const auto& values : results) all.insert(all.end(), values.begin(), values.end());
    text = manifest::toIndentedJson(Value::array(std::move(all))) + "\n";
  } else {
    problem = path_.execute(object, text);
  }
  if (!problem.empty()) {
    return plain("error executing jsonpath " + quote(argument_) + ": Error executing template: " + problem +
                 ". Printing more information for debugging the template:\n\ttemplate was:\n\t\t" + argument_ +
                 "\n\tobject given to jsonpath engine was:\n\t\t" + apiserver::goSyntax(object) + "\n\n");
  }
  in.print(text);
  return {};
}

static void dropManagedFields(Value& object) {
  drop(object, "metadata.managedFields");
  if (object[key::items].kind() != api::Kind::Array) return;
  std::vector<Value> items(object[key::items].values().begin(), object[key::items].values().end());
  for (Value& item : items) drop(item, "metadata.managedFields");
  object.set(key::items, Value::array(std::move(items)));
}

Error Printer::print(Invocation& in, const Value& given, std::string_view operation) {
  Value object = given;
  switch (format_) {
    case Format::operation:
    case Format::name: {
      if (object[key::items].kind() == api::Kind::Array && operation.empty()) {
        for (const Value& item : object[key::items].values()) print(in, item);
        return {};
      }
      in.print(objectName(object));
      if (format_ == Format::operation && !operation.empty()) {
        in.print(" " + std::string(operation));
        if (dryRun_ != DryRun::none) in.print(dryRun_ == DryRun::client ? " (dry run)" : " (server dry run)");
      }
      in.print("\n");
      return {};
    }
    case Format::yaml:
      if (!managedFields_) dropManagedFields(object);
      if (printed_++) in.print("---\n");
      in.print(manifest::toYaml(object));
      return {};
    case Format::kyaml:
      if (!managedFields_) dropManagedFields(object);
      in.print(toKyaml(object));
      return {};
    case Format::json:
      if (!managedFields_) dropManagedFields(object);
      in.print(manifest::toIndentedJson(object) + "\n");
      return {};
    case Format::jsonpath:
    case Format::jsonpathAsJson: return jsonpath(in, object);
    case Format::columns: return printColumns(in, object);
    case Format::goTemplate: {
      std::string text, problem = goTemplate(argument_, object, text);
      in.print(text);
      if (!problem.empty()) return plain("error executing template " + quote(argument_) + ": " + problem);
      return {};
    }
  }
  return {};
}

}  // namespace kubectl
