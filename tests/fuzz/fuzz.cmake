# fuzz_<name> for each target here; built with clang and TSUNAGU_SANITIZE=fuzz by tests/fuzz/run.
function(tsunagu_fuzz name)
  add_executable(fuzz_${name} ${CMAKE_SOURCE_DIR}/tests/fuzz/${name}.cc)
  target_link_libraries(fuzz_${name} PRIVATE ${ARGN})
  target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
  tsunagu_instrument(fuzz_${name})
endfunction()

tsunagu_fuzz(json tsunagu_record)
tsunagu_fuzz(filter tsunagu_record SQLite::SQLite3)
tsunagu_fuzz(page_token tsunagu_record)
tsunagu_fuzz(csv tsunagu_record)
tsunagu_fuzz(area_code tsunagu_jp)
