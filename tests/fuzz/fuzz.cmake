# tsunagu_fuzz(<name> <target or source>...): fuzz_<name>, of tests/fuzz/<name>.cc and single sources where their whole
# library would be much to build. Built with clang and TSUNAGU_SANITIZE=fuzz by tests/fuzz/run. Otherwise it is a test
# which runs the inputs in tests/fuzz/corpus, so that a target which does not build or does not hold any more is noticed;
# single sources are taken as their library has compiled them.
function(tsunagu_fuzz name)
  set(sources ${ARGN})
  list(FILTER sources INCLUDE REGEX "\\.cc$")
  set(libraries ${ARGN})
  list(FILTER libraries EXCLUDE REGEX "\\.cc$")
  if(TSUNAGU_SANITIZE)
    add_executable(fuzz_${name} ${CMAKE_SOURCE_DIR}/tests/fuzz/${name}.cc ${sources})
    target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
  else()
    tsunagu_compiled(objects ${sources})
    add_executable(fuzz_${name} ${CMAKE_SOURCE_DIR}/tests/fuzz/${name}.cc $<TARGET_OBJECTS:tsunagu_fuzz_main> ${objects})
    add_test(NAME fuzz_${name} COMMAND fuzz_${name} ${CMAKE_SOURCE_DIR}/tests/fuzz/corpus/${name})
    set_tests_properties(fuzz_${name} PROPERTIES TIMEOUT 60)
  endif()
  target_link_libraries(fuzz_${name} PRIVATE ${libraries})
  tsunagu_compile(fuzz_${name})
endfunction()

# tsunagu_compiled(<variable> <source>...): what the libraries that they belong to have made of these.
function(tsunagu_compiled variable)
  get_property(targets DIRECTORY PROPERTY BUILDSYSTEM_TARGETS)
  set(objects "")
  foreach(source ${ARGN})
    set(owner "")
    foreach(target ${targets})
      get_target_property(type ${target} TYPE)
      get_target_property(owned ${target} SOURCES)
      if(type STREQUAL "STATIC_LIBRARY" AND ${CMAKE_SOURCE_DIR}/${source} IN_LIST owned)
        set(owner ${target})
      endif()
    endforeach()
    if(NOT owner)
      message(FATAL_ERROR "tests/fuzz/fuzz.cmake: no library has ${source}")
    endif()
    string(REPLACE "." "\\." pattern ${source})
    list(APPEND objects $<FILTER:$<TARGET_OBJECTS:${owner}>,INCLUDE,/${pattern}\\.o$>)
  endforeach()
  set(${variable} ${objects} PARENT_SCOPE)
endfunction()

if(NOT TSUNAGU_SANITIZE)
  add_library(tsunagu_fuzz_main OBJECT tests/fuzz/main.cc)
endif()

tsunagu_fuzz(json tsunagu_text)
tsunagu_fuzz(filter tsunagu_text SQLite::SQLite3)
tsunagu_fuzz(page_token tsunagu_text)
tsunagu_fuzz(csv tsunagu_text)
tsunagu_fuzz(file tsunagu_text)
tsunagu_fuzz(area_code tsunagu_jp)
tsunagu_fuzz(journal tsunagu_base common/journal/chain.cc common/journal/checkpoint.cc)
tsunagu_fuzz(formula tsunagu_base tsunagu_protos services/subsidy/rules/rational.cc services/subsidy/rules/formula.cc
  services/subsidy/rules/formula_parser.cc)
tsunagu_fuzz(xml tsunagu_sheet)
tsunagu_fuzz(xlsx tsunagu_sheet)
tsunagu_fuzz(snapshot tsunagu_text tsunagu_protos tsunagu_jp tsunagu_market
  services/matching/snapshot/sent_rows.cc services/matching/snapshot/snapshot.cc services/matching/snapshot/ways.cc
  services/matching/snapshot/within.cc
  services/matching/rules/account.cc services/matching/rules/candidates.cc
  services/matching/rules/deferred_acceptance.cc services/matching/rules/distance.cc
  services/matching/rules/eligibility.cc services/matching/rules/half_day.cc services/matching/rules/market.cc
  services/matching/rules/opening_grid.cc services/matching/rules/priority.cc services/matching/rules/verify.cc
  services/matching/rules/verify_lists.cc services/matching/rules/way.cc)
tsunagu_fuzz(jwt tsunagu_jose)
tsunagu_fuzz(http tsunagu_text gRPC::grpc++ common/web/date.cc common/web/http1.cc common/web/http2.cc
  common/web/rest/http_error.cc common/rpc/headers.cc common/rpc/status.cc nghttp2)
tsunagu_fuzz(rest tsunagu_text common/web/rest/http_rule.cc common/web/rest/http_template.cc common/web/rest/query.cc
  common/web/rest/read_http_rules.cc common/web/rest/transcode.cc common/web/rest/url.cc)
