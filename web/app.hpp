#pragma once
// The application on one canvas: takes a snapshot, draws the panels, carries out what the user asked for. Knows no rule
// of Kubernetes. wasm/main.cpp (or a test) calls it from the platform's hooks.
#include <string_view>

#include "web/source.hpp"
#include "web/views/views.hpp"

namespace web {

class App {
 public:
  explicit App(Source& source) : source_(source) {}

  void frame();
  bool tab(bool back);
  bool escape();
  void focus(bool on, bool byKeyboard);

  Shell shell;
  /// "full", "embed", "compare" (the three workloads), or "" for whichever the room suits.
  void setLayout(std::string_view);
  /// The session changed from outside.
  void changed();
  void play(bool);

 private:
  void refresh();
  void panels(Ui&, const Box& room);
  void fullPanels(Ui&, const Box& room);
  void leftPanel(Ui&, const Box&);
  void rightPanel(Ui&, const Box&);
  void embedPanels(Ui&, const Box& room);
  void shortPanels(Ui&, const Box& room);
  void comparePanels(Ui&, const Box& room);
  void phonePanels(Ui&, const Box& room);
  void sheet(Ui&, const Box&);
  void shortcuts();
  void playOn();
  void perform();

  Source& source_;
  const Snapshot* snapshot_ = nullptr;
  uint64_t version_ = ~uint64_t(0);
  Language shownLanguage_ = Language::English;
  std::string shownSelected_, layout_;
  Commands commands_;
  Focus focus_;
  double playAt_ = 0;
  int sheetTab_ = 0, shortTab_ = 0;
  bool leftAsked_ = false;  // opened by hand where the room would not have it open

  TopBar topBar_;
  StepControls controls_;
  Editor editor_;
  Console console_;
  CanvasView canvas_;
  CompareHeader compare_;
  WhyPanel why_;
  Inspector inspector_;
  Timeline timeline_;
  ObjectMenu menu_;
};

}  // namespace web
