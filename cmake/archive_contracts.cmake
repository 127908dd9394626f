# Run by cmake/contracts.cmake: writes ${output}.
get_filename_component(folder ${output} DIRECTORY)
set(stage ${folder}/stage)
file(REMOVE_RECURSE ${stage})
foreach(file ${own})
  configure_file(${protos}/${file} ${stage}/${file} COPYONLY)
endforeach()
foreach(file ${imports})
  configure_file(${google}/${file} ${stage}/${file} COPYONLY)
endforeach()
configure_file(${protos}/README.md ${stage}/README.md COPYONLY)
file(WRITE ${stage}/buf.yaml "version: v2\n")

execute_process(COMMAND ${protoc} -I . --include_imports --include_source_info
  --descriptor_set_out=contracts.binpb ${own} ${imports} WORKING_DIRECTORY ${stage} COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${CMAKE_COMMAND} -E tar cf ${folder}/contracts.zip --format=zip "--mtime=2000-01-01 00:00:00 UTC"
  README.md buf.yaml contracts.binpb google tsunagu WORKING_DIRECTORY ${stage} COMMAND_ERROR_IS_FATAL ANY)

file(READ ${folder}/contracts.zip bytes HEX)
string(REGEX REPLACE "(................................)" "\\1\n" bytes "${bytes}")
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
file(WRITE ${output} "#include \"services/suite/contracts_archive.h\"

namespace tsunagu::suite {
namespace {

constexpr unsigned char kBytes[] = {
${bytes}};

}  // namespace

absl::string_view ContractsArchive() { return {reinterpret_cast<const char*>(kBytes), sizeof(kBytes)}; }

}  // namespace tsunagu::suite
")
