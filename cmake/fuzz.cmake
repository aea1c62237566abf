# One libFuzzer program a file: tests/fuzz/<name>.cpp becomes bascule_fuzz_<name>. scripts/fuzz runs them.

file(GLOB fuzz_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/fuzz/*.cpp)
add_custom_target(bascule_fuzz)
foreach(source IN LISTS fuzz_sources)
  get_filename_component(name ${source} NAME_WE)
  add_executable(bascule_fuzz_${name} ${source})
  target_link_libraries(bascule_fuzz_${name} PRIVATE bascule_rooms)
  target_link_options(bascule_fuzz_${name} PRIVATE -fsanitize=fuzzer)
  add_dependencies(bascule_fuzz bascule_fuzz_${name})
endforeach()
