# The server for tests/conformance/run, of the contracts that come with its runner (TSUNAGU_CONFORMANCE_PROTOS).
set(conformance_sources tests/conformance/server.cc)
foreach(file config service server_compat)
  set(path connectrpc/conformance/v1/${file})
  add_custom_command(OUTPUT ${CMAKE_BINARY_DIR}/conformance/${path}.pb.cc ${CMAKE_BINARY_DIR}/conformance/${path}.pb.h
    COMMAND ${CMAKE_COMMAND} -E make_directory ${CMAKE_BINARY_DIR}/conformance
    COMMAND ${Protobuf_PROTOC_EXECUTABLE} --cpp_out=${CMAKE_BINARY_DIR}/conformance -I ${TSUNAGU_CONFORMANCE_PROTOS}
      ${TSUNAGU_CONFORMANCE_PROTOS}/${path}.proto
    DEPENDS ${TSUNAGU_CONFORMANCE_PROTOS}/${path}.proto VERBATIM)
  list(APPEND conformance_sources ${CMAKE_BINARY_DIR}/conformance/${path}.pb.cc)
endforeach()
add_executable(conformance-server EXCLUDE_FROM_ALL ${conformance_sources})
target_include_directories(conformance-server PRIVATE ${CMAKE_BINARY_DIR}/conformance)
target_link_libraries(conformance-server PRIVATE tsunagu_web)
tsunagu_compile(conformance-server)
target_compile_options(conformance-server PRIVATE -Wno-deprecated-declarations)  # the contracts have some
