#pragma once
// The shapes that stand for a pod's state, a claim, a volume, a workload: each readable without its colour.
#include "web/model.hpp"
#include "web/paint/painter.hpp"

namespace web {

/// The shape of a state with radius 10 on a pod, 6 in a legend or a crowd.
void stateShape(Painter&, PodState, Point center, float r);
Tone toneOf(PodState);
Dash borderOf(PodState);

void ticket(Painter&, Point center, Color line, Color fill, Dash = {});
/// A disk 15 × 18 whose lower part is filled by this share.
void cylinder(Painter&, Point center, float w, float h, Color line, Color fill, float share);
void triangle(Painter&, Point center, float r, Color fill, Color sign);

/// What an entry of the journal did, as a tick on the timeline.
void tick(Painter&, Verb, Point center, Color, Color behind);
Color kindColor(const Theme&, KindGroup);

}  // namespace web
