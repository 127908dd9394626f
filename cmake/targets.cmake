# tsunagu_library(<name> <folder>... DEPENDS <target>... [TESTS_DEPEND <target>...]): a static library of the folder's *.cc, and one test program
# <name>_test of its *_test.cc, run case by case by ctest.
function(tsunagu_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "DEPENDS;TESTS_DEPEND")
  set(sources "")
  foreach(folder ${arg_UNPARSED_ARGUMENTS})
    file(GLOB found CONFIGURE_DEPENDS ${folder}/*.cc)
    list(APPEND sources ${found})
  endforeach()
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_test\\.cc$|/main\\.cc$")
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")

  if(sources)
    add_library(tsunagu_${name} STATIC ${sources})
    target_link_libraries(tsunagu_${name} PUBLIC ${arg_DEPENDS})
    tsunagu_compile(tsunagu_${name})
  else()
    add_library(tsunagu_${name} INTERFACE)
    target_link_libraries(tsunagu_${name} INTERFACE ${arg_DEPENDS})
  endif()
  if(tests)
    tsunagu_test(${name} SOURCES ${tests} DEPENDS tsunagu_${name} ${arg_TESTS_DEPEND})
  endif()
endfunction()

# tsunagu_test(<name> SOURCES <file>... DEPENDS <target>... [SHARDS <n>]): the test program <name>_test; in shards, ctest
# runs it as <name>_1 to <name>_n, each with its part of the cases.
function(tsunagu_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "SHARDS" "SOURCES;DEPENDS")
  add_executable(${name}_test ${arg_SOURCES})
  target_link_libraries(${name}_test PRIVATE ${arg_DEPENDS} GTest::gmock GTest::gtest_main)
  tsunagu_compile(${name}_test TEST)
  math(EXPR timeout "900 * ${TSUNAGU_SLOWNESS}")  # three times what a slow machine takes
  if(NOT arg_SHARDS)
    add_test(NAME ${name} COMMAND ${name}_test)
    set_tests_properties(${name} PROPERTIES TIMEOUT ${timeout})
    return()
  endif()
  foreach(shard RANGE 1 ${arg_SHARDS})
    math(EXPR index "${shard} - 1")
    add_test(NAME ${name}_${shard} COMMAND ${name}_test)
    # Begun first, so that short ones fill what time is left at the end.
    set_tests_properties(${name}_${shard} PROPERTIES TIMEOUT ${timeout} COST 1
      ENVIRONMENT "GTEST_TOTAL_SHARDS=${arg_SHARDS};GTEST_SHARD_INDEX=${index}")
  endforeach()
endfunction()

# tsunagu_binary(<name> <main file> <target>...): bin/<name>. Its memory is given out by mimalloc instead of the C
# library; sanitizers bring their own.
function(tsunagu_binary name main)
  add_executable(${name} ${main})
  target_link_libraries(${name} PRIVATE ${ARGN})
  if(NOT TSUNAGU_SANITIZE)
    target_sources(${name} PRIVATE services/allocator.cc)
    target_link_libraries(${name} PRIVATE mimalloc)
  endif()
  tsunagu_compile(${name})
endfunction()
