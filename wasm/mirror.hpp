#pragma once
// What the canvas shows, as data for the accessible view beside it: the sentence of the entry before the cursor and the
// objects with their states, in the chosen language.
#include "wasm/instance.hpp"

namespace wasm {

api::Value mirror(Instance&);

}  // namespace wasm
