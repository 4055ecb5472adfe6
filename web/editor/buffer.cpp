#include "web/editor/buffer.hpp"

#include <algorithm>

#include "web/utf8.hpp"

namespace web {
namespace {

constexpr size_t historyLimit = 2000;

bool isWord(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-' ||
         (c & 0x80);
}

std::string clean(std::string_view s, bool singleLine) {
  std::string out;
  out.reserve(s.size());
  for (char c : s) {
    if (c == '\r') continue;
    if (singleLine && c == '\n') c = ' ';
    out += c;
  }
  return out;
}

}  // namespace

void TextBuffer::reset(std::string text) {
  text_.clear();
  apply(0, 0, clean(text, singleLine_));
  caret_ = anchor_ = 0;
  wanted_ = -1;
  done_.clear();
  undone_.clear();
  joinable_ = false;
}

std::string_view TextBuffer::line(int i) const {
  const size_t from = starts_[size_t(i)], to = i + 1 < lines() ? starts_[size_t(i) + 1] - 1 : text_.size();
  return std::string_view(text_).substr(from, to - from);
}

int TextBuffer::lineOf(size_t at) const {
  return int(std::upper_bound(starts_.begin(), starts_.end(), at) - starts_.begin()) - 1;
}

int TextBuffer::column(size_t at) const {
  const size_t from = lineStart(lineOf(at));
  return int(utf8::length(std::string_view(text_).substr(from, at - from)));
}

size_t TextBuffer::at(int line, int column) const {
  line = std::clamp(line, 0, lines() - 1);
  return lineStart(line) + utf8::offset(this->line(line), size_t(std::max(0, column)));
}

void TextBuffer::apply(size_t from, size_t count, std::string_view with) {
  text_.replace(from, count, with);
  starts_.assign(1, 0);
  for (size_t i = text_.find('\n'); i != std::string::npos; i = text_.find('\n', i + 1)) starts_.push_back(i + 1);
}

// `joins`: one more typed character belongs to the same step of undo.
void TextBuffer::replace(size_t from, size_t to, std::string_view with, bool joins) {
  if (joins && joinable_ && !done_.empty() && from == to && done_.back().at + done_.back().inserted.size() == from) {
    done_.back().inserted += with;
  } else {
    done_.push_back({from, text_.substr(from, to - from), std::string(with), caret_});
    if (done_.size() > historyLimit) done_.erase(done_.begin());
  }
  joinable_ = joins;
  undone_.clear();
  apply(from, to - from, with);
  caret_ = anchor_ = from + with.size();
  wanted_ = -1;
}

void TextBuffer::insert(std::string_view s) {
  const std::string text = clean(s, singleLine_);
  if (text.empty() && !selecting()) return;
  const bool typed = !selecting() && utf8::length(text) == 1 && text[0] != '\n' && text[0] != ' ';
  replace(selectionStart(), selectionEnd(), text, typed);
}

void TextBuffer::newLine() {
  if (singleLine_) return;
  const size_t from = selectionStart(), start = lineStart(lineOf(from));
  std::string_view before = std::string_view(text_).substr(start, from - start);
  size_t depth = before.find_first_not_of(' ');
  if (depth == std::string_view::npos) depth = before.size();
  std::string text = "\n" + std::string(depth, ' ');
  if (before.ends_with(":"))
    text += before.substr(depth).starts_with("- ") ? "    " : "  ";
  else if (before.substr(depth).starts_with("- ") && before.find(':') != std::string_view::npos)
    text += "  ";
  replace(from, selectionEnd(), text, false);
}

size_t TextBuffer::wordLeft(size_t at) const {
  while (at > 0 && !isWord(text_[at - 1])) at--;
  while (at > 0 && isWord(text_[at - 1])) at--;
  return at;
}

size_t TextBuffer::wordRight(size_t at) const {
  while (at < text_.size() && !isWord(text_[at])) at++;
  while (at < text_.size() && isWord(text_[at])) at++;
  return at;
}

void TextBuffer::eraseBack(bool word) {
  if (selecting()) return replace(selectionStart(), selectionEnd(), "", false);
  if (caret_ == 0) return;
  size_t from = word ? wordLeft(caret_) : utf8::previous(text_, caret_);
  // In the indentation a step goes at once.
  const size_t start = lineStart(lineOf(caret_));
  if (!word && caret_ - start >= 2 && (caret_ - start) % 2 == 0 && text_.find_first_not_of(' ', start) >= caret_ &&
      text_[caret_ - 1] == ' ' && text_[caret_ - 2] == ' ')
    from = caret_ - 2;
  replace(from, caret_, "", false);
}

void TextBuffer::eraseForward(bool word) {
  if (selecting()) return replace(selectionStart(), selectionEnd(), "", false);
  if (caret_ == text_.size()) return;
  replace(caret_, word ? wordRight(caret_) : utf8::next(text_, caret_), "", false);
}

void TextBuffer::indent(bool less) {
  if (!selecting() && !less) return insert("  ");
  const int first = lineOf(selectionStart()), last = lineOf(selectionEnd());
  const size_t from = lineStart(first), to = last + 1 < lines() ? lineStart(last + 1) - 1 : text_.size();
  std::string text;
  for (int i = first; i <= last; i++) {
    std::string_view l = line(i);
    if (i > first) text += '\n';
    if (!less)
      text += "  ";
    else
      l.remove_prefix(l.starts_with("  ") ? 2 : l.starts_with(" ") ? 1 : 0);
    text += l;
  }
  const bool several = selecting();
  replace(from, to, text, false);
  if (several) anchor_ = from;
}

void TextBuffer::moveTo(size_t at, bool select) {
  caret_ = std::min(at, text_.size());
  while (caret_ > 0 && caret_ < text_.size() && utf8::continues(text_[caret_])) caret_--;
  if (!select) anchor_ = caret_;
  wanted_ = -1;
  joinable_ = false;
}

void TextBuffer::moveBy(int characters, bool word, bool select) {
  if (selecting() && !select) return moveTo(characters < 0 ? selectionStart() : selectionEnd(), false);
  size_t at = caret_;
  for (; characters > 0; characters--) at = word ? wordRight(at) : utf8::next(text_, at);
  for (; characters < 0; characters++) at = word ? wordLeft(at) : utf8::previous(text_, at);
  moveTo(at, select);
}

void TextBuffer::moveLines(int count, bool select) {
  const int column = wanted_ >= 0 ? wanted_ : this->column(caret_), line = lineOf(caret_) + count;
  if (line < 0)
    moveTo(0, select);
  else if (line >= lines())
    moveTo(text_.size(), select);
  else
    moveTo(at(line, column), select);
  wanted_ = column;
}

void TextBuffer::moveHome(bool select) {
  const size_t start = lineStart(lineOf(caret_));
  const std::string_view l = line(lineOf(caret_));
  const size_t text = start + std::min(l.find_first_not_of(' '), l.size());
  moveTo(caret_ == text ? start : text, select);
}

void TextBuffer::moveEnd(bool select) {
  const int i = lineOf(caret_);
  moveTo(lineStart(i) + line(i).size(), select);
}

void TextBuffer::selectAll() {
  moveTo(text_.size(), false);
  anchor_ = 0;
}

void TextBuffer::selectWord(size_t at) {
  size_t from = at, to = at;
  while (from > 0 && isWord(text_[from - 1])) from--;
  while (to < text_.size() && isWord(text_[to])) to++;
  moveTo(to, false);
  anchor_ = from;
}

void TextBuffer::selectLine(size_t at) {
  const int i = lineOf(at);
  moveTo(i + 1 < lines() ? lineStart(i + 1) : text_.size(), false);
  anchor_ = lineStart(i);
}

bool TextBuffer::undo() {
  if (done_.empty()) return false;
  const Edit e = done_.back();
  done_.pop_back();
  apply(e.at, e.inserted.size(), e.removed);
  caret_ = anchor_ = e.caretBefore;
  undone_.push_back(e);
  joinable_ = false;
  return true;
}

bool TextBuffer::redo() {
  if (undone_.empty()) return false;
  const Edit e = undone_.back();
  undone_.pop_back();
  apply(e.at, e.removed.size(), e.inserted);
  caret_ = anchor_ = e.at + e.inserted.size();
  done_.push_back(e);
  joinable_ = false;
  return true;
}

}  // namespace web
