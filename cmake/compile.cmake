# How everything that we write is compiled.

# tsunagu_compile(<target> [TEST]): warnings, sanitizers and one precompiled header. Tests are compiled with -O1 and a
# header of their own, which has the test tools too: they are compiled more often than they run.
function(tsunagu_compile target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "TEST" "" "")
  set(header tsunagu_precompiled)
  if(arg_TEST)
    set(header tsunagu_precompiled_test)
    if(NOT TSUNAGU_SANITIZE)
      target_compile_options(${target} PRIVATE -O1)
    endif()
  endif()
  target_compile_options(${target} PRIVATE ${sanitize_options} -pthread)
  target_compile_definitions(${target} PRIVATE ${sanitize_definitions})
  if(TSUNAGU_SANITIZE STREQUAL "fuzz")
    return()
  endif()
  get_target_property(type ${target} TYPE)
  if(TSUNAGU_SANITIZE STREQUAL "thread" AND type STREQUAL "EXECUTABLE")
    if(NOT TARGET tsunagu_grpc_order)
      add_library(tsunagu_grpc_order OBJECT tests/sanitizers/grpc_order.cc)
      target_link_libraries(tsunagu_grpc_order PUBLIC gRPC::grpc++)
    endif()
    target_link_libraries(${target} PRIVATE tsunagu_grpc_order)
  endif()
  target_precompile_headers(${target} REUSE_FROM ${header})
endfunction()

# The precompiled headers: what nearly every file includes and nobody here changes.
function(tsunagu_precompiled name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "OPTIONS;HEADERS;LIBRARIES")
  file(WRITE ${CMAKE_BINARY_DIR}/${name}.cc "")
  add_library(${name} OBJECT ${CMAKE_BINARY_DIR}/${name}.cc)
  target_link_libraries(${name} PRIVATE gRPC::grpc++ protobuf::libprotobuf absl::status absl::statusor absl::strings
    absl::time ${arg_LIBRARIES})
  target_compile_options(${name} PRIVATE ${arg_OPTIONS} ${sanitize_options} -pthread)
  target_compile_definitions(${name} PRIVATE ${sanitize_definitions})
  target_precompile_headers(${name} PRIVATE <algorithm> <functional> <map> <memory> <set> <string> <thread> <vector>
    <absl/functional/function_ref.h> <absl/status/statusor.h> <absl/strings/str_cat.h> <absl/strings/str_join.h>
    <absl/time/time.h> <google/protobuf/descriptor.h> <google/protobuf/message.h> <google/protobuf/timestamp.pb.h>
    <grpcpp/grpcpp.h> ${arg_HEADERS})
endfunction()

if(NOT TSUNAGU_SANITIZE STREQUAL "fuzz")
  tsunagu_precompiled(tsunagu_precompiled)
  set(test_options -O1)
  if(TSUNAGU_SANITIZE)
    set(test_options "")
  endif()
  tsunagu_precompiled(tsunagu_precompiled_test OPTIONS ${test_options} HEADERS <gmock/gmock.h> <gtest/gtest.h>
    LIBRARIES GTest::gmock)
endif()
