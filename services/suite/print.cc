#include "services/suite/print.h"

#include <memory>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/strings/match.h"
#include "common/base/status_macros.h"
#include "common/host/words.h"
#include "services/suite/client.h"
#include "services/suite/new_file.h"
#include "services/suite/print_error.h"
#include "tsunagu/training/v1/certificate.pb.h"
#include "tsunagu/training/v1/sign_in_sheet.pb.h"

namespace tsunagu::suite {
namespace {

namespace v1 = training::v1;

struct Options {
  ClientFlags client;
  std::string name;
  std::string file;
};

bool IsSheet(const std::string& name) { return absl::StrContains(name, "/sessions/"); }

// The format depends on the extension of the file, so that no program gets a file of another format.
void CheckEnding(const Options& options) {
  if (absl::EndsWithIgnoreCase(options.file, ".pdf")) return;
  if (!IsSheet(options.name)) {
    throw CLI::ValidationError(
        "-o", Words("修了証のファイル名は .pdf で終えてください", "certificates need the ending .pdf"));
  }
  if (absl::EndsWithIgnoreCase(options.file, ".xlsx")) return;
  throw CLI::ValidationError(
      "-o", Words("出席簿のファイル名は .pdf か .xlsx で終えてください", "a sheet needs the ending .pdf or .xlsx"));
}

absl::Status PrintOne(const Client& client, const std::string& name, NewFile& file) {
  v1::DownloadCertificateRequest request;
  request.set_name(name);
  ASSIGN_OR_RETURN(const auto printed,
                   client.peer->Unary<v1::DownloadCertificateResponse>(
                       "tsunagu.training.v1.CertificateService/DownloadCertificate", request, client.once));
  return file.Write(printed.data());
}

absl::Status PrintCourse(const Client& client, const std::string& course, NewFile& file) {
  v1::DownloadCertificatesRequest request;
  request.set_course(course);
  const auto stream = client.peer->Stream("tsunagu.training.v1.CertificateService/DownloadCertificates", client.stream);
  if (stream->Write(request)) stream->WritesDone();
  v1::DownloadCertificatesResponse piece;
  for (;;) {
    piece.Clear();
    ASSIGN_OR_RETURN(const bool more, stream->Read(piece));
    if (!more) return stream->Finish();
    RETURN_IF_ERROR(file.Write(piece.data()));
  }
}

absl::Status PrintSheet(const Client& client, const Options& options, NewFile& file) {
  v1::MakeSignInSheetRequest request;
  request.set_session(options.name);
  request.set_format(absl::EndsWithIgnoreCase(options.file, ".xlsx") ? v1::MakeSignInSheetRequest::FORMAT_XLSX
                                                                     : v1::MakeSignInSheetRequest::FORMAT_PDF);
  ASSIGN_OR_RETURN(const auto sheet,
                   client.peer->Unary<v1::SignInSheet>("tsunagu.training.v1.SignInSheetService/MakeSignInSheet",
                                                       request, client.once));
  return file.Write(sheet.data());
}

absl::Status Print(const Options& options) {
  ASSIGN_OR_RETURN(const Client client, Client::Open(options.client));
  ASSIGN_OR_RETURN(const auto file, NewFile::Create(options.file));
  RETURN_IF_ERROR(IsSheet(options.name)                        ? PrintSheet(client, options, *file)
                  : absl::StartsWith(options.name, "courses/") ? PrintCourse(client, options.name, *file)
                                                               : PrintOne(client, options.name, *file));
  return file->Finish();
}

}  // namespace

void AddPrint(CLI::App& app, std::function<int()>& chosen) {
  CLI::App* command = app.add_subcommand("print", Words("修了証、または開催回の出席簿を印刷用のファイルにする",
                                                        "A certificate, or a sheet to sign, as a file to print"));
  auto options = std::make_shared<Options>();
  command
      ->add_option(
          "name", options->name,
          Words("修了証（certificates/…）、研修のすべての修了証（courses/…）、開催回の出席簿（courses/…/sessions/…）",
                "certificates/..., all of courses/..., or the sheet of courses/.../sessions/..."))
      ->required();
  command
      ->add_option("-o,--output", options->file,
                   Words("このファイル（.pdf）に書く。出席簿は .xlsx にもできる",
                         "Into this file (.pdf); a sheet may be .xlsx too"))
      ->required();
  AddClientFlags(*command, options->client);
  command->callback([options, &chosen] {
    CheckEnding(*options);
    chosen = [options] {
      const absl::Status done = Print(*options);
      return done.ok() ? 0 : PrintError(done, LanguageOf(options->client));
    };
  });
}

}  // namespace tsunagu::suite
