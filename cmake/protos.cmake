# C++ from every contract. Third-party protos come from the pinned npm package and from Debian's grpc-proto.
set(google_protos ${CMAKE_SOURCE_DIR}/node_modules/google-proto-files)
set(grpc_protos /usr/share/grpc-proto)
if(NOT EXISTS ${google_protos}/google/api/http.proto)
  message(FATAL_ERROR "node_modules/google-proto-files is missing: run ./run or ./test, or 'npm ci' here")
endif()

file(GLOB_RECURSE own_protos CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR}/protos protos/*.proto)
set(third_party_protos
  google/api/annotations.proto google/api/client.proto google/api/field_behavior.proto google/api/http.proto
  google/api/launch_stage.proto google/api/resource.proto
  google/longrunning/operations.proto
  google/rpc/code.proto google/rpc/error_details.proto google/rpc/status.proto
  google/type/date.proto
  grpc/health/v1/health.proto grpc/reflection/v1/reflection.proto grpc/reflection/v1alpha/reflection.proto)
set(internal_protos common/base/fault.proto common/text/page_token.proto common/platform/transfer/import_chunk.proto
  common/platform/feed/resume_token.proto common/testing/attendance.proto common/testing/course.proto
  common/testing/echo.proto common/testing/note_newer.proto common/testing/note_older.proto common/testing/sample.proto
  common/testing/session.proto common/testing/visit.proto
  services/registry/publications/publication_ledger.proto)

set(generated "")
function(tsunagu_generate root file)
  string(REPLACE ".proto" ".pb.cc" output ${CMAKE_BINARY_DIR}/protos/${file})
  string(REPLACE ".proto" ".pb.h" header ${CMAKE_BINARY_DIR}/protos/${file})
  add_custom_command(OUTPUT ${output} ${header}
    COMMAND ${Protobuf_PROTOC_EXECUTABLE} --cpp_out=${CMAKE_BINARY_DIR}/protos
      -I ${CMAKE_SOURCE_DIR}/protos -I ${google_protos} -I ${grpc_protos} -I ${CMAKE_SOURCE_DIR}
      ${root}/${file}
    DEPENDS ${root}/${file} VERBATIM)
  set(generated ${generated} ${output} PARENT_SCOPE)
endfunction()
file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/protos)

foreach(file ${own_protos})
  tsunagu_generate(${CMAKE_SOURCE_DIR}/protos ${file})
endforeach()
foreach(file ${internal_protos})
  tsunagu_generate(${CMAKE_SOURCE_DIR} ${file})
endforeach()
foreach(file ${third_party_protos})
  if(EXISTS ${google_protos}/${file})
    tsunagu_generate(${google_protos} ${file})
  else()
    tsunagu_generate(${grpc_protos} ${file})
  endif()
endforeach()

if(TSUNAGU_SANITIZE STREQUAL "fuzz")  # what is fuzzed knows no service, and this halves such a build
  list(FILTER generated INCLUDE REGEX
    "protos/(tsunagu/(options|(platform|subsidy|matching)/v1/reason|platform/v1/report|registry/v1/(half_day|qualification)|matching/v1/(round|opening|worth))|common/(base|text)/.*|common/testing/sample|google/(api/.*|longrunning/operations|rpc/(status|error_details)|type/date))\\.pb\\.")
endif()
add_library(tsunagu_protos OBJECT ${generated})
target_include_directories(tsunagu_protos PUBLIC ${CMAKE_BINARY_DIR}/protos)
target_link_libraries(tsunagu_protos PUBLIC protobuf::libprotobuf)
