#include "core/scheduler/terms.hpp"

#include <algorithm>

#include "core/api/pods.hpp"
#include "core/api/sort.hpp"

namespace scheduler {
using namespace api;
using decision::View;

bool PodSelector::matches(const Pod& pod, const View& view) const {
  const std::string_view ns = pod.metadata().namespace_();
  bool here = allNamespaces || std::binary_search(namespaces.begin(), namespaces.end(), ns);
  if (!here && !namespaceSelector.isNull())
    here = labelSelectorMatches(namespaceSelector, view.get<Namespace>({}, ns).doc.get({key::metadata, key::labels}));
  return here && labels.matches(pod.doc.get({key::metadata, key::labels}));
}

std::string PodSelector::key() const {
  std::string out = labels.nothing ? "!" : toString(labels);
  for (const std::string& ns : namespaces) out += '\n' + ns;
  if (allNamespaces) out += "\n*";
  if (!namespaceSelector.isNull()) out += '\n' + toJson(namespaceSelector);
  return out;
}

Term termOf(const PodAffinityTerm& term, std::string_view podNamespace, int weight) {
  Term out;
  out.topologyKey = term.topologyKey();
  out.weight = weight;
  out.pods.labels = labelSelector(term.doc[key::labelSelector]);
  for (std::string_view ns : term.namespaces()) out.pods.namespaces.emplace_back(ns);
  const Value& selector = term.doc[key::namespaceSelector];
  if (out.pods.namespaces.empty() && selector.isNull()) out.pods.namespaces.emplace_back(podNamespace);
  api::sort(out.pods.namespaces);
  out.pods.allNamespaces = !selector.isNull() && selector.size() == 0;
  if (!out.pods.allNamespaces) out.pods.namespaceSelector = selector;
  return out;
}

Terms termsOf(const Pod& pod) {
  Terms out;
  const Value& affinity = pod.doc.get({key::spec, key::affinity});
  if (affinity.isNull()) return out;
  const Affinity a = as<Affinity>(affinity);
  const std::string_view ns = pod.metadata().namespace_();
  for (const PodAffinityTerm& t : a.podAffinity().requiredDuringSchedulingIgnoredDuringExecution())
    out.affinity.push_back(termOf(t, ns));
  for (const PodAffinityTerm& t : a.podAntiAffinity().requiredDuringSchedulingIgnoredDuringExecution())
    out.antiAffinity.push_back(termOf(t, ns));
  for (const WeightedPodAffinityTerm& t : a.podAffinity().preferredDuringSchedulingIgnoredDuringExecution())
    out.preferred.push_back(termOf(t.podAffinityTerm(), ns, int(t.weight())));
  for (const WeightedPodAffinityTerm& t : a.podAntiAffinity().preferredDuringSchedulingIgnoredDuringExecution())
    out.preferred.push_back(termOf(t.podAffinityTerm(), ns, -int(t.weight())));
  return out;
}

bool matchesAll(const std::vector<Term>& terms, const Pod& pod, const View& view) {
  return !terms.empty() &&
         std::all_of(terms.begin(), terms.end(), [&](const Term& t) { return t.pods.matches(pod, view); });
}

bool matchesAny(const std::vector<Term>& terms, const Pod& pod, const View& view) {
  return std::any_of(terms.begin(), terms.end(), [&](const Term& t) { return t.pods.matches(pod, view); });
}

bool PodCounters::Counter::counts(const Pod& pod, const View& view) const {
  if (living && pod.metadata().hasDeletionTimestamp()) return false;
  return std::all_of(selectors.begin(), selectors.end(), [&](const PodSelector& s) { return s.matches(pod, view); });
}

bool isPlaced(const Pod& pod) { return isScheduled(pod) && !isPodTerminal(pod); }

const std::vector<int>& PodCounters::count(const std::vector<PodSelector>& selectors, bool living, const View& view,
                                           const SlotsByName& slots, const AssumedPods& assumed) {
  std::string name = living ? "living" : "all";
  for (const PodSelector& s : selectors) name += '\0' + s.key();
  auto it = counters_.find(name);
  if (it == counters_.end()) {
    constexpr size_t limit = 64;  // more kinds of pods at a time only cost their counting anew
    if (counters_.size() >= limit) {
      const auto oldest = std::min_element(counters_.begin(), counters_.end(), [](const auto& a, const auto& b) {
        return a.second.lastUse < b.second.lastUse;
      });
      counters_.erase(oldest);
    }
    it = counters_.emplace(std::move(name), Counter{selectors, living, 0, {}}).first;
    Counter& made = it->second;
    const auto place = [&](const Pod& pod, size_t slot) {
      if (!made.counts(pod, view)) return;
      if (made.bySlot.size() <= slot) made.bySlot.resize(slot + 1);
      ++made.bySlot[slot];
    };
    view.each<Pod>({}, [&](const Pod& pod) {
      const auto slot = isPlaced(pod) ? slots.find(pod.spec().nodeName()) : slots.end();
      if (slot != slots.end()) place(pod, slot->second);
    });
    for (const auto& [name, pod] : assumed) place(pod.first, pod.second);
  }
  it->second.lastUse = ++uses_;
  return it->second.bySlot;
}

void PodCounters::add(const Pod& pod, size_t slot, int change, const View& view) {
  for (auto& [name, counter] : counters_) {
    if (!counter.counts(pod, view)) continue;
    if (counter.bySlot.size() <= slot) counter.bySlot.resize(slot + 1);
    counter.bySlot[slot] += change;
  }
}

}  // namespace scheduler
