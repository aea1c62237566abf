// What: which way a revision runs.
#pragma once

namespace bascule::model {

enum class Direction { kUpgrade, kDowngrade };

}  // namespace bascule::model
