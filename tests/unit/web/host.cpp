// The machine under the interface, for tests without a screen: time stands still and nobody listens.
#include "web/platform.hpp"

namespace web::host {

void wake(int) {}
void wakeIn(double) {}
Preferences preferences() { return {}; }
void openLink(std::string_view) {}
void tell(std::string_view, std::string_view) {}
double seconds() { return 0; }

}  // namespace web::host
