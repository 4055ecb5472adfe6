#pragma once
// What the commands `set …` share. Models kubectl pkg/cmd/set/helper.go.
#include "core/apiserver/decode.hpp"
#include "core/kubectl/patching.hpp"

namespace kubectl {

/// One `set` command at work: finds the objects, changes each, sends what differs.
struct Setting {
  Invocation& in;
  std::string_view what, done;  ///< "image update to pod template:" (in front of errors, if anything), "image updated"
  DryRun dryRun = DryRun::none;
  Printer printer;
  std::vector<Error> errors;
  bool saysAlways = false;  ///< also where nothing differs

  Error prepare() {
    Error error;
    dryRun = in.dryRun(error);
    return error ? error : printer.prepare(in);
  }
  /// Whether the objects of files are changed without a server.
  bool local() const { return in.is("local"); }
  /// `change` alters the object; its error is reported for that object.
  template <class Change>
  Error all(const Strings& resources, Change change) {
    Query query;
    query.typed = true;
    query.args = resources;
    query.allowEmptySelector = in.is("all");
    query.latest = !local();
    query.requireObject = !local();
    Selection found = select(in, query);
    Error error = found.failure();
    if (error) return error;
    for (Info& info : found.infos) {
      // Without a server an object is read into its Go type, which always writes some of its members.
      if (const api::Type* type = local() ? api::findType(info.mapping->kind) : nullptr)
        info.object = apiserver::decode(*type, info.object).object;
      Value changed = info.object;
      error = change(info, changed);
      bool differs = false;
      recordCause(in, changed);
      if (!error) {
        error = patchObject(in, info, changed, local() ? DryRun::client : dryRun, differs);
        if (error && !what.empty()) error = plain("failed to patch " + std::string(what) + " " + error.message());
      }
      if (!error && (differs || saysAlways)) error = printer.print(in, info.object, done);
      if (error) errors.push_back(error);
    }
    return aggregate(std::move(errors));
  }
};

inline std::string resourcesRequired() {
  return "one or more resources must be specified as <resource> <name> or <resource>/<name>";
}
/// What --local says to objects that only a server has.
inline Error localResource() {
  return plain(
      "error: you must specify resources by --filename when --local is set.\nExample resource specifications "
      "include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'");
}

}  // namespace kubectl
