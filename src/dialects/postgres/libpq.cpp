#include "dialects/postgres/libpq.h"

#include <dlfcn.h>

namespace bascule::dialects::postgres {

namespace {

Result<Libpq, std::string> find_functions() {
  Libpq found;
  void* library = dlopen("libpq.so.5", RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    const char* why = dlerror();
    return failure(std::string("libpq.so.5, PostgreSQL's client library, cannot be loaded: ") +
                   (why ? why : "unknown"));
  }
#define BASCULE_LIBPQ_FIND(name)                                              \
  found.name = reinterpret_cast<decltype(found.name)>(dlsym(library, #name)); \
  if (found.name == nullptr)                                                  \
    return failure(std::string("libpq.so.5 is too old: it lacks " #name " (14 or newer is needed)"));
  BASCULE_LIBPQ_FUNCTIONS(BASCULE_LIBPQ_FIND)
#undef BASCULE_LIBPQ_FIND
  return found;
}

}  // namespace

Result<const Libpq*, std::string> Libpq::load() {
  static const Result<Libpq, std::string> library = find_functions();
  if (!library) return failure(library.error());
  return &*library;
}

}  // namespace bascule::dialects::postgres
