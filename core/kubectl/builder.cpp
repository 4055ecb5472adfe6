#include "core/kubectl/builder.hpp"

#include <algorithm>

#include "core/apiserver/decode.hpp"
#include "core/manifest/manifest.hpp"

namespace kubectl {

using apiserver::Request;
using apiserver::Response;
using apiserver::Verb;
namespace key = api::key;

std::string Info::text() const {
  std::string gvk = std::string(mapping->group) + "/" + std::string(mapping->version);
  return "Resource: " + quote(gvk + ", Resource=" + std::string(mapping->plural)) +
         ", GroupVersionKind: " + quote(gvk + ", Kind=" + std::string(mapping->kind)) + "\nName: " + quote(name) +
         ", Namespace: " + quote(ns);
}

Error Selection::failure() const {
  if (error) return error;
  return aggregate(errors);
}

Error Selection::outcome() {
  std::erase_if(visits, [](const Error& e) { return !e; });
  Error missed = aggregate(std::move(errors));
  if (missed && !visits.empty())
    missed = plain(missed.message());  // one error within several: its words alone are left
  visits.push_back(std::move(missed));
  return aggregate(std::move(visits));
}

Error missingResource() {
  return plain(
      "You must provide one or more resources by argument or filename.\nExample resource specifications include:\n"
      "   '-f rsrc.yaml'\n   '--filename=rsrc.json'\n   '<resource> <name>'\n   '<resource>'");
}

bool nothingGiven(const Invocation& in, const Strings& args) {
  return args.empty() && in.flags.list("filename").empty() && in.get("kustomize").empty();
}

namespace {

Strings uniqueParts(std::string_view argument) {
  Strings out;
  for (std::string& part : split(argument, ',')) {
    if (std::find(out.begin(), out.end(), part) == out.end()) out.push_back(std::move(part));
  }
  return out;
}

// "a,b c d" means a/c a/d b/c b/d.
Strings normalize(const Strings& args) {
  if (args.size() < 2) return args;
  Strings types = uniqueParts(args[0]), out;
  if (types.size() < 2) return args;
  for (const std::string& type : types) {
    for (size_t i = 1; i < args.size(); ++i) out.push_back(type + "/" + args[i]);
  }
  return out;
}

std::string replaceCategories(std::string_view argument) {
  Strings out;
  for (const std::string& part : split(argument, ',')) {
    if (part != "all") {
      out.push_back(part);
      continue;
    }
    for (const Mapping& m : mappings()) {
      if (m.inAll) out.push_back(m.groupResource());
    }
  }
  return join(out, ",");
}

struct Building {
  Invocation& in;
  const Query& query;
  Selection out;
  std::string ns, labels, fields;
  bool bySelector = false;
  bool local = in.is("local");  ///< objects are as the files have them

