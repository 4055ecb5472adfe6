#pragma once
// What the user asked for in a frame. Views append; the application carries them out after the frame, so a view never
// changes the cluster.
#include <string>
#include <vector>

namespace web {

struct Command {
  enum Type : uint8_t {
    Step,
    Back,
    Rest,
    Restart,
    TogglePlay,
    Speed,
    Seek,       ///< number: the entry
    Apply,      ///< text: the manifest; number: which tab
    Kubectl,    ///< text: the line, without "kubectl"
    Line,       ///< text: what was typed into the console
    Complete,   ///< text: the line up to the caret
    Interrupt,  ///< Ctrl+C in the console
    Fault,      ///< text: which; id: of what
    Select,     ///< id: of an object, empty for none
    Branch,     ///< number: which
    Compare,    ///< text: "on", "off", or what is done to the three workloads (snapshot.hpp)
    Version,    ///< text: of Kubernetes, "1.36"
    Language,
    Theme,
    Share,
    StartOver,  ///< the page asks whether that is meant
    OpenSite,
    Lesson,
  } type;
  std::string id, text;
  int number = 0;
};
using Commands = std::vector<Command>;

}  // namespace web
