#include <cerrno>
#include <cstdio>
#include <memory>
#include <string>

#include "CLI/CLI.hpp"
#include "common/base/status_macros.h"
#include "common/host/usage.h"
#include "common/host/words.h"
#include "services/suite/contracts_archive.h"
#include "services/suite/new_file.h"

namespace tsunagu::suite {
namespace {

absl::Status WriteTo(const std::string& path) {
  const absl::string_view archive = ContractsArchive();
  if (path == "-") {
    const bool written = std::fwrite(archive.data(), 1, archive.size(), stdout) == archive.size();
    return written && std::fflush(stdout) == 0 ? absl::OkStatus() : NotWritable("-", errno);
  }
  ASSIGN_OR_RETURN(const auto file, NewFile::Create(path));
  RETURN_IF_ERROR(file->Write(archive));
  return file->Finish();
}

}  // namespace

void AddContracts(CLI::App& app, std::function<int()>& chosen) {
  CLI::App* command =
      app.add_subcommand("contracts", Words("すべての.protoを、importするものも含めてzipファイルに書き出す",
                                            "Write all .proto files, with what they import, into a zip file"));
  auto path = std::make_shared<std::string>("tsunagu-contracts.zip");
  command->add_option("-o,--output", *path, Words("書き出すファイル。- は標準出力", "File, or - for standard output"))
      ->capture_default_str();
  AddLanguageFlag(*command);
  command->callback([path, &chosen] {
    chosen = [path] {
      const absl::Status written = WriteTo(*path);
      return written.ok() ? 0 : Complain(written);
    };
  });
}

}  // namespace tsunagu::suite
