#pragma once
// The text of an editor with caret, selection, undo and redo. Pure: no drawing, no keys. Positions are byte offsets at
// character starts. Lines end in '\n'; '\r' is dropped on the way in.
#include <string>
#include <string_view>
#include <vector>

namespace web {

class TextBuffer {
 public:
  explicit TextBuffer(std::string text = {}, bool singleLine = false) : singleLine_(singleLine) {
    reset(std::move(text));
  }
  /// A new text without history.
  void reset(std::string text);

  const std::string& text() const { return text_; }
  size_t caret() const { return caret_; }
  bool selecting() const { return caret_ != anchor_; }
  size_t selectionStart() const { return caret_ < anchor_ ? caret_ : anchor_; }
  size_t selectionEnd() const { return caret_ < anchor_ ? anchor_ : caret_; }
  std::string selected() const { return text_.substr(selectionStart(), selectionEnd() - selectionStart()); }

  int lines() const { return int(starts_.size()); }
  std::string_view line(int) const;
  size_t lineStart(int i) const { return starts_[size_t(i)]; }
  int lineOf(size_t at) const;
  int column(size_t at) const;  ///< in characters
  size_t at(int line, int column) const;

  void insert(std::string_view);
  void newLine();  ///< keeps the indentation; one step deeper after "key:"
  void eraseBack(bool word);
  void eraseForward(bool word);
  void indent(bool less);
  void moveTo(size_t at, bool select);
  void moveBy(int characters, bool word, bool select);
  void moveLines(int count, bool select);
  void moveHome(bool select);
  void moveEnd(bool select);
  void selectAll();
  void selectWord(size_t at);
  void selectLine(size_t at);
  bool undo();
  bool redo();

 private:
  struct Edit {
    size_t at;
    std::string removed, inserted;
    size_t caretBefore;
  };
  void replace(size_t from, size_t to, std::string_view with, bool joins);
  void apply(size_t from, size_t count, std::string_view with);
  size_t wordLeft(size_t) const;
  size_t wordRight(size_t) const;

  std::string text_;
  size_t caret_ = 0, anchor_ = 0;
  int wanted_ = -1;  // the column that moving up and down keeps
  bool singleLine_, joinable_ = false;
  std::vector<size_t> starts_;
  std::vector<Edit> done_, undone_;
};

}  // namespace web
