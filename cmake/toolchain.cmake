# Compiler, flags, ccache and linker. Defines bascule_options, which every target of ours links.

find_program(BASCULE_CCACHE ccache)
if(BASCULE_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # The two settings make a hit possible from another checkout of the same tree.
  set(CMAKE_C_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${BASCULE_CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_C_COMPILER_LAUNCHER})
endif()

add_library(bascule_options INTERFACE)
target_include_directories(bascule_options INTERFACE ${CMAKE_SOURCE_DIR}/src)
target_compile_options(bascule_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion)
# A designated initialiser leaves out fields on purpose.
target_compile_options(bascule_options INTERFACE -Wno-missing-field-initializers)
if(BASCULE_WERROR)
  target_compile_options(bascule_options INTERFACE -Werror)
endif()

add_compile_options("-ffile-prefix-map=${CMAKE_SOURCE_DIR}/=")
string(REPLACE "-O3" "-O2" CMAKE_CXX_FLAGS_RELEASE "${CMAKE_CXX_FLAGS_RELEASE}")
string(REPLACE "-O3" "-O2" CMAKE_C_FLAGS_RELEASE "${CMAKE_C_FLAGS_RELEASE}")

if(BASCULE_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    message(FATAL_ERROR "BASCULE_FUZZ needs clang: set CC and CXX")
  endif()
  add_compile_options(-O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all)
  add_link_options(-fsanitize=address,undefined)
elseif(BASCULE_SANITIZE)
  add_compile_options(-O1 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all)
  add_link_options(-fsanitize=address,undefined)
elseif(CMAKE_BUILD_TYPE STREQUAL "Release")
  add_compile_options(-ffunction-sections -fdata-sections)
  add_link_options(-Wl,--gc-sections)
  if(BASCULE_STATIC_LIBS)
    # Saves about 0.4 ms of relocation at every start.
    add_link_options($<$<LINK_LANGUAGE:CXX>:-static-libstdc++> -static-libgcc)
  endif()
endif()

foreach(linker mold lld)
  find_program(BASCULE_LINKER_${linker} NAMES ${linker} ld.${linker})
  if(BASCULE_LINKER_${linker} AND NOT BASCULE_FUZZ)
    add_link_options(-fuse-ld=${linker})
    break()
  endif()
endforeach()
