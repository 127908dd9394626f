# The archive that `tsunagu contracts` writes, as C++: our contracts, what they import from Google, and all of it as one
# FileDescriptorSet. Its bytes depend on nothing but these files.
set(google_imports ${third_party_protos})
list(FILTER google_imports INCLUDE REGEX "^google/")
set(archived ${own_protos} README.md)
list(TRANSFORM archived PREPEND ${CMAKE_SOURCE_DIR}/protos/)
list(TRANSFORM google_imports PREPEND ${google_protos}/ OUTPUT_VARIABLE archived_imports)

set(contracts_archive ${CMAKE_BINARY_DIR}/contracts/contracts_archive.cc)
add_custom_command(OUTPUT ${contracts_archive}
  COMMAND ${CMAKE_COMMAND} -D "own=${own_protos}" -D "imports=${google_imports}" -D protos=${CMAKE_SOURCE_DIR}/protos
    -D google=${google_protos} -D protoc=${Protobuf_PROTOC_EXECUTABLE} -D output=${contracts_archive}
    -P ${CMAKE_SOURCE_DIR}/cmake/archive_contracts.cmake
  DEPENDS ${archived} ${archived_imports} ${CMAKE_SOURCE_DIR}/cmake/archive_contracts.cmake
  VERBATIM)

# Our contracts with their comments, for the documents that a server has of itself.
set(contract_set ${CMAKE_BINARY_DIR}/contracts/commented.binpb)
list(TRANSFORM own_protos PREPEND ${CMAKE_SOURCE_DIR}/protos/ OUTPUT_VARIABLE commented)
add_custom_command(OUTPUT ${contract_set}
  COMMAND ${Protobuf_PROTOC_EXECUTABLE} --include_source_info --descriptor_set_out=${contract_set}
    -I ${CMAKE_SOURCE_DIR}/protos -I ${google_protos} ${own_protos}
  DEPENDS ${commented} VERBATIM)
