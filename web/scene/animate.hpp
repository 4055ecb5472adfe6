#pragma once
// Motion between two scenes: new glyphs grow from their slots, scheduled pods slide down their columns, changed states
// cross-fade, deleted glyphs fade, the write path draws. Stepping back and scrubbing do not move anything.
#include "web/scene/scene.hpp"

namespace web {

class Motion {
 public:
  /// A new target; `tween` moves there from what is shown now, otherwise it is shown at once.
  void set(Scene, bool tween, bool calm, double now);
  /// What to paint at a time; sets how much of the write path shows.
  const Scene& at(double now, float& drawn);
  bool moving(double now) const;
  const Scene& target() const { return to_; }

 private:
  Scene from_, to_, shown_;
  double start_ = -10;
  bool tween_ = false, calm_ = false;
};

}  // namespace web
