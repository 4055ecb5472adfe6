#pragma once
// The cluster as a value: API server, actors with their queues, the virtual clock and the journal. Copy it and both
// copies go on independently. step() runs one work item of one actor; the clock moves only when nothing is runnable.
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/apiserver/server.hpp"
#include "core/decision/controller.hpp"
#include "core/node/kubelet.hpp"
#include "core/sim/input.hpp"
#include "core/sim/journal.hpp"
#include "core/store/shared.hpp"
#include "core/store/shared_map.hpp"

namespace sim {

/// Which of the runnable actors is next.
enum class Order : uint8_t {
  rounds,   ///< actors in turn, each until its queue is empty
  shuffle,  ///< a seeded choice among all runnable items
};

struct Setup {
  int nodes = 3;
  enum class Kubelet : uint8_t { manual, automatic, real } kubelet = Kubelet::real;
  bool provisioner = true;      ///< claims of the class "standard" get their volume by themselves
  bool recordingTimes = false;  ///< the short grace periods and tolerations that the recordings were made with
  Order order = Order::rounds;
  Millis start = api::clusterEpoch;  ///< of the clock
  uint64_t seed = 1;
  /// The modelled Kubernetes, where versions differ: a StatefulSet's maxUnavailable counts in 1.35.0 and from 1.37 on.
  enum class Version : uint8_t { v1_35_0, v1_35_4, v1_36, v1_37 } version = Version::v1_37;
};
inline constexpr std::string_view versions[] = {"1.35.0", "1.35.4", "1.36", "1.37"};

/// Whether a StatefulSet's maxUnavailable counts in that version.
inline bool countsMaxUnavailable(Setup::Version v) {
  return v == Setup::Version::v1_35_0 || v == Setup::Version::v1_37;
}
/// What the API server is told of a setup.
apiserver::Settings serverSettings(const Setup&);

class Cluster {
 public:
  explicit Cluster(const Setup& = {});
  Cluster(const Cluster&);
  Cluster& operator=(const Cluster&);
  Cluster(Cluster&&) noexcept;
  Cluster& operator=(Cluster&&) noexcept;
  ~Cluster();

  Millis now() const { return server_.now(); }
  const store::Objects& objects() const { return server_.objects(); }
  const store::Facts& facts() const { return facts_; }
  uint64_t revision() const { return server_.revision(); }
  const Journal& journal() const { return journal_; }
  const Setup& setup() const { return setup_; }

  /// Runs the next work item, moving the clock to it if it lies no later than `deadline`. False: nothing is due until
  /// then (the clock stays).
  bool step(Millis deadline = INT64_MAX);
  /// When the next work item is due: now where one is runnable, INT64_MAX where there is none.
  Millis nextDue() const;
  /// Moves the clock on while nothing is runnable. Needs: t >= now() and no item due before t.
  void advanceTo(Millis t);
  /// Runs until nothing has been written for `quiet`, counted from now at the earliest, and leaves the clock there.
  /// Gives up after `limit`.
  void settle(Millis quiet, Millis limit);

  /// A request of the user, journalled with its writes.
  apiserver::Response request(apiserver::Request);
  apiserver::Response request(const apiserver::HttpRequest&);
  /// A request that only looks (get, list, watch); nothing is journalled.
  apiserver::Response read(const apiserver::Request& r) {
    const JournalHistory past = history();
    return server_.handle(r, &past);
  }
  apiserver::Response read(const apiserver::HttpRequest& r, std::optional<apiserver::Watch>* watch = nullptr) {
    const JournalHistory past = history();
    return server_.handle(r, &past, watch);
  }
  /// What a watch has to be told since it was last asked.
  std::vector<Value> events(apiserver::Watch& watch) {
    const JournalHistory past = history();
    return server_.events(watch, &past);
  }
  Value bookmark(const apiserver::Watch& watch) const { return server_.bookmark(watch); }
  /// What the journal tells the API server of the past.
  JournalHistory history() const { return JournalHistory(journal_, journalStart_); }
  /// What happens to the cluster from outside: kubelet events, nodes, provisioning, faults. "" or why it could not be
  /// done.
  std::string input(const Input&);

