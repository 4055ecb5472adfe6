#pragma once
// Admission: the built-in plug-ins that change or turn down a request after decoding and defaulting and before
// validation. Modelled: NamespaceLifecycle, DefaultStorageClass, DefaultTolerationSeconds, Priority,
// StorageObjectInUseProtection, PersistentVolumeClaimResize, TaintNodesByCondition. NOT MODELLED: LimitRanger,
// ResourceQuota, ServiceAccount (off in the recordings), RuntimeClass, certificates, webhooks.
#include "core/apiserver/request.hpp"
#include "core/apiserver/validation.hpp"
#include "core/store/store.hpp"

namespace apiserver {

struct AdmissionSettings {
  int64_t notReadyTolerationSeconds = 300;
  int64_t unreachableTolerationSeconds = 300;
  bool taintNewNodes = true;  ///< until the node lifecycle controller takes the taint off again
};

/// What a plug-in may look at. `old` is null for a creation; of a removal `object` is the stored one.
struct Admission {
  const store::Objects& objects;
  AdmissionSettings settings;
  Verb verb;  ///< create, update (patches are updates) or remove
  Resource resource;
  std::string_view subresource, namespace_, name;
};

/// Changes `object` as the mutating plug-ins do and gives the refusal of the first that says no.
Refusal admit(const Admission&, Value& object, const Value& old);

/// What the validating plug-ins say of an object that is valid.
Refusal admitValid(const Admission&, const Value& object, const Value& old);

/// A node's topology labels go to its pods, when they are bound too. Models plugin/pkg/admission/podtopologylabels.
void topologyLabels(const store::Objects&, Value& pod);

}  // namespace apiserver
