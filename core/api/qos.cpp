#include "core/api/qos.hpp"

namespace api {
namespace {

bool isZero(std::string_view quantity) {
  for (char c : quantity) {
    if (c >= '1' && c <= '9') return false;
  }
  return true;
}

struct Tally {
  bool any = false;        ///< some container asks for or limits cpu or memory
  bool guaranteed = true;  ///< all containers limit both, and ask for no less
  void add(const Value& container) {
    const Value &requests = container.get({key::resources, key::requests}),
                &limits = container.get({key::resources, key::limits});
    for (Key k : {Key(key::cpu), Key(key::memory)}) {
      const Value &request = requests[k], &limit = limits[k];
      const bool asks = !isZero(request.asString()), limited = !isZero(limit.asString());
      any |= asks || limited;
      if (!limited || (asks && !(request == limit))) guaranteed = false;
    }
  }
};
}  // namespace

// NOT MODELLED: equal quantities that are spelt differently; resources of the whole pod.
std::string_view qosClass(const PodSpec& spec) {
  Tally tally;
  for (const Value& c : spec.doc[key::initContainers].values()) tally.add(c);
  for (const Value& c : spec.doc[key::containers].values()) tally.add(c);
  if (!tally.any) return "BestEffort";
  return tally.guaranteed ? "Guaranteed" : "Burstable";
}

}  // namespace api
