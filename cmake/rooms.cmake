# One static library a room (src/<room>/**.cpp), all of them in one link group called bascule_rooms.
# Which room may include which is tools/check_layers' business, not the linker's.

set(BASCULE_ROOMS base model graph plan db history syntax evaluate dialects formats safety planner exec report app cli
                  serve)

set(room_libraries)
foreach(room IN LISTS BASCULE_ROOMS)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${room}/*.cpp)
  list(REMOVE_ITEM sources ${CMAKE_SOURCE_DIR}/src/cli/main.cpp)
  if(sources)
    add_library(bascule_${room} STATIC ${sources})
    target_link_libraries(bascule_${room} PUBLIC bascule_options)
    target_link_libraries(bascule_${room} PRIVATE
      bascule_dep_fmt bascule_dep_tree_sitter bascule_dep_sqlite bascule_dep_libpq bascule_dep_pg_query bascule_dep_toml
      tl::expected CLI11::CLI11 nlohmann_json::nlohmann_json Threads::Threads)
    list(APPEND room_libraries bascule_${room})
  endif()
endforeach()

# Only this file is compiled again when the version changes.
set_source_files_properties(${CMAKE_SOURCE_DIR}/src/base/version.cpp PROPERTIES
  COMPILE_DEFINITIONS "BASCULE_VERSION=\"${PROJECT_VERSION}\"")

# GCC 12 sees overlapping copies in std::string where there are none (its bug 105329).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND TARGET bascule_evaluate)
  target_compile_options(bascule_evaluate PRIVATE -Wno-restrict)
endif()

list(JOIN room_libraries "," room_group)
add_library(bascule_rooms INTERFACE)
target_link_libraries(bascule_rooms INTERFACE
  bascule_options "$<LINK_GROUP:RESCAN,${room_group}>" ts_python bascule_dep_tree_sitter bascule_dep_sqlite
  bascule_dep_libpq bascule_dep_pg_query bascule_dep_fmt bascule_dep_toml tl::expected nlohmann_json::nlohmann_json Threads::Threads)

if(EXISTS ${CMAKE_SOURCE_DIR}/src/cli/main.cpp)
  add_executable(bascule ${CMAKE_SOURCE_DIR}/src/cli/main.cpp)
  target_link_libraries(bascule PRIVATE bascule_rooms CLI11::CLI11)
endif()