  void failed(Error e) { out.errors.push_back(std::move(e)); }
  bool stopped() const { return !query.continueOnError && !out.errors.empty(); }
  void fetchOne(const Mapping* m, const std::string& name, const std::string& where, const std::string& source);
  void listAll(const Mapping* m);
  bool readManifest(const std::string& source, std::string_view text);
  void addDocument(const Value& document, const std::string& source);
  Error addObject(const Value& object, const std::string& source, bool inList);
  void files();
  void byName(const Strings& types, const Strings& names);
  void byTuples(const Strings& tuples);
  Error conflict(const Strings& types, const Strings& names, bool tuples) const;
  void listTypes(const Strings& types);
  void run();
};

void Building::fetchOne(const Mapping* m, const std::string& name, const std::string& where,
                        const std::string& source) {
  Info info{m, m->namespaced ? where : std::string(), name, {}, source};
  if (query.requireObject || query.latest) {
    Response reply;
    if (m->served()) {
      Request r = in.request(Verb::get, *m, where, name);
      r.asTable = query.asTable;
      if (query.includeObject) r.includeObject = "Object";
      r.subresource = query.subresource;
      reply = in.send(std::move(r));
    } else {
      reply = in.fetch(*m, where, name);
    }
    if (reply.isNotFound() && !info.ns.empty() && info.ns != "default") {  // is it the namespace that is not there?
      Response space = in.fetch(*findMapping("namespaces"), {}, info.ns);
      if (space.isNotFound()) reply = std::move(space);
    }
    if (!reply.ok()) return failed(fromResponse(reply));
    info.object = std::move(reply.body);
  }
  out.infos.push_back(std::move(info));
}

static Error selectorError(const Mapping& m, const std::string& labels, const std::string& fields, Error e) {
  if (!e.is("BadRequest") && !e.is("NotFound")) return e;
  std::string text =
      "Unable to find " +
      quote(std::string(m.group) + "/" + std::string(m.version) + ", Resource=" + std::string(m.plural)) +
      " that match label selector " + quote(labels) + ", field selector " + quote(fields) + ": ";
  return withPrefix(text, std::move(e));
}

// Models cli-runtime pkg/resource/selector.go Visit: lists come in chunks.
void Building::listAll(const Mapping* m) {
  std::vector<Value> none;
  if (!m->served()) {
    in.list(*m, ns, labels, fields, none);
    return;
  }
  Request r = in.request(Verb::list, *m, query.allNamespaces ? "" : ns, {});
  r.labelSelector = labels;
  r.fieldSelector = fields;
  r.asTable = query.asTable;
  if (query.includeObject) r.includeObject = "Object";
  r.limit = query.chunk;
  for (;;) {
    Response reply = in.send(r);
    if (!reply.ok()) return failed(selectorError(*m, labels, fields, fromResponse(reply)));
    if (reply.body[key::kind].asString() == "Table") {
      out.infos.push_back({m, r.namespace_, {}, reply.body, {}});
    } else {
      for (const Value& item : reply.body[key::items].values()) {
        Value object = item;
        object.set(key::apiVersion, m->apiVersion());
        object.set(key::kind, m->kind);
        out.infos.push_back({m, str(object, "metadata.namespace"), str(object, "metadata.name"), object, {}});
      }
    }
    r.continue_ = str(reply.body, "metadata.continue");
    if (r.continue_.empty()) return;
  }
}

// Models cli-runtime pkg/resource FlattenListVisitor: what is wrong with items is one error together, and a list within
// a list is not understood.
void Building::addDocument(const Value& document, const std::string& source) {
  const auto isList = [](const Value& v) { return v[key::items].kind() == api::Kind::Array; };
  if (!isList(document)) {
    if (Error e = addObject(document, source, false)) failed(std::move(e));
    return;
  }
  const std::string_view of = document[key::kind].asString();
  std::vector<Value> items(document[key::items].values().begin(), document[key::items].values().end());
  for (Value& item : items) {
    if (isList(item)) return failed(plain("*unstructured.Unstructured is not a list: no Items field in this object"));
    if (of != "List" && endsWith(of, "List") && str(item, "kind").empty()) {  // goes without saying in a typed list
      item.set(key::kind, of.substr(0, of.size() - 4));
      item.set(key::apiVersion, document[key::apiVersion]);
    }
  }
  Error all;
  all.type = Error::Type::aggregate;
  for (const Value& item : items) {
    if (Error e = addObject(item, source, true)) all.list.push_back(std::move(e));
  }
  if (!all.list.empty()) failed(std::move(all));
}

// Models cli-runtime pkg/resource/mapper.go infoForData, infoForObject and the visitors that set the namespace.
Error Building::addObject(const Value& object, const std::string& source, bool inList) {
  Info info;
  info.name = str(object, "metadata.name");
  info.ns = str(object, "metadata.namespace");
  info.source = source;
  std::string apiVersion = str(object, "apiVersion"), kind = str(object, "kind");
  info.mapping = mappingForKind(apiVersion, kind);
  if (!info.mapping) {
    const std::string none = "no matches for kind " + quote(kind) + " in version " + quote(apiVersion);
    if (inList) return plain("unable to recognize " + none);
    if (query.typed)
      return plain("unable to decode " + quote(source) + ": no kind " + quote(kind) + " is registered for version " +
                   quote(apiVersion) + " in scheme \"pkg/runtime/scheme.go:111\"");
    return plain("resource mapping not found for name: " + quote(info.name) + " namespace: " + quote(info.ns) +
                 " from " + quote(source) + ": " + none + "\nensure CRDs are installed first");
  }
  info.object = object;
  if (!info.mapping->namespaced) {
    info.ns.clear();
    if (has(info.object, "metadata.namespace")) drop(info.object, "metadata.namespace");
  } else if (info.ns.empty()) {
    info.ns = ns;
    if (!local) put(info.object, "metadata.namespace", ns);  // a local object has no scope
  } else if (in.nsExplicit && info.ns != ns) {
    return plain("the namespace from the provided object " + quote(info.ns) + " does not match the namespace " +
                 quote(ns) + ". You must pass '--namespace=" + info.ns + "' to perform this operation.");
  }
  if (bySelector) {
    std::string problem;
    if (!matchesText(labels, at(info.object, "metadata.labels"), problem)) return {};
  }
  if (!query.latest || local) {
    out.infos.push_back(std::move(info));
  } else if (!info.name.empty()) {
    fetchOne(info.mapping, info.name, info.ns, source);
  }
  return {};
}

/// Why a document's metadata is no ObjectMeta, or "": a name that YAML takes for a boolean, say. The rest of it is left
/// to the API server. Models cli-runtime pkg/resource/metadata_decoder.go Decode.
static std::string metadataError(const Value& document) {
  const Value metadata = Value::object({{key::metadata, document[key::metadata]}});
  return apiserver::decode(*api::findType("ConfigMap"), metadata).error;
}

namespace {
constexpr std::string_view invalidObject = "invalid object to validate";

/// Models kubectl pkg/validation getObjectKind.
void kindProblems(const Value& document, Strings& problems) {
  const auto note = [&](std::string_view problem) {
    if (std::find(problems.begin(), problems.end(), problem) == problems.end()) problems.emplace_back(problem);
  };
  if (document.kind() != api::Kind::Object) return note(invalidObject);
  for (api::Key k : {api::Key(key::apiVersion), api::Key(key::kind)}) {
    const Value& v = document[k];
    if (v.isNull()) note(std::string(k.text()) + " not set");
    if (!v.isNull() && v.kind() != api::Kind::String) note(std::string(k.text()) + " isn't string type");
  }
}

/// What kubectl finds wrong with a document before it asks what it is; of a List also with its items. Models
/// schemaValidation.ValidateBytes.
std::string documentProblem(const Value& document) {
  Strings problems;
  kindProblems(document, problems);
  if (problems.empty() && str(document, "kind") == "List" && str(document, "apiVersion") == "v1") {
    const Value& items = document[key::items];
    if (items.kind() != api::Kind::Array) return std::string(invalidObject);
    for (const Value& item : items.values()) kindProblems(item, problems);
  }
  return problems.size() > 1 ? "[" + join(problems, ", ") + "]" : join(problems, "");
}
}  // namespace

// One file's documents, up to the first that cannot be read or is no object. Models StreamVisitor.Visit and kubectl
// pkg/validation.
bool Building::readManifest(const std::string& source, std::string_view text) {
  const std::shared_ptr<const manifest::Parsed> parsed = in.host.parse(text);
  const size_t whole = parsed->errors.empty() ? parsed->documents.size() : parsed->errors[0].after;
  for (size_t i = 0; i < whole; ++i) {
    const manifest::Document& d = parsed->documents[i];
    const std::string problem = documentProblem(d.value);
    if (!problem.empty() && query.validate) {
      failed(plain("error validating " + quote(source) + ": error validating data: " + problem +
                   "; if you choose to ignore these errors, turn validation off with --validate=false"));
      return false;
    }
    if (!problem.empty()) {
      failed(plain("unable to decode " + quote(source) + ": Object '" +
                   (str(d.value, "kind").empty() ? "Kind" : "apiVersion") + "' is missing in '" + api::toJson(d.value) +
                   "'"));
      continue;
    }
    if (std::string error = metadataError(d.value); !error.empty()) {
      failed(plain("unable to decode " + quote(source) + ": " + error));
    } else {
      addDocument(d.value, source);
    }
    if (stopped()) return false;
  }
  if (parsed->errors.empty()) return true;
  failed(plain("error parsing " + source + ": " + parsed->errors[0].message));
  return false;
}

void Building::files() {
  for (const std::string& name : in.flags.list("filename")) {
    if (name == "-") {
      readManifest("STDIN", in.input);
      continue;
    }
    std::string text;
    if (!in.host.readFile(name, text)) {
      out.error = plain("the path " + quote(name) + " does not exist");
      return;
    }
    readManifest(name, text);
    if (stopped()) return;
  }
}

void Building::byTuples(const Strings& tuples) {
  out.singleItemImplied = tuples.size() == 1;
  out.byName = true;
  struct Tuple {
    const Mapping* mapping;
    std::string name;
  };
  std::vector<Tuple> found;
  for (const std::string& text : tuples) {
    Strings parts = split(text, '/');
    if (parts.size() != 2) {
      out.error = plain("arguments in resource/name form may not have more than one slash");
      return;
    }
    if (parts[0].empty() || parts[1].empty() || contains(parts[0], ",")) {
      out.error = plain("arguments in resource/name form must have a single resource and name");
      return;
    }
    found.push_back({nullptr, parts[1]});
    found.back().mapping = findMapping(parts[0]);
  }
  for (size_t i = 0; i < tuples.size(); ++i) {
    if (!mappingFor(split(tuples[i], '/')[0], out.error)) return;
  }
  for (const Tuple& t : found) {
    if (t.mapping->namespaced && query.allNamespaces) {
      out.error = plain("a resource cannot be retrieved by name across all namespaces");
      return;
    }
    if (query.singleType && t.mapping != found[0].mapping) {
      out.error = plain("you may only specify a single resource type");
      return;
    }
  }
  for (const Tuple& t : found) {
    fetchOne(t.mapping, t.name, ns, {});
    if (stopped()) return;
  }
}

void Building::byName(const Strings& types, const Strings& names) {
  out.singleItemImplied = names.size() == 1;
  out.byName = true;
  const Mapping* m = mappingFor(types[0], out.error);
  if (!m) return;
  if (m->namespaced && query.allNamespaces) {
    out.error = plain("a resource cannot be retrieved by name across all namespaces");
    return;
  }
  for (const std::string& name : names) {
    fetchOne(m, name, ns, {});
    if (stopped()) return;
  }
}

/// Why what was given does not go together; none where it does.
Error Building::conflict(const Strings& types, const Strings& names, bool tuples) const {
  const bool file = !in.flags.list("filename").empty() || !in.get("kustomize").empty();
  if (query.selectAll && (!labels.empty() || !fields.empty())) {
    return plain("setting 'all' parameter but found a non empty selector. ");
  }
  if (file) {
    if (!types.empty() && names.empty()) {
      return plain("when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well");
    }
    if (!names.empty()) return plain("name cannot be provided when a path is specified");
    if (tuples) return plain("resource/name arguments cannot be provided when a path is specified");
  } else if (bySelector) {
    if (!names.empty()) return plain("name cannot be provided when a selector is specified");
    if (tuples) return plain("selectors and the all flag cannot be used when passing resource/name arguments");
    if (types.empty()) return plain("at least one resource must be specified to use a selector");
  }
  return {};
}

void Building::listTypes(const Strings& types) {
  if (!query.subresource.empty()) {
    out.error = plain("subresource cannot be used when bulk resources are specified");
    return;
  }
  std::vector<const Mapping*> found;
  for (const std::string& type : types) {
    const Mapping* m = mappingFor(type, out.error);
    if (!m) return;
    if (std::find(found.begin(), found.end(), m) == found.end()) found.push_back(m);
  }
  if (query.singleType && found.size() > 1) {
    out.error = plain("you may only specify a single resource type");
    return;
  }
  for (const Mapping* m : found) {
    listAll(m);
    if (stopped()) return;
  }
}

void Building::run() {
  Strings args = normalize(query.args);
  size_t slashes = size_t(std::count_if(args.begin(), args.end(), [](const auto& a) { return contains(a, "/"); }));
  if (slashes && slashes != args.size()) {
    out.error = plain(
        "there is no need to specify a resource type as a separate argument when passing arguments in resource/name "
        "form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'");
    return;
  }
  const bool tuples = slashes > 0;
  labels = in.get("selector");
  fields = in.get("field-selector");
  bySelector = !labels.empty() || !fields.empty() || query.selectAll;
  Strings types, names;
  if (!tuples && !args.empty()) {
    types = uniqueParts(replaceCategories(args[0]));
    names.assign(args.begin() + 1, args.end());
    if (args.size() == 1 && query.allowEmptySelector) bySelector = true;
  }
  out.error = conflict(types, names, tuples);
  if (out.error) return;
  if (!in.flags.list("filename").empty()) {
    out.singleItemImplied = in.flags.list("filename").size() == 1 && in.flags.list("filename")[0] != "-";
    return files();
  }
  if (bySelector) return listTypes(types);
  if (tuples) return byTuples(args);
  if (!names.empty()) return byName(types, names);
  for (const std::string& type : types) {
    if (!mappingFor(type, out.error)) return;
  }
  out.error = types.empty() ? missingResource() : plain("resource(s) were provided, but no name was specified");
}

}  // namespace

Selection select(Invocation& in, const Query& query) {
  Building building{in, query, {}, in.ns, {}, {}, false};
  building.run();
  return std::move(building.out);
}

Selection selectFiles(Invocation& in, bool validate) {
  Query query;
  query.validate = validate;
  query.requireObject = false;
  return select(in, query);
}

}  // namespace kubectl
