#pragma once
// Writing descriptions: indented lines whose columns are aligned afterwards, and the parts that several kinds share.
// Models kubectl pkg/describe.
#include "core/kubectl/builder.hpp"

namespace kubectl {

class PrefixWriter {
 public:
  /// Two spaces a level, then the text as it is (with its tabs and newline).
  void line(int level, std::string_view text) {
    for (int i = 0; i < level; ++i) text_ += "  ";
    text_ += text;
    text_ += '\n';
  }
  /// "Name:\tvalue".
  void field(int level, std::string_view name, std::string_view value) {
    line(level, std::string(name) + ":\t" + std::string(value));
  }
  void raw(std::string_view text) { text_ += text; }
  const std::string& text() const { return text_; }
  /// The columns aligned, as describe prints.
  std::string aligned() const {
    std::string out;
    TabWriter w = TabWriter::forDescribe();
    w.write(text_);
    w.flush(out);
    return out;
  }

 private:
  std::string text_;
};

/// "Labels:" with one label a line; "<none>" without any. `skip`: a key that is not shown.
void printLabels(PrefixWriter&, std::string_view initial, std::string_view title, std::string_view inner,
                 const Value& map, std::string_view skip = {});
void printAnnotations(PrefixWriter&, const Value& map);
void printTolerations(PrefixWriter&, std::string_view initial, std::string_view inner, const Value& tolerations);
/// The template of a workload (with its title) as describe and rollout history print it.
void describePodTemplate(PrefixWriter&, const Value& podTemplate);
/// `pod`: of a pod's own containers, with their statuses; null in a template.
void describeContainers(PrefixWriter&, std::string_view label, const Value& containers, const Value& statuses,
                        const Value& pod, std::string_view space);
void describeVolumes(PrefixWriter&, const Value& volumes, std::string_view space);
void describeVolumeSource(PrefixWriter&, const Value& spec);
void describeSpread(PrefixWriter&, const Value& constraints, std::string_view space);
/// "Controlled By" owner, "" without one.
std::string controllerName(const Value& object);
/// "RWO,ROX"
std::string accessModes(const Value& modes);
std::string orNone(std::string text);

/// One kind's description. Appends to the writer; events come after it.
struct Describing {
  Invocation& in;
  const Info& info;
  PrefixWriter w;
  bool noEvents = false;  ///< kinds whose description has no events
  Value eventsOf;         ///< another object to take events of, if any
};
void describeEvents(Describing&);

Error describePod(Describing&);
Error describeStatefulSet(Describing&);
Error describeDeployment(Describing&);
Error describeReplicaSet(Describing&);
Error describeDaemonSet(Describing&);
Error describeService(Describing&);
Error describeEndpointSlice(Describing&);
Error describeClaim(Describing&);
Error describeVolume(Describing&);
Error describeStorageClass(Describing&);
Error describePriorityClass(Describing&);
Error describeNode(Describing&);
Error describeConfigMap(Describing&);
Error describeSecret(Describing&);
Error describeServiceAccount(Describing&);
Error describeNamespace(Describing&);
Error describeBudget(Describing&);
Error describeAnything(Describing&);

}  // namespace kubectl
