// The menu of the whole: versions of Kubernetes, a new beginning, and on small screens the comparison and the theme.
#include "imgui.h"
#include "web/views/views.hpp"

namespace web {

void ClusterMenu::open(Point corner) {
  at_ = corner;
  ImGui::OpenPopup("cluster-menu");
}

void ClusterMenu::draw(const Snapshot& s, Shell& shell, Ui& ui, bool whole) {
  std::vector<MenuItem> lines;
  if (whole) {
    lines.push_back({ui.word(shell.comparing ? Text::Free : Text::Comparison), {}, false, false});
    lines.push_back({ui.word(shell.dark ? Text::ThemeLight : Text::ThemeDark), {}, false, false});
  }
  const int before = int(lines.size());
  for (int i = 0; i < int(s.versions.size()); i++) {
    const VersionView& v = s.versions[size_t(i)];
    lines.push_back({"Kubernetes " + v.name, v.note, whole && i == 0, v.used});
  }
  lines.push_back({ui.word(Text::StartOver), {}, true, false});
  const int chosen = ui.menu("cluster-menu", {}, lines, ui.word(Text::VersionWhy), at_);
  if (chosen < 0) return;
  if (chosen + 1 == int(lines.size())) return ui.command(Command::StartOver);
  if (chosen >= before) return ui.command(Command::Version, s.versions[size_t(chosen - before)].name);
  if (chosen == 0) ui.command(Command::Compare, shell.comparing ? "off" : "on");
  if (chosen == 1) ui.command(Command::Theme, shell.dark ? "light" : "dark");
}

}  // namespace web
