#include "core/controllers/endpointslice_reconciler.hpp"

#include "core/api/sort.hpp"
#include "core/controllers/endpointslice_utils.hpp"

namespace controllers {
namespace {
using api::Value;
namespace key = api::key;

constexpr size_t maxEndpointsPerSlice = 100;

std::string nameOf(const Value& object) { return std::string(object.get({key::metadata, key::name}).asString()); }
std::string_view podOf(const Value& endpoint) { return endpoint.get({key::targetRef, key::name}).asString(); }

/// A slice that may get other endpoints.
struct Draft {
  Value slice;
  std::vector<Value> endpoints;
  bool examined = false;  ///< `endpoints` are those that stay
  bool touched = false;   ///< it has to be written
  size_t size() const { return examined ? endpoints.size() : slice[key::endpoints].size(); }
};

class Reconciler {
 public:
  Reconciler(ServiceEndpoints& state, const api::Service& service, std::string_view addressType)
      : state_(state), service_(service), addressType_(addressType) {}

  SliceChanges run(const std::vector<Value>& slices) {
    std::map<size_t, std::vector<Draft>> groups;
    for (const Value& s : slices) {
      if (sliceOwnedBy(s, service_)) {
        groups[state_.portSet(s[key::ports])].push_back({s, {}, false, false});
      } else {
        out_.remove.push_back(s);
      }
    }
    for (size_t ports = 0; ports < state_.portSets.size(); ++ports) {
      if (state_.portSets[ports].members && addressType_ == "IPv4") {
        reconcileByPortMapping(ports, groups[ports]);
      } else {
        for (Draft& d : groups[ports]) out_.remove.push_back(std::move(d.slice));
      }
    }
    addPlaceholder(slices.size());
    reuseDeleted();
    return std::move(out_);
  }

 private:
  void reconcileByPortMapping(size_t ports, std::vector<Draft>& drafts) {
    for (Draft& d : drafts) {
      if (state_.full || state_.affected.find(nameOf(d.slice)) != state_.affected.end()) examine(d, ports);
      bool changed = false;
      Value labels = endpointSliceLabels(d.slice.get({key::metadata, key::labels}), service_, changed);
      if (!changed && !d.touched) continue;
      d.slice.set({key::metadata, key::labels}, std::move(labels));
      if (!d.examined) examine(d, ports);
      d.touched = true;
    }
    fill(ports, drafts);
    for (Draft& d : drafts) {
      if (!d.touched) continue;
      if (d.endpoints.empty()) {
        out_.remove.push_back(std::move(d.slice));
        continue;
      }
      d.slice.set(key::endpoints, Value::array(std::move(d.endpoints)));
      out_.update.push_back(std::move(d.slice));
    }
  }

  /// Step 1: endpoints that are no longer wanted go, changed ones are replaced where they are.
  void examine(Draft& d, size_t ports) {
    d.examined = true;
    const std::string name = nameOf(d.slice);
    bool updated = false;
    for (const Value& e : d.slice[key::endpoints].values()) {
      const auto it = state_.members.find(podOf(e));
      if (it == state_.members.end()) continue;
      EndpointMember& m = it->second;
      if (m.ports != ports || (!m.slice.empty() && m.slice != name)) continue;
      if (m.endpoint[key::addresses] != e[key::addresses] || m.endpoint[key::hostname] != e[key::hostname]) continue;
      m.slice = name;
      state_.unplaced.erase(it->first);
      updated |= m.endpoint != e;
      d.endpoints.push_back(m.endpoint);
    }
    d.touched = updated || d.endpoints.size() != d.slice[key::endpoints].size();
  }

  /// Steps 2 and 3: new endpoints go into slices that are written anyway, the fullest first; then into one with room
  /// for all; then into new ones.
  void fill(size_t ports, std::vector<Draft>& drafts) {
    std::vector<std::string> added;
    for (const std::string& pod : state_.unplaced) {
      const auto it = state_.members.find(pod);
      if (it != state_.members.end() && it->second.ports == ports) added.push_back(pod);
    }
    size_t next = 0;
    const auto pour = [&](std::vector<Value>& endpoints) {
      while (next < added.size() && endpoints.size() < maxEndpointsPerSlice)
        endpoints.push_back(state_.members.find(added[next++])->second.endpoint);
    };
    std::vector<Draft*> open;
    for (Draft& d : drafts) {
      if (d.touched && !d.endpoints.empty()) open.push_back(&d);
    }
    api::sort(open, [](Draft* a, Draft* b) { return a->size() > b->size(); });
    for (Draft* d : open) pour(d->endpoints);
    while (next < added.size()) {
      if (Draft* fit = sliceToFill(drafts, added.size() - next)) {
        if (!fit->examined) examine(*fit, ports);
        fit->touched = true;
        pour(fit->endpoints);
        continue;
      }
      std::vector<Value> endpoints;
      pour(endpoints);
      Value slice = newEndpointSlice(service_, state_.portSets[ports].ports, addressType_);
      slice.set(key::endpoints, Value::array(std::move(endpoints)));
      out_.create.push_back(std::move(slice));
    }
  }

