# The tree-sitter grammars, pinned in package.json and package-lock.json, compiled as static libraries.

set(BASCULE_PYTHON_GRAMMAR ${CMAKE_SOURCE_DIR}/node_modules/tree-sitter-python/src
    CACHE PATH "Folder with parser.c and scanner.c of tree-sitter-python 0.23.6")
if(NOT EXISTS ${BASCULE_PYTHON_GRAMMAR}/parser.c)
  message(STATUS "Fetching the tree-sitter grammars")
  execute_process(COMMAND ${CMAKE_SOURCE_DIR}/scripts/fetch-grammars RESULT_VARIABLE fetched)
  if(NOT fetched EQUAL 0 OR NOT EXISTS ${BASCULE_PYTHON_GRAMMAR}/parser.c)
    message(FATAL_ERROR "no ${BASCULE_PYTHON_GRAMMAR}/parser.c: run scripts/fetch-grammars")
  endif()
endif()

add_library(ts_python STATIC ${BASCULE_PYTHON_GRAMMAR}/parser.c ${BASCULE_PYTHON_GRAMMAR}/scanner.c)
target_include_directories(ts_python PRIVATE ${BASCULE_PYTHON_GRAMMAR})
# Generated code: its warnings are not ours, and unoptimised it is ten times slower.
target_compile_options(ts_python PRIVATE -w -O2)
