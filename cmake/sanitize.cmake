# TSUNAGU_SANITIZE=address (with undefined behaviour and leaks), thread, or fuzz (as address, for clang's libFuzzer).
# What we write is instrumented; Debian's libraries and the code that protoc writes are not. TSUNAGU_SLOWNESS is how
# many times longer a test may take then.
set(TSUNAGU_SANITIZE "" CACHE STRING "address, thread, fuzz, or empty")
set_property(CACHE TSUNAGU_SANITIZE PROPERTY STRINGS "" address thread fuzz)
set(TSUNAGU_SLOWNESS 1)
set(sanitize_options "")
set(sanitize_definitions "")

if(TSUNAGU_SANITIZE STREQUAL "address")
  set(TSUNAGU_SLOWNESS 6)
  set(sanitizers -fsanitize=address,undefined)
elseif(TSUNAGU_SANITIZE STREQUAL "thread")
  set(TSUNAGU_SLOWNESS 15)
  # protobuf's map fields have two more members where this macro is set, and Debian's libprotobuf was built without.
  # What the standard library needs it for is said directly.
  set(sanitizers -fsanitize=thread -U__SANITIZE_THREAD__)
  set(sanitize_definitions _GLIBCXX_TSAN=1)
elseif(TSUNAGU_SANITIZE STREQUAL "fuzz")
  set(sanitizers -fsanitize=fuzzer-no-link,address,undefined)
  add_link_options(-fsanitize=address,undefined)
elseif(TSUNAGU_SANITIZE)
  message(FATAL_ERROR "TSUNAGU_SANITIZE is address, thread or fuzz, not ${TSUNAGU_SANITIZE}")
endif()
if(TSUNAGU_SANITIZE)
  # NDEBUG stays: Debian's Abseil and protobuf were built with it, and their headers differ without.
  set(sanitize_options ${sanitizers} -O1 -g1 -fno-omit-frame-pointer)
  list(APPEND sanitize_definitions _GLIBCXX_ASSERTIONS GTEST_HAS_PTHREAD=1)
endif()
if(TSUNAGU_SANITIZE STREQUAL "address" OR TSUNAGU_SANITIZE STREQUAL "thread")
  add_link_options(${sanitizers})
endif()

# Instruments one target. One precompiled header for all of them halves what such a build takes; ccache, which would
# not understand it, has nothing to give to a build that is made now and then.
function(tsunagu_instrument target)
  if(NOT TSUNAGU_SANITIZE)
    return()
  endif()
  target_compile_options(${target} PRIVATE ${sanitize_options} -pthread)
  target_compile_definitions(${target} PRIVATE ${sanitize_definitions})
  if(TSUNAGU_SANITIZE STREQUAL "fuzz")
    return()
  endif()
  if(NOT TARGET tsunagu_precompiled)
    file(WRITE ${CMAKE_BINARY_DIR}/precompiled.cc "")
    add_library(tsunagu_precompiled OBJECT ${CMAKE_BINARY_DIR}/precompiled.cc)
    target_link_libraries(tsunagu_precompiled PRIVATE gRPC::grpc++ protobuf::libprotobuf spdlog::spdlog GTest::gmock
      absl::status absl::statusor absl::strings absl::time)
    target_compile_options(tsunagu_precompiled PRIVATE ${sanitize_options} -pthread)
    target_compile_definitions(tsunagu_precompiled PRIVATE ${sanitize_definitions})
    target_precompile_headers(tsunagu_precompiled PRIVATE <algorithm> <functional> <map> <memory> <set> <string>
      <thread> <vector> <absl/status/statusor.h> <absl/strings/str_cat.h> <absl/time/time.h>
      <google/protobuf/message.h> <google/protobuf/descriptor.h> <grpcpp/grpcpp.h> <gmock/gmock.h> <gtest/gtest.h>)
    set_target_properties(tsunagu_precompiled PROPERTIES CXX_COMPILER_LAUNCHER "")
    if(TSUNAGU_SANITIZE STREQUAL "thread")
      add_library(tsunagu_grpc_order OBJECT tests/sanitizers/grpc_order.cc)
      target_link_libraries(tsunagu_grpc_order PUBLIC gRPC::grpc++)
    endif()
  endif()
  get_target_property(type ${target} TYPE)
  if(TSUNAGU_SANITIZE STREQUAL "thread" AND type STREQUAL "EXECUTABLE")
    target_link_libraries(${target} PRIVATE tsunagu_grpc_order)
  endif()
  target_precompile_headers(${target} REUSE_FROM tsunagu_precompiled)
  set_target_properties(${target} PROPERTIES CXX_COMPILER_LAUNCHER "")
endfunction()
