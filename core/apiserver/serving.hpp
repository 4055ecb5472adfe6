#pragma once
// One request being served: what the parts of the server share. Which verb does what: serve.cpp (reads, and the way
// in), serve_write.cpp (create, update, patch), serve_delete.cpp, serve_pod.cpp (binding, eviction), serve_scale.cpp.
#include <string>

#include "core/apiserver/managed.hpp"
#include "core/apiserver/server.hpp"
#include "core/apiserver/status.hpp"

namespace apiserver {

struct Serving {
  Server& server;
  const Request& request;
  const api::ResourceInfo& info;
  const History* history = nullptr;  ///< null: nothing is known of the past

  std::vector<std::string> warnings = {};

  Response run();

  // reads
  /// Ok, or what is wrong with the version a read asks for.
  Response checkVersion() const;
  Response get();
  Response list();
  Response watch();
  Response beginWatch(Watch&);
  Response tooLarge(uint64_t version) const;
  /// Ok, or why the objects as of that revision are not known any more.
  Response objectsAt(uint64_t revision, std::vector<Value>& out) const;
  // writes
  Response create();
  Response update();
  Response patch();
  Response remove(const DeleteOptions&);
  Response deleteCollection();
  // subresources
  Response bind();
  Response evict();
  Response scale();
  Response applyScale(const Value& before, Value& wanted, Value& after);

  const Value* find() const { return server.store_.objects().get(info.resource, request.namespace_, request.name); }
  /// The object as a read shows it: with all managedFields if the request asks for them.
  Value shown(const Value&) const;
  /// The object as a client's write goes on from it, all managedFields included; null where there is none.
  Value current() const;
  const Value& now();  ///< metav1's text of the time
  uint32_t& removals(std::string_view name);
  uint64_t derived(std::string_view name);
  Value newUid(std::string_view name);
  std::string newName(std::string_view prefix, uint32_t attempt);
  /// Creates `object`, which is decoded and has its defaults.
  Response createDecoded(Value object);
  /// Fills in the metadata of a new object: uid, creationTimestamp, name, namespace.
  void initialise(Value& object);
  /// What was patched, as its type; or the 422 about the patch.
  Response decodePatched(Value& object, std::string_view typeName);
  /// A subresource's body as its type (unless the client is trusted); or the 400 about it.
  Response decodeAs(std::string_view typeName, std::string_view version, Value& body);
  Response apply();
  /// Gives a Service what it needs of cluster IPs and node ports; `old` is null where it is new.
  Response allocateService(Value& service, const Value& old);
  /// Notes in managedFields who wrote what; `before` is null where the object is new.
  void track(const Value& before, Value& after);
  void track(const Value& before, Value& after, const Value& time);
  void noteCreator(Value& object);
  Manager manager() const;
  void warn(const Value& object, const Value& old);
  /// `valid`: what the plug-ins say that look at valid objects only.
  Response admitted(Verb, Value& object, const Value& old, bool valid = false);
  void dropDisabledFields(Value& object, const Value& old) const;
  Response checkNames(const Value& object) const;
  /// Replaces `before` by `after`: versions, what the request may change, removal of what has no finalizer left.
  Response replace(const Value& before, Value after, std::string_view subresource);
  /// Stores it (unless this is a dry run) and gives what is stored then.
  Value put(Value object);
  void erase(const Value& object);
};

/// Whether there is such a subresource of a kind's objects ("" always is).
bool servesSubresource(const api::ResourceInfo&, std::string_view subresource);

}  // namespace apiserver
