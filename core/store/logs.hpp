#pragma once
// What programs in containers have said: lines with their times, by container instance. No API write and no fact, so a
// chatty program does not flood the journal; a look into the past takes the lines up to then. A value whose copies
// share what they have in common.
#include <map>
#include <string>
#include <string_view>

#include "core/api/time.hpp"
#include "core/store/log.hpp"

namespace store {

struct LogLine {
  api::Millis time = 0;
  uint8_t stream = 1;  ///< 1 is stdout, 2 is stderr
  bool whole = true;   ///< false: the line goes on with what comes next
  std::string text;    ///< without its line end
};
using Log = SharedLog<LogLine>;

class Logs {
 public:
  /// Null where nothing has been said.
  const Log* get(std::string_view key) const {
    const auto it = logs_.find(key);
    return it == logs_.end() ? nullptr : &it->second;
  }
  void append(std::string_view key, api::Millis now, int stream, std::string_view text);
  /// Forgets all logs whose keys begin so.
  void erase(std::string_view prefix);

 private:
  std::map<std::string, Log, std::less<>> logs_;
};

}  // namespace store
