#include "core/controllers/deployment_utils.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/api/sort.hpp"
#include "core/controllers/percent.hpp"

namespace controllers::deployment {
using namespace api;

namespace {
constexpr int64_t unlimited = 2147483647;
constexpr size_t maxRevisionHistoryLength = 2000;

/// A number that is the whole text; `otherwise` for what is none.
int64_t parsed(std::string_view text, int64_t otherwise) {
  int64_t n = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), n);
  return !text.empty() && end.ec == std::errc() && end.ptr == text.data() + text.size() ? n : otherwise;
}

struct Fenceposts {
  int64_t surge, unavailable;
};
Fenceposts resolveFenceposts(const Deployment& d) {
  const RollingUpdateDeployment rolling = d.spec().strategy().rollingUpdate();
  Fenceposts f{scaledValue(rolling.maxSurge(), d.spec().replicas(), Rounding::up),
               scaledValue(rolling.maxUnavailable(), d.spec().replicas(), Rounding::down)};
  if (f.surge == 0 && f.unavailable == 0) f.unavailable = 1;
  return f;
}

template <class F>
int64_t sum(const ReplicaSets& sets, F&& f) {
  int64_t total = 0;
  for (const ReplicaSet& rs : sets) total += rs ? f(rs) : 0;
  return total;
}
}  // namespace

bool isRollingUpdate(const Deployment& d) { return d.spec().strategy().type() == "RollingUpdate"; }
int64_t maxUnavailable(const Deployment& d) {
  if (!isRollingUpdate(d) || d.spec().replicas() == 0) return 0;
  return std::min(resolveFenceposts(d).unavailable, d.spec().replicas());
}
int64_t maxSurge(const Deployment& d) { return isRollingUpdate(d) ? resolveFenceposts(d).surge : 0; }
bool hasProgressDeadline(const Deployment& d) {
  return d.spec().hasProgressDeadlineSeconds() && d.spec().progressDeadlineSeconds() != unlimited;
}
bool hasRevisionHistoryLimit(const Deployment& d) {
  return d.spec().hasRevisionHistoryLimit() && d.spec().revisionHistoryLimit() != unlimited;
}

bool equalIgnoreHash(const PodTemplateSpec& a, const PodTemplateSpec& b) {
  if (!(a.doc[key::spec] == b.doc[key::spec])) return false;
  Value x = a.doc[key::metadata], y = b.doc[key::metadata];
  for (Value* v : {&x, &y}) {
    v->erase({key::labels, key::podTemplateHashLabel});
    if (v->find(key::labels) && (*v)[key::labels].size() == 0) v->erase(key::labels);
    if (v->size() == 0) *v = {};
  }
  return x == y;
}

bool byCreationTimestamp(const ReplicaSet& a, const ReplicaSet& b) {
  const std::string_view ta = a.metadata().creationTimestamp(), tb = b.metadata().creationTimestamp();
  return ta != tb ? ta < tb : a.metadata().name() < b.metadata().name();
}
bool byRevision(const ReplicaSet& a, const ReplicaSet& b) {
  return revision(a) != revision(b) ? revision(a) < revision(b) : byCreationTimestamp(a, b);
}

ReplicaSet findNewReplicaSet(const Deployment& d, ReplicaSets all) {
  api::sort(all, byCreationTimestamp);
  for (const ReplicaSet& rs : all) {
    if (equalIgnoreHash(rs.spec().template_(), d.spec().template_())) return rs;
  }
  return {};
}
ReplicaSets findOldReplicaSets(const Deployment& d, ReplicaSets all) {
  const ReplicaSet newRS = findNewReplicaSet(d, all);
  api::sort(all, byCreationTimestamp);
  if (newRS) std::erase_if(all, [&](const ReplicaSet& rs) { return rs.metadata().uid() == newRS.metadata().uid(); });
  return all;
}
ReplicaSets filterActive(const ReplicaSets& all) {
  ReplicaSets out;
  for (const ReplicaSet& rs : all) {
    if (rs && rs.spec().replicas() > 0) out.push_back(rs);
  }
  return out;
}
ReplicaSet findActiveOrLatest(const ReplicaSet& newRS, ReplicaSets old) {
  api::sort(old, [](const auto& a, const auto& b) { return byCreationTimestamp(b, a); });
  const ReplicaSet newest = newRS ? newRS : old.empty() ? ReplicaSet() : old[0];
  old.push_back(newRS);
  const ReplicaSets active = filterActive(old);
  return active.empty() ? newest : active.size() == 1 ? active[0] : ReplicaSet();
}

