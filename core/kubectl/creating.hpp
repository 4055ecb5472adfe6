#pragma once
// Sending a new object: what create, run and expose share.
#include "core/kubectl/builder.hpp"
#include "core/kubectl/printer.hpp"

namespace kubectl {

/// A document of a type, with a name; the namespace only if the user gave one.
Value newObject(const Invocation&, const Mapping&, std::string_view name);
/// Creates it (unless --dry-run=client) and prints it with `operation`. `failure` stands before the server's message
/// ("failed to create deployment: "); "" leaves the server's error as it is.
Error createObject(Invocation&, Value object, std::string_view operation, std::string_view failure);
/// Refuses a command that needs files and got none.
Error filesRequired(const Invocation&);
/// A number where the text is one, else the text.
Value intOrString(const std::string& text);

}  // namespace kubectl
