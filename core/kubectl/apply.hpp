#pragma once
// What apply, create --save-config, replace and diff share: the last-applied annotation and the patch from it.
#include "core/kubectl/builder.hpp"

namespace kubectl {

inline constexpr std::string_view lastAppliedAnnotation = "kubectl.kubernetes.io/last-applied-configuration";
/// The annotation's text; null where there is none.
const Value& lastApplied(const Value& object);
/// The configuration as it stands in the annotation: without the annotation itself, with a newline at the end.
std::string lastAppliedText(const Value& object);
/// The object without that annotation; its annotations are there, if only empty.
Value withoutLastApplied(Value object);
void setLastApplied(Value& object);
/// The patch that turns `current` into `modified` as apply would.
Value applyPatch(const Value& modified, const Value& current);
/// The field validation of --validate, "" where it is wrong.
std::string validation(const Invocation&, Error&);

}  // namespace kubectl
