#pragma once
// What the validations are written with: a list of errors and the path of the field that is being looked at. For the
// validation_*.cpp files only.
#include <initializer_list>

#include "core/api/names.hpp"
#include "core/api/quantity.hpp"
#include "core/apiserver/validation.hpp"

namespace apiserver {

using api::Key;
using api::Kind;
using Supported = std::initializer_list<std::string_view>;

/// A value as messages print it: texts quoted, the rest as JSON.
std::string show(const Value&);
inline std::string show(std::string_view text) { return api::quote(text); }

class Check {
 public:
  ErrorList errors;

  /// The path goes one level down until the scope ends.
  class Scope {
   public:
    Scope(std::string& path, size_t length) : path_(path), length_(length) {}
    ~Scope() { path_.resize(length_); }
    Scope(const Scope&) = delete;

   private:
    std::string& path_;
    size_t length_;
  };
  [[nodiscard]] Scope at(std::string_view child) {
    const size_t length = path_.size();
    if (length) path_ += '.';
    path_ += child;
    return {path_, length};
  }
  [[nodiscard]] Scope at(Key k) { return at(k.text()); }
  [[nodiscard]] Scope at(size_t index) { return keyed(std::to_string(index)); }
  [[nodiscard]] Scope keyed(std::string_view key) {
    const size_t length = path_.size();
    ((path_ += '[') += key) += ']';
    return {path_, length};
  }
  const std::string& path() const { return path_; }

  // Each adds an error about the field itself.
  void add(ErrorType type, std::string badValue, std::string_view detail = "") {
    errors.push_back({type, path_, std::move(badValue), std::string(detail)});
  }
  void required(std::string_view detail = "") { add(ErrorType::Required, "", detail); }
  void forbidden(std::string_view detail) { add(ErrorType::Forbidden, "", detail); }
  void invalid(const Value& v, std::string_view detail) { add(ErrorType::Invalid, show(v), detail); }
  void invalidText(std::string_view v, std::string_view detail) { add(ErrorType::Invalid, show(v), detail); }
  /// `shown`: the value as it is to be printed.
  void invalidShown(std::string shown, std::string_view detail) { add(ErrorType::Invalid, std::move(shown), detail); }
  void duplicate(std::string_view v) { add(ErrorType::Duplicate, show(v)); }
  void notFound(std::string_view v) { add(ErrorType::NotFound, show(v)); }
  void notSupported(std::string shown, Supported values);

  // The same about a child.
  void required(Key child, std::string_view detail) {
    auto s = at(child);
    required(detail);
  }
  void forbidden(Key child, std::string_view detail) {
    auto s = at(child);
    forbidden(detail);
  }
  void invalid(Key child, const Value& v, std::string_view detail) {
    auto s = at(child);
    invalid(v, detail);
  }

  void invalidShownAt(Key child, std::string shown, std::string_view detail) {
    auto s = at(child);
    invalidShown(std::move(shown), detail);
  }

  // Rules that many kinds share.
  void complain(std::string_view value, const api::Complaints& all) {
    for (const std::string& c : all) invalidText(value, c);
  }
  void nonNegative(const Value& parent, Key k);
  /// A text that must be one of a few; `whenEmpty`: "" is Required, otherwise it is fine.
  void oneOf(const Value& parent, Key k, Supported values, bool whenEmpty = true);
  void dnsLabel(std::string_view v) {
    if (!api::goodDNS1123Label(v)) complain(v, api::isDNS1123Label(v));
  }
  void dnsSubdomain(std::string_view v) {
    if (!api::goodDNS1123Subdomain(v)) complain(v, api::isDNS1123Subdomain(v));
  }
  void qualifiedName(std::string_view v) {
    if (!api::goodLabelKey(v)) complain(v, api::isQualifiedName(v));
  }
  void labelValue(std::string_view v) {
    if (!api::goodLabelValue(v)) complain(v, api::isValidLabelValue(v));
  }
  void labels(const Value& map);  ///< every key and value, at the current path
  void annotations(const Value& map);
  void labelSelector(const Value& selector);
  void portNumberOrName(const Value& port);
  void immutable(const Value& now, const Value& before);
  /// The value, where it is no JSON of the API's own, is printed as `shown`.
  void immutable(const Value& now, const Value& before, std::string shown);

