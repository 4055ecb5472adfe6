#pragma once
// What the small programs in containers answer: web servers give the files of their document root (and log each
// request), stores of records run statements (store.hpp). Whether a container listens at all follows from its image,
// its command and its configuration files.
#include <string>
#include <string_view>

#include "core/node/client.hpp"
#include "core/node/reach.hpp"

namespace node {

/// Whether a running container listens on the port.
bool listensOn(NodeClient&, const api::Pod&, const api::Container&, int port);
/// Whether a user's fault made this run of the container hang: `hangs` is that member of the pod's fault (inputs.hpp).
bool isHanging(const api::Value& hangs, std::string_view container, int64_t restarts);

/// One HTTP request that has arrived at a container. `from` is the client's address.
shell::HttpReply serveHttp(NodeClient&, const Arrival&, const shell::HttpRequest&, std::string_view from);
/// From name to answer.
shell::HttpReply fetch(NodeClient&, const api::Pod& from, const shell::HttpRequest&, Turns&);

/// What a listening `nc -l … -c COMMAND` says to whoever connects: the command runs in its container, at once.
shell::Reached receiveFrom(NodeClient&, const api::Pod& from, std::string_view host, int port, Turns&,
                           std::string& text);

/// The key of a container instance's log (Client::log): "<pod uid>/<container>/<restarts>".
std::string logKey(std::string_view podUid, std::string_view container, int64_t restarts);

}  // namespace node
