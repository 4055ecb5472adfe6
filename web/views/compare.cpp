#include "web/views/views.hpp"

namespace web {

void CompareHeader::draw(const Snapshot& s, Ui& ui, const Box& box) {
  ImguiPainter p = ui.painter();
  const Theme& t = ui.theme;
  const bool wide = box.w >= 900, phone = box.w < 560;
  const float x = box.x + (phone ? 12 : 24), right = box.right() - (phone ? 12 : 24);
  const bool zh = ui.language == Language::Chinese;
  static constexpr std::pair<const char*, Text> all[] = {{"delete", Text::CompareDelete},
                                                         {"node", Text::CompareNode},
                                                         {"update", Text::CompareUpdate},
                                                         {"prepare", Text::ComparePrepare}};
  const size_t from = s.compare.complete ? 0 : 3, to = s.compare.complete ? 3 : 4;
  float total = 0;
  for (size_t i = from; i < to; i++) total += p.measure(Face::Sans, size::note, ui.word(all[i].second)) + 36;
  const float buttons = wide ? right - total + 8 : x, y = wide ? box.y + 26 : phone ? box.y + 60 : box.y + 48;
  const float room = (wide ? buttons - 16 : right) - x;
  const Face face = zh ? Face::Sans : Face::SansBold;
  float em = wide ? size::title : size::why;
  if (p.measure(face, em, s.compare.title) > room) em = phone ? size::lesson : size::heading;
  p.label(face, em, x, box.y + (wide ? 36 : 24), t.ink, p.fit(face, em, s.compare.title, room));
  if (wide || phone)
    p.label(Face::Sans, phone ? size::note : size::body, x, box.y + (wide ? 62 : 44), t.ink2,
            p.fit(Face::Sans, phone ? size::note : size::body, ui.word(Text::CompareHint), room));
  float at = buttons;
  for (size_t i = from; i < to; i++) {
    const float even = (right - x + 8) / float(to - from) - 8;
    const float w = phone ? even : p.measure(Face::Sans, size::note, ui.word(all[i].second)) + 28;
    if (ui.button(std::string("compare:") + all[i].first, {at, y, w, phone ? 40.f : 34.f}, ui.word(all[i].second),
                  {.on = s.compare.what == int(i)}))
      ui.command(Command::Compare, all[i].first);
    at += w + 8;
  }
}

}  // namespace web
