#pragma once
// What the API server itself decides about an object of each kind, whoever writes it: which half a request may change,
// when the generation goes up, what a new object starts with. Models pkg/registry/*/*/strategy.go (v1.37).
#include "core/api/resources.hpp"
#include "core/api/time.hpp"

namespace apiserver {

using api::Resource;
using api::Value;

/// PrepareForCreate and Canonicalize: the status a new object starts with, generation 1, a namespace's finalizer.
/// `now` is metav1's text of the time.
void prepareForCreate(Resource, Value& object, const Value& now);
/// PrepareForUpdate: `subresource` is "", "status", "finalize" or another; puts back what that request may not change.
void prepareForUpdate(Resource, std::string_view subresource, Value& object, const Value& old, const Value& now);

bool allowCreateOnUpdate(Resource);
bool allowUnconditionalUpdate(Resource);
/// Whether a removal is answered with the object itself instead of a Status.
bool returnsDeletedObject(Resource);

/// A Service that changes its type loses what only the old one had.
void dropTypeDependentFields(Value& service, const Value& old);

/// Sets `object`'s member to what `old` has there, also to nothing.
void keep(Value& object, api::Key, const Value& old);

}  // namespace apiserver
