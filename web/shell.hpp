#pragma once
// The state of the interface that is not the cluster's: theme, language, playing, open manifests, the console's lines.
#include <string>
#include <vector>

#include "web/editor/buffer.hpp"
#include "web/model.hpp"

namespace web {

struct ManifestError {
  int line = 0, column = 0;  ///< from 1; 0 where it is not known
  std::string message, path;
  float height = 0;  ///< of its row under the line, once it has been drawn
};
struct Manifest {
  std::string name;
  TextBuffer buffer;
  std::string applied;  ///< the text as last applied
  int appliedAt = -1;   ///< entry, or -1
  std::vector<ManifestError> errors;
};
struct ConsoleLine {
  enum Kind : uint8_t { Command, Header, Output, Error } kind;
  std::string text;
  bool open = false;  ///< more may follow in this line
};

enum class Mode : uint8_t { Full, Embed };

struct Shell {
  bool dark = false, playing = false, calm = false, touch = false, focused = false;
  Language language = Language::English;
  Mode mode = Mode::Full;
  float speed = 1;
  std::string title, subtitle;
  std::vector<Manifest> manifests;
  int manifest = 0;
  std::vector<ConsoleLine> console;
  std::vector<std::string> history;
  std::string prompt = "$ ";  ///< before what is typed; "" where the last line is the prompt of a program
  bool waits = false;         ///< a command of the console waits for time to pass
  std::string completion;     ///< what Tab adds at the caret
  std::string selected;
  int set = 0;
  bool comparing = false;  ///< the three workloads instead of the canvas
  bool leftOpen = true, rightOpen = true, consoleOpen = true;
};

}  // namespace web
