# One libFuzzer program a file: tests/fuzz/<name>.cpp becomes bascule_fuzz_<name>. scripts/fuzz runs them. A line
# "// Rooms: syntax base" in the source names the rooms that it needs, so that one target is built without all others.

file(GLOB fuzz_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/fuzz/*.cpp)
add_custom_target(bascule_fuzz)
foreach(source IN LISTS fuzz_sources)
  get_filename_component(name ${source} NAME_WE)
  add_executable(bascule_fuzz_${name} ${source})
  file(STRINGS ${source} rooms REGEX "^// Rooms: " LIMIT_COUNT 1)
  if(rooms)
    string(REPLACE "// Rooms: " "" rooms "${rooms}")
    string(REPLACE " " ";" rooms "${rooms}")
    list(TRANSFORM rooms PREPEND bascule_)
    list(JOIN rooms "," rooms)
    target_link_libraries(bascule_fuzz_${name} PRIVATE
      bascule_options "$<LINK_GROUP:RESCAN,${rooms}>" ts_python bascule_dep_tree_sitter bascule_dep_sqlite
      bascule_dep_libpq bascule_dep_pg_query bascule_dep_fmt tl::expected Threads::Threads)
  else()
    target_link_libraries(bascule_fuzz_${name} PRIVATE bascule_rooms)
  endif()
  target_link_options(bascule_fuzz_${name} PRIVATE -fsanitize=fuzzer)
  add_dependencies(bascule_fuzz bascule_fuzz_${name})
endforeach()

# rapidjson adds to a null pointer before it has allocated anything: clang's check is right, and it is not ours to mend.
set_source_files_properties(${CMAKE_SOURCE_DIR}/src/dialects/postgres/parse_tree.cpp PROPERTIES
  COMPILE_OPTIONS -fno-sanitize=pointer-overflow)
