#pragma once
// A cluster behind a port on loopback: one thread, one poll loop. Requests are answered by the API server's own
// handle(); watches stay open and are fed as the cluster changes. Slow or silent clients cost their connection only.
#include <chrono>
#include <list>
#include <optional>
#include <string>

#include "core/cli/http_message.hpp"
#include "core/sim/cluster.hpp"

namespace cli {

class HttpServer {
 public:
  explicit HttpServer(sim::Cluster& cluster) : cluster_(cluster) {}
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  /// Listens on 127.0.0.1; port 0 is any free one. "" or why it cannot.
  std::string listen(int port);
  int port() const { return port_; }
  /// Waits for clients for at most so long and serves them.
  void serve(int milliseconds);
  /// Tells the watches what has happened since they were last told.
  void feedWatches();

 private:
  using Clock = std::chrono::steady_clock;
  struct Connection {
    int fd = -1;
    HttpReader reader;
    std::string out;
    Clock::time_point since;  ///< when the message or answer under way began
    Clock::time_point ends;   ///< of a watch: when it is over
    Clock::time_point bookmark;
    std::optional<apiserver::Watch> watch;
    uint64_t bookmarked = 0;  ///< up to which revision bookmarks have told
    bool closing = false;     ///< after what is to be sent
  };

  void accept();
  bool receive(Connection&);
  void answer(Connection&, const HttpMessage&);
  void refuse(Connection&, int code);
  void begin(Connection&, const HttpMessage&, const apiserver::Response&, apiserver::Watch);
  void feed(Connection&);
  bool send(Connection&);
  bool isLate(const Connection&, Clock::time_point now) const;

  sim::Cluster& cluster_;
  int listener_ = -1, port_ = 0;
  std::list<Connection> connections_;
};

}  // namespace cli
