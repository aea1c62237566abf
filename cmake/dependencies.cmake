# The libraries that Bascule is built on, as imported targets named bascule_dep_<name>.

find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(tl-expected REQUIRED)
find_package(CLI11 REQUIRED)
find_package(nlohmann_json REQUIRED)

# Makes bascule_dep_<name> from a pkg-config module: its archive when there is one, else its shared library.
# Further arguments are what the archive itself needs.
function(bascule_add_dependency name module library)
  pkg_check_modules(${name} REQUIRED IMPORTED_TARGET ${module})
  add_library(bascule_dep_${name} INTERFACE)
  target_include_directories(bascule_dep_${name} SYSTEM INTERFACE ${${name}_INCLUDE_DIRS})
  find_library(BASCULE_ARCHIVE_${name} lib${library}.a HINTS ${${name}_LIBRARY_DIRS} ${${name}_LIBDIR})
  if(BASCULE_STATIC_LIBS AND BASCULE_ARCHIVE_${name})
    target_link_libraries(bascule_dep_${name} INTERFACE ${BASCULE_ARCHIVE_${name}} ${ARGN})
  else()
    target_link_libraries(bascule_dep_${name} INTERFACE PkgConfig::${name})
  endif()
endfunction()

# Asked for without a version: Debian's tree-sitter.pc claims 0.6.3 for 0.20.7.
bascule_add_dependency(tree_sitter tree-sitter tree-sitter)
bascule_add_dependency(sqlite sqlite3 sqlite3 m Threads::Threads ${CMAKE_DL_LIBS})

# libpq brings OpenSSL, Kerberos and LDAP along: 3.5 ms at every start when it is linked. So it is not:
# dialects/postgres/libpq.cpp loads libpq.so.5 when the first PostgreSQL connection is opened.
pkg_check_modules(libpq REQUIRED libpq)
add_library(bascule_dep_libpq INTERFACE)
target_include_directories(bascule_dep_libpq SYSTEM INTERFACE ${libpq_INCLUDE_DIRS})
target_link_libraries(bascule_dep_libpq INTERFACE ${CMAKE_DL_LIBS})

# toml++ is header-only here: one file of ours includes it, and there is no archive of it to link.
pkg_check_modules(tomlplusplus REQUIRED tomlplusplus)
add_library(bascule_dep_toml INTERFACE)
target_include_directories(bascule_dep_toml SYSTEM INTERFACE ${tomlplusplus_INCLUDE_DIRS})
target_compile_definitions(bascule_dep_toml INTERFACE TOML_HEADER_ONLY=1)

# fmt: its distribution packages have no archive, and a shared fmt would bring the shared libstdc++ along.
# cmake/fmt.cpp compiles its implementation once.
add_library(bascule_dep_fmt INTERFACE)
if(BASCULE_STATIC_LIBS)
  add_library(bascule_fmt STATIC ${CMAKE_SOURCE_DIR}/cmake/fmt.cpp)
  get_target_property(fmt_includes fmt::fmt INTERFACE_INCLUDE_DIRECTORIES)
  target_include_directories(bascule_fmt SYSTEM PUBLIC ${fmt_includes})
  target_link_libraries(bascule_dep_fmt INTERFACE bascule_fmt)
else()
  target_link_libraries(bascule_dep_fmt INTERFACE fmt::fmt)
endif()

# libpg_query: PostgreSQL's own parser. Of its archive we link what parsing to JSON needs, as one object in which every
# other symbol is local: PostgreSQL's palloc, list_free, pg_snprintf and their like would clash, loudly or silently, with
# those of PostgreSQL's and MariaDB's client libraries.
find_path(BASCULE_PG_QUERY_INCLUDE pg_query.h REQUIRED)
find_library(BASCULE_PG_QUERY_ARCHIVE libpg_query.a REQUIRED)
find_program(BASCULE_PARTIAL_LINKER NAMES ld.bfd ld REQUIRED)
set(pg_query_symbols pg_query_parse pg_query_free_parse_result)
set(pg_query_object ${CMAKE_BINARY_DIR}/pg_query/pg_query.o)
set(pg_query_isolated ${CMAKE_BINARY_DIR}/pg_query/libpg_query_isolated.a)
list(TRANSFORM pg_query_symbols PREPEND --undefined= OUTPUT_VARIABLE pg_query_wanted)
list(TRANSFORM pg_query_symbols PREPEND --keep-global-symbol= OUTPUT_VARIABLE pg_query_kept)
file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/pg_query)
add_custom_command(
  OUTPUT ${pg_query_isolated}
  COMMAND ${CMAKE_COMMAND} -E rm -f ${pg_query_isolated}
  COMMAND ${BASCULE_PARTIAL_LINKER} -r ${pg_query_wanted} ${BASCULE_PG_QUERY_ARCHIVE} -o ${pg_query_object}
  COMMAND ${CMAKE_OBJCOPY} ${pg_query_kept} ${pg_query_object}
  COMMAND ${CMAKE_AR} rcs ${pg_query_isolated} ${pg_query_object}
  DEPENDS ${BASCULE_PG_QUERY_ARCHIVE}
  COMMENT "Isolating the symbols of libpg_query"
  VERBATIM)
add_custom_target(bascule_pg_query_archive DEPENDS ${pg_query_isolated})
add_library(bascule_dep_pg_query INTERFACE)
add_dependencies(bascule_dep_pg_query bascule_pg_query_archive)
target_include_directories(bascule_dep_pg_query SYSTEM INTERFACE ${BASCULE_PG_QUERY_INCLUDE})
target_link_libraries(bascule_dep_pg_query INTERFACE ${pg_query_isolated} m Threads::Threads)

# rapidjson: header-only; dialects/postgres/parse_tree.cpp is the one file of ours that includes it.
find_path(BASCULE_RAPIDJSON_INCLUDE rapidjson/document.h REQUIRED)
target_include_directories(bascule_dep_pg_query SYSTEM INTERFACE ${BASCULE_RAPIDJSON_INCLUDE})
