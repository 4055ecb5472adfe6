#include "wasm/instance.hpp"

#include <emscripten.h>

namespace wasm {

Instance& instance() {
  static Instance one;
  return one;
}

void changedByCanvas() {
  ++instance().changes;
  EM_ASM({
    if (Module['changed']) Module['changed']();
  });
}

}  // namespace wasm

extern "C" {

/// The one door for JavaScript. The answer is valid until the next call.
EMSCRIPTEN_KEEPALIVE const char* ordinal_call(const char* method, const char* arguments) {
  static std::string answer;
  answer = wasm::call(method, arguments);
  return answer.c_str();
}
}
