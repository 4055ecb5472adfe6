#pragma once
// Pods of ReplicaSets and DaemonSets: made from a template, created and deleted with their Events. Models
// RealPodControl and GetPodFromTemplate of pkg/controller/controller_utils.go (v1.37).
#include "core/controllers/error.hpp"
#include "core/decision/controller.hpp"

namespace controllers {

/// A Pod of the template whose controller is `owner`; the API server makes up its name.
api::Pod podFromTemplate(const api::PodTemplateSpec&, api::Resource ownerKind, const api::Object& owner);
/// `created` becomes what is stored.
Error createPod(decision::Client&, const decision::Why&, const api::Pod&, const api::Object& owner,
                api::Value& created);
/// `notFound`: it was gone already, which is an error without an Event.
Error deletePod(decision::Client&, const decision::Why&, const api::Pod&, const api::Object& owner, bool& notFound);
/// A failure because the namespace is terminating: nothing will change that.
bool isNamespaceTerminating(const apiserver::Response&);

/// When some Pod will be available, in milliseconds from now; -1 where none is waiting for that.
/// Models FindMinNextPodAvailabilityCheck.
api::Millis nextAvailabilityCheck(const std::vector<api::Pod>&, int64_t minReadySeconds, api::Millis now);

}  // namespace controllers