  /// The actors' names in the order of their turns, with how many items each has ready.
  struct ActorState {
    std::string_view name;
    size_t ready;
    Millis nextDue;
  };
  std::vector<ActorState> actors() const;
  uint32_t items() const { return item_; }  ///< how many work items and inputs have run

  // ---- exploring (explore.hpp)

  /// From now on names follow from what they name; if `silent`, only what decides is kept: no Kubernetes Events, no
  /// waits.
  void rehearse(bool silent);
  /// The keys that an actor may work on now; empty where it has none or is stopped.
  const std::deque<std::string>& runnable(size_t actor) const;
  size_t actorCount() const { return actors_.size(); }
  /// When the clock may go on to something, ready items or not; INT64_MAX where nothing waits for its time.
  Millis nextTimer() const;
  std::string_view actorName(size_t actor) const;
  void runItem(size_t actor, size_t index);  ///< index: among those that it may work on
  /// What an actor knows: the objects, or those it knew when its view began to stand still.
  const store::Objects& viewOf(size_t actor) const;
  bool isLagging(size_t actor) const;
  /// Of the clock, the actors and chance: of all but the objects and the facts.
  uint64_t digest() const;
  /// Empties the journal.
  void forgetEntries();

 private:
  friend class Turn;
  struct Actor;
  void setUp();
  size_t addActor(std::unique_ptr<decision::Controller>);
  void addMissingKubelets();
  apiserver::Response perform(size_t actor, const decision::Why&, apiserver::Request&&);
  void record(size_t actor, const decision::Why&, const apiserver::Request&);
  void recordWait(size_t actor, const decision::Why&, std::string object);
  void recordEvent(size_t actor, const Value& regarding, std::string_view type, std::string_view reason,
                   std::string_view message);
  void recordFact(size_t actor, const decision::Why&, std::string key, Value fact, std::string object);
  Entry& newEntry(size_t actor, EntryKind, const decision::Why&);
  void beginItem();
  void endItem();  ///< tells every actor what the item wrote
  void tell(size_t actor, const store::Change&);
  Actor& own(size_t actor);
  void run(size_t actor, const std::string& key);
  std::string control(const Value& what);
  std::string deletePod(const Value& what);
  std::string nodeInput(const Value& what);
  bool pick(size_t& actor);
  bool pickMeanwhile(size_t& actor);
  size_t actorNamed(std::string_view name) const;
  void advanceQueues();
  uint64_t nextRandom();

  Setup setup_;
  apiserver::Server server_;
  store::Facts facts_;
  Journal journal_;
  std::vector<store::Shared<Actor>> actors_;              ///< the first is the user
  uint32_t watched_ = 0;                                  ///< the resources that any of them watches, as bits
  std::map<std::string, size_t, std::less<>> kubelets_;   ///< by node
  store::SharedMap<std::optional<decision::Why>> waits_;  ///< what each object was last seen to wait for
  std::vector<store::Change> untold_;                     ///< written by the item that runs
  std::vector<store::FactChange> untoldFacts_;
  node::NodeState nodeState_;
  node::NodeState nodes_;  ///< which addresses scenarios gave to pods
  int failWrites_ = 0;     ///< so many of the next writes fail, whoever sends them
  size_t turn_ = 1;
  size_t hurried_ = 0;  ///< whose turn is before that, or 0
  /// Who works while the Deployment controller writes, as indices of actors (see pickMeanwhile).
  size_t deployment_ = 0, replicaset_ = 0, scheduler_ = 0;
  size_t meanwhile_ = 0;  ///< which of them is next after the Deployment controller's last item, or 0
  uint32_t item_ = 0;
  size_t itemStart_ = 0;  ///< the first entry of the item that runs
  uint64_t random_ = 0;
  uint64_t journalStart_ = 1;  ///< the revision before the first entry
  bool rehearses_ = false;
};

}  // namespace sim
