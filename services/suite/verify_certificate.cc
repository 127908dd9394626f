#include "services/suite/verify_certificate.h"

#include <cstdio>
#include <memory>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/clock.h"
#include "common/base/error.h"
#include "common/base/file.h"
#include "common/base/status_macros.h"
#include "common/host/usage.h"
#include "common/host/words.h"
#include "common/jp/civil_day.h"
#include "google/protobuf/util/json_util.h"
#include "services/suite/print_error.h"
#include "services/suite/services.h"
#include "services/training/badge.h"
#include "services/training/token_text.h"

namespace tsunagu::suite {
namespace {

using Response = training::v1::VerifyCertificateResponse;

constexpr int kCannotSay = 2;

struct Options {
  std::string certificate;
  std::string keys_file;
  std::string status_list_file;
};

std::string TextOf(Response::Verdict verdict, bool has_list) {
  switch (verdict) {
    case Response::VERDICT_VALID:
      return has_list ? Words("有効です", "VALID")
                      : Words("有効です（失効リストとは照合していません）",
                              "VALID, as far as can be said without a status list");
    case Response::VERDICT_UNKNOWN_KEY:
      return Words("この鍵で署名されたものではありません", "UNKNOWN KEY: signed by somebody else");
    case Response::VERDICT_FORGED:
      return Words("署名が正しくありません", "FORGED: the signature is not good");
    case Response::VERDICT_REVOKED:
      return Words("取り消されたか、再交付されています", "REVOKED or replaced");
    case Response::VERDICT_RETIRED_KEY:
      return Words("署名した鍵は失効しています。再交付を受けてください",
                   "RETIRED KEY: the key that signed it holds no more; ask for a new certificate");
    case Response::VERDICT_EXPIRED:
      return Words("有効期限を過ぎています", "EXPIRED");
    case Response::VERDICT_CUT_OFF:
      return Words("途中で切れています。修了証の文字列の一部だけです", "CUT OFF: only a part of a certificate");
    case Response::VERDICT_REWRITTEN:
      return Words("文字列が書き直されています（改行・空白や文字の置き換え）。交付されたままの文字列で確かめてください",
                   "REWRITTEN: line breaks, blanks or other letters came in; check it as it was issued");
    default:
      return Words("修了証として読めません", "NO CERTIFICATE");
  }
}

// Accepts an answer of GetVerificationKeys, or a key set alone.
absl::StatusOr<training::v1::VerificationKeys> ReadKeys(const Options& options) {
  training::v1::VerificationKeys keys;
  ASSIGN_OR_RETURN(const std::string text, ReadWholeFile(options.keys_file));
  google::protobuf::util::JsonParseOptions lenient;
  lenient.ignore_unknown_fields = true;
  if (!google::protobuf::util::JsonStringToMessage(text, &keys, lenient).ok() || keys.jwks().empty())
    keys.set_jwks(text);
  if (!options.status_list_file.empty()) {
    ASSIGN_OR_RETURN(const std::string list, ReadWholeFile(options.status_list_file));
    keys.set_status_list(std::string(absl::StripAsciiWhitespace(list)));
  }
  return keys;
}

// Reads the contents of a file, or takes the text as a token: a token is never a file name, and a mistyped file name
// must not be taken for a certificate.
absl::StatusOr<std::string> ReadCertificate(const std::string& certificate) {
  constexpr absl::string_view kTokenBegins = "eyJ";
  auto file = ReadWholeFile(certificate);
  if (file.ok() || !absl::StartsWith(absl::StripAsciiWhitespace(certificate), kTokenBegins)) return file;
  return certificate;
}

absl::StatusOr<bool> Check(const Options& options) {
  ASSIGN_OR_RETURN(const training::v1::VerificationKeys keys, ReadKeys(options));
  ASSIGN_OR_RETURN(const std::string text, ReadCertificate(options.certificate));
  const absl::string_view stripped = absl::StripAsciiWhitespace(text);
  const absl::string_view token = training::TokenWithin(stripped);
  ASSIGN_OR_RETURN(const training::Checked checked,
                   training::CheckBadge(token, keys.jwks(), keys.status_list(), jp::JapanDay(Clock::System().Now())));
  const bool is_page = training::IsPdf(token);
  std::printf(
      "%s\n",
      (is_page ? Words("このPDFには修了証の文字列がありません。二次元コードを読み取った文字列で確かめてください",
                       "NO CERTIFICATE in this PDF: check what its QR code says")
               : TextOf(checked.verdict, !keys.status_list().empty()))
          .c_str());
  const training::Badge& badge = checked.badge;
  if (!badge.number.empty()) {
    std::printf("%s\n%s\n%s\n%s\n%s\n", OneLine(badge.number).c_str(), OneLine(badge.holder).c_str(),
                OneLine(badge.achievement).c_str(),
                Words(jp::FormatWareki(badge.issued), jp::FormatIso(badge.issued)).c_str(),
                OneLine(badge.issuer).c_str());
  }
  return checked.verdict == Response::VERDICT_VALID;
}

int Run(const Options& options) {
  DeclareReasons();
  const absl::StatusOr<bool> holds = Check(options);
  if (holds.ok()) return *holds ? 0 : 1;
  (void)Complain(holds.status());
  return kCannotSay;
}

}  // namespace

void AddVerifyCertificate(CLI::App& app, std::function<int()>& chosen) {
  CLI::App* command = app.add_subcommand(
      "verify-certificate",
      Words("修了証が本物かどうかを、サーバーなしで調べる", "Check a certificate of completion, without a server"));
  AddLanguageFlag(*command);
  auto options = std::make_shared<Options>();
  command
      ->add_option(
          "certificate", options->certificate,
          Words("修了証のファイル（文字列、PDF、サーバーの応答のJSON）、またはその文字列",
                "A file with the token (as text, as the PDF, or as the server answered it), or the token itself"))
      ->required();
  command
      ->add_option("--keys", options->keys_file,
                   Words("GetVerificationKeysの応答、または公開鍵の一覧のファイル",
                         "A file with what GetVerificationKeys answered, or with a key set"))
      ->required();
  command->add_option(
      "--status-list", options->status_list_file,
      Words("より新しい失効リストのファイル", "A file with a newer list of those that do not hold any more"));
  command->callback([=, &chosen] { chosen = [=] { return Run(*options); }; });
}

}  // namespace tsunagu::suite