int64_t revision(const ReplicaSet& rs) { return parsed(rs.metadata().annotations()[key::deploymentRevision], 0); }
int64_t maxRevision(const ReplicaSets& all) {
  int64_t max = 0;
  for (const ReplicaSet& rs : all) max = std::max(max, revision(rs));
  return max;
}

namespace {
bool skipCopyAnnotation(Key k) {
  return k == Key(key::lastAppliedConfiguration) || k == Key(key::deploymentRevision) ||
         k == Key(key::deploymentRevisionHistory) || k == Key(key::deploymentDesiredReplicas) ||
         k == Key(key::deploymentMaxReplicas) || k.text() == "deprecated.deployment.rollback.to";
}

/// Appends a revision to the comma-separated history, dropping its oldest where it becomes too long.
std::string extendedHistory(std::string_view history, std::string_view old) {
  if (history.empty()) return std::string(old);
  std::string out = std::string(history) + "," + std::string(old);
  while (out.size() > maxRevisionHistoryLength && out.find(',') != out.npos) out.erase(0, out.find(',') + 1);
  return out;
}
}  // namespace

bool setNewReplicaSetAnnotations(const Deployment& d, ReplicaSet& rs, int64_t newRevision, bool exists) {
  ObjectMeta meta = rs.metadata();
  StringMap annotations = meta.annotations();
  const StringMap theirs = d.metadata().annotations();
  for (size_t i = 0; i < theirs.size(); ++i) {
    const Key k = theirs.doc.keyAt(i);
    if (!skipCopyAnnotation(k)) annotations.set(k, theirs.at(i));
  }
  const std::string old(annotations[key::deploymentRevision]);
  const int64_t oldRevision = parsed(old, old.empty() ? 0 : newRevision);
  if (oldRevision < newRevision) {
    annotations.set(key::deploymentRevision, std::to_string(newRevision));
    if (!old.empty()) {
      annotations.set(key::deploymentRevisionHistory,
                      extendedHistory(annotations[key::deploymentRevisionHistory], old));
    }
  }
  const bool changed = !(annotations == meta.annotations());
  meta.annotations(std::move(annotations));
  if (changed) rs.metadata(std::move(meta));
  const bool replicas = !exists && setReplicasAnnotations(rs, d.spec().replicas(), d.spec().replicas() + maxSurge(d));
  return changed || replicas;
}

bool setReplicasAnnotations(ReplicaSet& rs, int64_t desired, int64_t max) {
  ObjectMeta meta = rs.metadata();
  StringMap annotations = meta.annotations();
  annotations.set(key::deploymentDesiredReplicas, std::to_string(desired));
  annotations.set(key::deploymentMaxReplicas, std::to_string(max));
  if (annotations == meta.annotations()) return false;
  meta.annotations(std::move(annotations));
  rs.metadata(std::move(meta));
  return true;
}

int64_t replicasAnnotation(const ReplicaSet& rs, Key k) {
  const int64_t n = parsed(rs.metadata().annotations()[k], -1);
  return n > unlimited ? -1 : n;
}

int64_t replicaCount(const ReplicaSets& all) {
  return sum(all, [](const ReplicaSet& rs) { return rs.spec().replicas(); });
}
int64_t actualReplicaCount(const ReplicaSets& all) {
  return sum(all, [](const ReplicaSet& rs) { return rs.status().replicas(); });
}
int64_t readyReplicaCount(const ReplicaSets& all) {
  return sum(all, [](const ReplicaSet& rs) { return rs.status().readyReplicas(); });
}
int64_t availableReplicaCount(const ReplicaSets& all) {
  return sum(all, [](const ReplicaSet& rs) { return rs.status().availableReplicas(); });
}
int64_t terminatingReplicaCount(const ReplicaSets& all) {
  for (const ReplicaSet& rs : all) {
    if (rs && rs.status().observedGeneration() != 0 && !rs.status().hasTerminatingReplicas()) return -1;
  }
  return sum(all, [](const ReplicaSet& rs) { return rs.status().terminatingReplicas(); });
}

