#pragma once
// The icons of buttons and cards, drawn as 1.5 px lines around a centre.
#include "web/paint/painter.hpp"

namespace web {

enum class Icon : uint8_t {
  Restart,
  Back,
  Play,
  Pause,
  Step,
  Rest,
  Share,
  Sun,
  Moon,
  ChevronDown,
  ChevronLeft,
  ChevronRight,
  Plus,
  Close,
  Menu,
  Warning,
  Check,
  Server,
  Loop,
  Branch,
  External,
  Book,
  Compare,
};
void icon(Painter&, Icon, Point center, Color);
/// Filled, half and dotted disc.
void logo(Painter&, Point left);
/// Three dots on a line, three scattered rings, a dot in each of three boxes.
enum class Workload : uint8_t { StatefulSet, Deployment, DaemonSet };
void signature(Painter&, Workload, Point right, float scale = 1);

}  // namespace web
