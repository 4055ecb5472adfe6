// What a frame costs without a browser and a GPU: the page's application over a Parallel StatefulSet, drawn by Dear
// ImGui into nothing. For profilers, which count what a clock cannot tell here.
// usage: frame PODS FONTS [FRAMES]   prints one JSON object; FONTS is the folder of the page's fonts.
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include "imgui.h"
#include "tests/bench/workload.hpp"
#include "web/app.hpp"
#include "web/paint/fonts.hpp"
#include "web/platform.hpp"
#include "web/snapshot.hpp"

namespace {
double clockSeconds = 0;
bool woken = false;

std::string fileOf(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// As wasm/platform.cpp does it, but for the drawing itself.
double frame(web::App& app) {
  clockSeconds += 0.016;
  woken = false;
  const double start = bench::milliseconds();
  ImGui::GetIO().DeltaTime = 0.016f;
  ImGui::NewFrame();
  app.frame();
  ImGui::Render();
  const double ms = bench::milliseconds() - start;
  for (ImTextureData* t : ImGui::GetPlatformIO().Textures) {
    if (t->Status == ImTextureStatus_WantCreate) t->SetTexID(1);
    t->SetStatus(t->Status == ImTextureStatus_WantDestroy ? ImTextureStatus_Destroyed : ImTextureStatus_OK);
  }
  return ms;
}
}  // namespace

namespace web::host {
void wake(int) { woken = true; }
void wakeIn(double) {}
Preferences preferences() { return {}; }
void openLink(std::string_view) {}
void tell(std::string_view, std::string_view) {}
double seconds() { return clockSeconds; }
}  // namespace web::host

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  const int pods = std::atoi(argv[1]), steps = argc > 3 ? std::atoi(argv[3]) : 20;
  const std::string folder = argv[2];
  const std::string sans = fileOf(folder + "/inter-400.ttf"), bold = fileOf(folder + "/inter-600.ttf"),
                    mono = fileOf(folder + "/mono-400.ttf");
  ImGui::CreateContext();
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = nullptr;
  io.DisplaySize = {1440, 900};
  io.BackendFlags |= ImGuiBackendFlags_RendererHasTextures | ImGuiBackendFlags_RendererHasVtxOffset;
  io.ConfigFlags &= ~ImGuiConfigFlags_NavEnableKeyboard;
  web::loadFonts({sans.data(), sans.size()}, {bold.data(), bold.size()}, {mono.data(), mono.size()}, nullptr);

  sim::Session session(bench::roomFor(pods));
  session.apply(bench::manifestFor(pods));
  session.rest();
  web::SessionSource source(session, [] {});
  web::App app(source);
  for (int i = 0; i < 3; ++i) frame(app);
  double change = 0, still = 0;
  for (int i = 0; i < steps; ++i) {
    session.seek(session.length() - 40 + size_t(i));
    source.changed();
    change += frame(app);
    still += frame(app);
  }
  const ImDrawData* drawn = ImGui::GetDrawData();
  std::printf("{\"pods\":%d,\"change_ms\":%.2f,\"still_ms\":%.2f,\"vertices\":%d,\"lists\":%d}\n", pods, change / steps,
              still / steps, drawn->TotalVtxCount, drawn->CmdListsCount);
}
