// What: Prisma's commands in Bascule's words.
// Must not know: how a command line is parsed or what a command does.
#pragma once

#include "formats/words.h"

namespace bascule::formats::prisma {

const Vocabulary& prisma_vocabulary();

}  // namespace bascule::formats::prisma
