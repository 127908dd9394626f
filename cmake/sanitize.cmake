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