  static Draft* sliceToFill(std::vector<Draft>& drafts, size_t missing) {
    Draft* fit = nullptr;
    for (Draft& d : drafts) {
      if (missing >= maxEndpointsPerSlice || d.touched || d.size() + missing > maxEndpointsPerSlice) continue;
      if (!fit || d.size() > fit->size()) fit = &d;
    }
    return fit;
  }

  /// A service without endpoints has one empty slice.
  void addPlaceholder(size_t existing) {
    if (existing != out_.remove.size() || !out_.create.empty()) return;
    const Value placeholder = newEndpointSlice(service_, {}, addressType_);
    const auto like = [&](const Value& slice) {
      return slice[key::endpoints].size() == 0 && slice[key::ports].size() == 0 && sliceOwnedBy(slice, service_) &&
             slice.get({key::metadata, key::labels}) == placeholder.get({key::metadata, key::labels});
    };
    if (out_.remove.size() == 1 && like(out_.remove[0])) {
      out_.remove.clear();
    } else {
      out_.create.push_back(placeholder);
    }
  }

  /// Models finalize: a slice that would be deleted becomes one that would be created.
  void reuseDeleted() {
    for (size_t i = 0; i < out_.remove.size() && !out_.create.empty();) {
      if (!sliceOwnedBy(out_.remove[i], service_)) {
        ++i;
        continue;
      }
      Value slice = std::move(out_.create.back());
      out_.create.pop_back();
      Value metadata = out_.remove[i][key::metadata];
      metadata.set(key::labels, slice.get({key::metadata, key::labels}));
      metadata.set(key::ownerReferences, slice.get({key::metadata, key::ownerReferences}));
      slice.set(key::metadata, std::move(metadata));
      out_.update.push_back(std::move(slice));
      out_.remove.erase(out_.remove.begin() + long(i));
    }
  }

  ServiceEndpoints& state_;
  const api::Service& service_;
  std::string_view addressType_;
  SliceChanges out_;
};
}  // namespace

size_t ServiceEndpoints::portSet(const Value& ports) {
  const Value set = ports.size() ? ports : Value();
  for (size_t i = 0; i < portSets.size(); ++i) {
    if (portSets[i].ports == set) return i;
  }
  portSets.push_back({set, 0});
  return portSets.size() - 1;
}

void ServiceEndpoints::put(const std::string& pod, Value endpoint, const Value& ports) {
  const size_t set = portSet(ports);
  auto it = members.find(pod);
  if (it != members.end() && it->second.ports == set && it->second.endpoint == endpoint) return;
  if (it == members.end()) {
    it = members.emplace(pod, EndpointMember()).first;
  } else {
    --portSets[it->second.ports].members;
  }
  EndpointMember& m = it->second;
  ++portSets[set].members;
  if (!m.slice.empty()) affected.insert(m.slice);
  const bool moves = m.slice.empty() || m.ports != set || m.endpoint[key::addresses] != endpoint[key::addresses] ||
                     m.endpoint[key::hostname] != endpoint[key::hostname];
  m.ports = set;
  m.endpoint = std::move(endpoint);
  if (!moves) return;
  m.slice.clear();
  unplaced.insert(pod);
}

void ServiceEndpoints::drop(std::string_view pod) {
  const auto it = members.find(pod);
  if (it == members.end()) return;
  --portSets[it->second.ports].members;
  if (!it->second.slice.empty()) affected.insert(it->second.slice);
  unplaced.erase(it->first);
  members.erase(it);
}

void ServiceEndpoints::unplaceAll() {
  unplaced.clear();
  for (auto& [pod, m] : members) {
    m.slice.clear();
    unplaced.insert(pod);
  }
}

void ServiceEndpoints::placed(const Value& slice) {
  const std::string name = nameOf(slice);
  for (const Value& e : slice[key::endpoints].values()) {
    const auto it = members.find(podOf(e));
    if (it == members.end()) continue;
    it->second.slice = name;
    unplaced.erase(it->first);
  }
}

SliceChanges reconcileSlices(ServiceEndpoints& state, const api::Service& service, const std::vector<Value>& slices,
                             std::string_view addressType) {
  return Reconciler(state, service, addressType).run(slices);
}

}  // namespace controllers