 private:
  std::string path_;
};

/// A text of a struct's field, "" where it is left out.
inline std::string_view textOf(const Value& parent, Key k) { return parent[k].asString(); }

// The parts, by file.
enum class NameRule : uint8_t { subdomain, label, label1035, segment };
void checkMetadata(Check&, const Value& object, bool namespaced, NameRule);
void checkMetadataUpdate(Check&, const Value& object, const Value& old);
void checkLegacyIP(Check&, std::string_view);
void checkLegacyCidr(Check&, std::string_view);
/// An address that is not one of the special ones.
void checkEndpointIP(Check&, std::string_view);

struct PodOptions {
  bool isPod = false;  ///< not a template: ports of the host network must be set
};
void checkPodSpec(Check&, const Value& spec, const Value& metadata, PodOptions);
void checkContainers(Check&, const Value& podSpec, const Value& volumes, PodOptions);
/// Gives those without a fault, which alone can be mounted.
Value checkVolumes(Check&, const Value& volumes, const Value& podMetadata);
void checkHostPath(Check&, const Value& source);
void checkAffinity(Check&, const Value& affinity);
void checkNodeSelector(Check&, const Value& selector);
void checkTolerations(Check&, const Value& tolerations);
void checkTopologySpread(Check&, const Value& constraints);
void checkTaintEffect(Check&, std::string_view effect);
/// `podSpec`: what names the claims that containers may use.
void checkResourceRequirements(Check&, const Value& requirements, const Value& podSpec);
/// The resources of a whole pod, at the path of its spec.
void checkPodResources(Check&, const Value& podSpec);
/// `fieldRef`: the path is one of those supported.
void checkFieldRef(Check&, const Value& ref, Supported paths);
/// `resourceFieldRef`; a volume's names a container.
void checkResourceFieldRef(Check&, const Value& ref, bool volume);
/// `seccompProfile` and `appArmorProfile` of a security context, where it has them.
void checkSeccompProfile(Check&, const Value& context);
void checkAppArmorProfile(Check&, const Value& context);
/// `env` and `envFrom` of a container.
void checkEnv(Check&, const Value& all);
void checkEnvFrom(Check&, const Value& all);
/// The container's probe of that key, or its hooks, if it has any; a null `gracePeriod` is not looked at.
void checkProbe(Check&, const Value& container, Key, const Value& gracePeriod);
void checkLifecycle(Check&, const Value& container, const Value& gracePeriod);
void checkPathNoBacksteps(Check&, std::string_view path);
void checkPathDescending(Check&, std::string_view path);
/// A template at the current path.
void checkPodTemplate(Check&, const Value& podTemplate);
void checkPodSpecificAnnotations(Check&, const Value& annotations, const Value& podSpec);

void checkPod(Check&, const Value& pod);
void checkPodUpdate(Check&, const Value& pod, const Value& old, std::string_view subresource);
void checkWorkload(Check&, Resource, const Value& object);
void checkWorkloadUpdate(Check&, Resource, const Value& object, const Value& old, std::string_view subresource);
void checkClaim(Check&, const Value& claim);
void checkClaimSpec(Check&, const Value& spec);
void checkClaimUpdate(Check&, const Value& claim, const Value& old, std::string_view subresource);
void checkVolume(Check&, const Value& volume);
void checkVolumeUpdate(Check&, const Value& volume, const Value& old, std::string_view subresource);
void checkStorageClass(Check&, const Value& object);
void checkStorageClassUpdate(Check&, const Value& object, const Value& old);
void checkService(Check&, const Value& service, const Value& old);
/// clusterIP, clusterIPs and ipFamilies, at the path of the spec.
void checkServiceAddresses(Check&, const Value& spec);
void checkServiceStatus(Check&, const Value& service);
/// `old`: null for a creation.
void checkEndpointSlice(Check&, const Value& slice, const Value& old);
void checkOther(Check&, Resource, const Value& object);
void checkOtherUpdate(Check&, Resource, const Value& object, const Value& old, std::string_view subresource);

}  // namespace apiserver
