#include "catch2/catch_test_macros.hpp"
#include "web/editor/buffer.hpp"
#include "web/editor/highlight.hpp"

using namespace web;

namespace {

std::string colours(std::string_view line) {
  std::vector<TokenSpan> spans;
  highlight(line, spans);
  std::string out(line.size(), ' ');
  for (const TokenSpan& s : spans)
    for (size_t i = s.from; i < s.to; i++) out[i] = "kvnp#"[int(s.token)];
  return out;
}

}  // namespace

TEST_CASE("typing a word is one step of undo, a new line another") {
  TextBuffer b("kind: Pod\n");
  b.moveTo(b.text().size(), false);
  for (const char* c : {"n", "a", "m", "e", ":"}) b.insert(c);
  b.newLine();
  b.insert("x");
  CHECK(b.text() == "kind: Pod\nname:\n  x");
  CHECK(b.undo());
  CHECK(b.undo());
  CHECK(b.text() == "kind: Pod\nname:");
  CHECK(b.undo());
  CHECK(b.text() == "kind: Pod\n");
  CHECK(b.redo());
  CHECK(b.text() == "kind: Pod\nname:");
  b.insert("!");
  CHECK(!b.redo());
}

TEST_CASE("a selection is replaced, and comes back with undo") {
  TextBuffer b("replicas: 3");
  b.selectWord(11);
  CHECK(b.selected() == "3");
  b.insert("5");
  CHECK(b.text() == "replicas: 5");
  b.undo();
  CHECK(b.text() == "replicas: 3");
}

TEST_CASE("positions stay on characters of Chinese text") {
  TextBuffer b("名称: 集群\nx");
  b.moveBy(1, false, false);
  CHECK(b.caret() == 3);
  b.moveEnd(false);
  b.eraseBack(false);
  CHECK(b.text() == "名称: 集\nx");
  b.moveLines(1, false);
  CHECK(b.lineOf(b.caret()) == 1);
  b.moveLines(-1, false);
  CHECK(b.column(b.caret()) == 5);
}

TEST_CASE("lines are indented together") {
  TextBuffer b("a:\nb:\nc:");
  b.selectAll();
  b.indent(false);
  CHECK(b.text() == "  a:\n  b:\n  c:");
  b.indent(true);
  CHECK(b.text() == "a:\nb:\nc:");
}

TEST_CASE("carriage returns are dropped and a single line stays one") {
  CHECK(TextBuffer("a\r\nb").text() == "a\nb");
  TextBuffer one("", true);
  one.insert("get\npods");
  CHECK(one.text() == "get pods");
}

TEST_CASE("YAML is coloured by the line") {
  CHECK(colours("replicas: 3") == "kkkkkkkkp n");
  CHECK(colours("  - name: app # x") == "  p kkkkp vvv ###");
  CHECK(colours("a: {b: 80, c: d}") == "kp pkp nnp kp vp");
  CHECK(colours("image: nginx:1.2") == "kkkkkp vvvvvvvvv");
  CHECK(colours("\"a b\": \"c: d\"") == "kkkkkp vvvvvv");
  CHECK(colours("---") == "ppp");
  CHECK(colours("{{{{[") == "ppppp");
}
