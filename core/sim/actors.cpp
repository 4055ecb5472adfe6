#include "core/sim/actors.hpp"

#include "core/controllers/controlplane.hpp"
#include "core/controllers/daemonset.hpp"
#include "core/controllers/deployment.hpp"
#include "core/controllers/disruption.hpp"
#include "core/controllers/endpointslice.hpp"
#include "core/controllers/expander.hpp"
#include "core/controllers/garbagecollector.hpp"
#include "core/controllers/namespace.hpp"
#include "core/controllers/nodelifecycle.hpp"
#include "core/controllers/persistentvolume.hpp"
#include "core/controllers/podgc.hpp"
#include "core/controllers/pvcprotection.hpp"
#include "core/controllers/pvprotection.hpp"
#include "core/controllers/replicaset.hpp"
#include "core/controllers/serviceaccount.hpp"
#include "core/controllers/statefulset.hpp"
#include "core/controllers/tainteviction.hpp"
#include "core/node/kubelet.hpp"
#include "core/node/provisioner.hpp"
#include "core/scheduler/scheduler.hpp"

namespace sim {

std::vector<std::unique_ptr<decision::Controller>> makeActors(const Setup& setup) {
  controllers::Settings settings;
  settings.maxUnavailableStatefulSet = countsMaxUnavailable(setup.version);
  settings.claimUnusedCondition = setup.version == Setup::Version::v1_37;
  if (setup.recordingTimes) {
    settings.volumeResyncMillis = 300;
    settings.nodeMonitorPeriodMillis = 1000;
    settings.nodeMonitorGracePeriodMillis = 6000;
  }
  std::vector<std::unique_ptr<decision::Controller>> actors;
  actors.push_back(controllers::makeDeploymentController(settings));
  actors.push_back(controllers::makeReplicaSetController(settings));
  // In the recordings a budget that is made with a Deployment finds its pods, one that is made with a StatefulSet does
  // not.
  actors.push_back(controllers::makeDisruptionController(settings));
  actors.push_back(controllers::makeStatefulSetController(settings));
  // It marks a pod before the DaemonSet controller deletes it for the same taint.
  actors.push_back(controllers::makeTaintEvictionController(settings));
  actors.push_back(controllers::makeDaemonSetController(settings));
  // Before those who finish what it then looks at again: a volume is bound, a taint is taken away.
  actors.push_back(scheduler::makeScheduler());
  actors.push_back(controllers::makePersistentVolumeController(settings));
  actors.push_back(node::makeProvisioner(setup.provisioner));
  actors.push_back(controllers::makeExpandController(settings));
  actors.push_back(controllers::makePVCProtectionController(settings));
  actors.push_back(controllers::makePVProtectionController(settings));
  actors.push_back(controllers::makeEndpointSliceController(settings));
  actors.push_back(controllers::makeGarbageCollector(settings));
  actors.push_back(controllers::makeNamespaceController(settings));
  actors.push_back(controllers::makeServiceAccountController(settings));
  actors.push_back(controllers::makeNodeLifecycleController(settings));
  actors.push_back(controllers::makePodGCController(settings));
  actors.push_back(controllers::makeControlPlane(settings));
  return actors;
}

std::unique_ptr<decision::Controller> makeNodeActor(const Setup& setup, std::string_view node) {
  return node::makeKubelet(node, node::KubeletMode(setup.kubelet));
}

}  // namespace sim
