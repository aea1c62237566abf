#include "base/version.h"

#ifndef BASCULE_VERSION
#define BASCULE_VERSION "0.0.0-unknown"
#endif

namespace bascule {

std::string_view version() { return BASCULE_VERSION; }

}  // namespace bascule