int64_t newRSNewReplicas(const Deployment& d, const ReplicaSets& all, const ReplicaSet& newRS) {
  const int64_t wanted = d.spec().replicas(), have = newRS.spec().replicas();
  if (!isRollingUpdate(d)) return wanted;
  const int64_t surge = scaledValue(d.spec().strategy().rollingUpdate().maxSurge(), wanted, Rounding::up);
  const int64_t room = wanted + surge - replicaCount(all);
  return room <= 0 ? have : have + std::min(room, wanted - have);
}

namespace {
// Models getReplicaSetFraction.
int64_t replicaSetFraction(const ReplicaSet& rs, const Deployment& d) {
  const int64_t size = rs.spec().replicas();
  if (d.spec().replicas() == 0) return -size;
  int64_t before = replicasAnnotation(rs, key::deploymentMaxReplicas);
  if (before <= 0) before = d.status().replicas();
  if (before == 0) return 0;
  const double scaled = double(size * (d.spec().replicas() + maxSurge(d))) / double(before);
  return int64_t(scaled < 0 ? scaled - 0.5 : scaled + 0.5) - size;
}
}  // namespace

int64_t replicaSetProportion(const ReplicaSet& rs, const Deployment& d, int64_t toAdd, int64_t added) {
  if (!rs || rs.spec().replicas() == 0 || toAdd == 0 || toAdd == added) return 0;
  const int64_t fraction = replicaSetFraction(rs, d), allowed = toAdd - added;
  return toAdd > 0 ? std::min(fraction, allowed) : std::max(fraction, allowed);
}

bool isSaturated(const Deployment& d, const ReplicaSet& rs) {
  const int64_t wanted = d.spec().replicas();
  return rs && rs.spec().replicas() == wanted && replicasAnnotation(rs, key::deploymentDesiredReplicas) == wanted &&
         rs.status().availableReplicas() == wanted;
}

bool deploymentComplete(const Deployment& d, const DeploymentStatus& s) {
  const int64_t wanted = d.spec().replicas();
  return s.updatedReplicas() == wanted && s.replicas() == wanted && s.availableReplicas() == wanted &&
         s.observedGeneration() >= d.metadata().generation();
}

bool deploymentProgressing(const Deployment& d, const DeploymentStatus& now) {
  const DeploymentStatus before = d.status();
  return now.updatedReplicas() > before.updatedReplicas() ||
         now.replicas() - now.updatedReplicas() < before.replicas() - before.updatedReplicas() ||
         now.readyReplicas() > before.readyReplicas() || now.availableReplicas() > before.availableReplicas();
}

bool deploymentTimedOut(const Deployment& d, const DeploymentStatus& s, Millis now) {
  const DeploymentCondition c = findCondition(s, "Progressing");
  if (!hasProgressDeadline(d) || !c || c.reason() == "NewReplicaSetAvailable") return false;
  if (c.reason() == "ProgressDeadlineExceeded") return true;
  return parseTime(c.lastUpdateTime()) + d.spec().progressDeadlineSeconds() * 1000 < now;
}

DeploymentCondition findCondition(const DeploymentStatus& s, std::string_view type) {
  for (const DeploymentCondition& c : s.conditions()) {
    if (c.type() == type) return c;
  }
  return {};
}

DeploymentCondition newCondition(std::string_view type, std::string_view status, std::string_view reason,
                                 std::string_view message, Millis now) {
  const Value time = formatTime(now);
  return {{Value::object({{key::lastTransitionTime, time},
                          {key::lastUpdateTime, time},
                          {key::message, message},
                          {key::reason, reason},
                          {key::status, status},
                          {key::type, type}})}};
}

void setCondition(DeploymentStatus& s, DeploymentCondition c) {
  const DeploymentCondition current = findCondition(s, c.type());
  if (current && current.status() == c.status()) {
    if (current.reason() == c.reason()) return;
    c.lastTransitionTime(current.lastTransitionTime());
  }
  removeCondition(s, c.type());
  s.doc.set(key::conditions, [&] {
    Value all = s.doc[key::conditions];
    all.append(c.doc);
    return all;
  }());
}

void removeCondition(DeploymentStatus& s, std::string_view type) {
  if (!findCondition(s, type)) return;
  std::vector<Value> rest;
  for (const DeploymentCondition& c : s.conditions()) {
    if (c.type() != type) rest.push_back(c.doc);
  }
  if (rest.empty())
    s.doc.erase(key::conditions);
  else
    s.doc.set(key::conditions, Value::array(std::move(rest)));
}

}  // namespace controllers::deployment
