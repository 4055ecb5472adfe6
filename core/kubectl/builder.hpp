#pragma once
// From the command line to objects: types and names, selectors and files. Models cli-runtime pkg/resource Builder.
#include "core/kubectl/command.hpp"

namespace kubectl {

struct Info {
  const Mapping* mapping = nullptr;
  std::string ns, name;
  Value object;        ///< null where it was not fetched
  std::string source;  ///< "STDIN" or a file's name
  std::string text() const;
};

struct Query {
  Strings args;
  bool allowEmptySelector = false;  ///< a type alone means all of that type
  bool continueOnError = true, requireObject = true, latest = false, selectAll = false, allNamespaces = false;
  bool singleType = false;
  bool asTable = false, includeObject = false;  ///< of lists and gets
  bool validate = false;
  bool typed = false;  ///< files are read as objects that the client knows
  int64_t chunk = 0;
  std::string subresource;
};

struct Selection {
  Error error;                ///< before anything was looked at
  std::vector<Info> infos;    ///< what was found (of lists as tables: one a reply)
  std::vector<Error> errors;  ///< what could not be had
  std::vector<Error> visits;  ///< for a command that visits one after another: how it went with each of infos
  bool singleItemImplied = false, byName = false;
  /// All that went wrong.
  Error failure() const;
  /// The same of such a command: what it met comes before what could not be had. Models cli-runtime
  /// ContinueOnErrorVisitor.
  Error outcome();
};

/// Uses the flags selector, field-selector, filename, kustomize, and the args of the query.
Selection select(Invocation&, const Query&);
/// The objects of the files alone (apply, create, replace, diff), not fetched.
Selection selectFiles(Invocation&, bool validate);
Error missingResource();
/// "You must provide one or more resources by argument or filename" where neither files nor args are given.
bool nothingGiven(const Invocation&, const Strings& args);

}  // namespace kubectl
