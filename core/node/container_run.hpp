#pragma once
// One container of a pod through its life: image, configuration, start, hooks, probes, end, restart with back-off.
// Private to the kubelet: pod_worker.cpp decides which container's turn it is.
#include <string>
#include <string_view>

#include "core/node/container.hpp"
#include "core/node/pod_worker.hpp"

namespace node {

inline constexpr Millis relistTime = 1000;
inline constexpr Millis retryTime = 12000;  ///< pod_workers.go: 10 s and up to half as much again
inline constexpr Millis initialBackOff = 10000, maxBackOff = 300000;  // pkg/kubelet/kubelet.go
/// As Go's %q prints a text without quotes in it.
inline std::string quoted(std::string_view text) { return '"' + std::string(text) + '"'; }

class ContainerWork {
 public:
  ContainerWork(PodWorker& worker, const api::Pod& pod, Machine& machine, NodeClient& client, ContainerRun& c,
                const api::Container& spec, bool init)
      : w_(worker),
        pod_(pod),
        machine_(machine),
        client_(client),
        c_(c),
        spec_(spec),
        init_(init),
        now_(client.now()) {}

  /// Tries to start it; what hinders that is in its state.
  void start();
  /// What is due in it: its program, its hooks, its end, its restart, its probes. False: nothing was.
  bool live(std::string_view restartPolicy);
  /// Asked to stop within `grace`; `message` is that of the Event Killing.
  void stop(Millis grace, std::string message);
  /// The image is there, or is being fetched: records the Event. True where it takes time.
  bool pull();
  void pulled();

 private:
  bool imageIsMissing();
  bool configurationIsMissing();
  void startFailed(std::string message);
  void startProgram();
  void runProgram();
  void beSignalled(int number);
  void beginHook(ContainerRun::Hook, const api::Value& handler);
  bool runHook();
  void endHook(bool ok);
  void term();
  void exited(std::string_view policy);
  void showBackOff();
  void restart();
  bool probe(std::string_view policy);
  void loseLayer();
  void remember();
  bool restartsAfter(std::string_view policy, int code) const;
  Millis gracePeriod() const;
  void event(std::string_view type, std::string_view reason, std::string message);
  void setWhy(decision::Rule);
  const char* objectPath() const { return init_ ? "spec.initContainers{" : "spec.containers{"; }

  PodWorker& w_;
  const api::Pod& pod_;
  Machine& machine_;
  NodeClient& client_;
  ContainerRun& c_;
  const api::Container& spec_;
  bool init_;
  Millis now_;
};

std::string podObjectName(const api::Pod&);
/// "name_namespace(uid)", as the kubelet prints a pod.
std::string formatPod(const api::Pod&);
/// A shell waits for its time, for input, or wants more steps: when it is to run again.
Millis wakeOf(const shell::Shell&, shell::State, Millis now);

}  // namespace node
