#include "services/suite/payments.h"

#include <iostream>
#include <memory>

#include "CLI/CLI.hpp"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "common/base/status_macros.h"
#include "common/host/usage.h"
#include "common/host/words.h"
#include "common/jp/civil_day.h"
#include "services/suite/input.h"
#include "services/suite/new_file.h"
#include "services/suite/print_error.h"
#include "services/suite/progress.h"

namespace tsunagu::suite {
namespace {

namespace v1 = subsidy::v1;

constexpr size_t kLargestResult = 3 << 20;

template <typename M>
absl::StatusOr<M> Ask(const Client& client, absl::string_view method, const google::protobuf::Message& request) {
  return client.peer->Unary<M>(absl::StrCat("tsunagu.subsidy.v1.PaymentBatchService/", method), request, client.stream);
}

// The name of a batch that people call by its number.
absl::StatusOr<std::string> NameOf(const Client& client, const std::string& batch) {
  if (absl::StrContains(batch, '/')) return batch;
  v1::ListPaymentBatchesRequest request;
  request.set_filter(
      absl::StrCat("document_number = \"", absl::StrReplaceAll(batch, {{"\\", "\\\\"}, {"\"", "\\\""}}), "\""));
  ASSIGN_OR_RETURN(const auto found, Ask<v1::ListPaymentBatchesResponse>(client, "ListPaymentBatches", request));
  if (found.payment_batches_size() > 0) return found.payment_batches(0).name();
  return FailHere(absl::StatusCode::kNotFound, "PAYMENT_BATCH_NOT_FOUND",
                  absl::StrCat("請求番号「", batch, "」の支払データはありません。"),
                  absl::StrCat("There is no batch with the number \"", batch, "\"."));
}

std::string Amount(bool ja, int64_t count, int64_t yen) {
  return ja ? absl::StrCat(WithCommas(count), "件 ", WithCommas(yen), "円")
            : absl::StrCat(WithCommas(count), ", ¥", WithCommas(yen));
}

}  // namespace

absl::Status MakePayments(const Client& client, const v1::PaymentBatch& batch, std::ostream& told) {
  const bool ja = client.once.language == Language::kJapanese;
  v1::CreatePaymentBatchRequest request;
  *request.mutable_payment_batch() = batch;
  ASSIGN_OR_RETURN(const auto made, Ask<v1::PaymentBatch>(client, "CreatePaymentBatch", request));
  told << made.name() << "\n"
       << (ja ? "請求: " : "asked for: ") << Amount(ja, made.request_count(), made.total_yen()) << "\n";
  if (made.left_count() > 0) {
    told << (ja ? absl::StrCat("ほかに", WithCommas(made.left_count()), "件あります。もう一度作成してください。\n")
                : absl::StrCat(WithCommas(made.left_count()), " more are due. Make another batch.\n"));
  }
  return Flush(told);
}

absl::Status WritePayments(const Client& client, const std::string& batch, const std::string& file,
                           std::ostream& told) {
  const bool ja = client.once.language == Language::kJapanese;
  v1::ReadPaymentFileRequest request;
  ASSIGN_OR_RETURN(*request.mutable_name(), NameOf(client, batch));
  ASSIGN_OR_RETURN(const auto read, Ask<v1::ReadPaymentFileResponse>(client, "ReadPaymentFile", request));
  ASSIGN_OR_RETURN(const auto written, NewFile::Create(file));
  RETURN_IF_ERROR(written->Write(read.data()));
  RETURN_IF_ERROR(written->Finish());
  told << file << ": " << Amount(ja, read.request_count(), read.total_yen()) << "\nSHA-256: " << read.sha256() << "\n";
  if (read.replaced_characters_size() > 0) {
    told << (ja ? "文字コードにないため置き換えた文字: " : "Replaced, as the encoding does not have them: ")
         << absl::StrJoin(read.replaced_characters(), " ") << "\n";
  }
  return Flush(told);
}

absl::Status ReadPaymentResult(const Client& client, const std::string& batch, const std::string& file,
                               const StatedResult& stated, std::ostream& told) {
  const bool ja = client.once.language == Language::kJapanese;
  ASSIGN_OR_RETURN(const auto input, Input::Open(file));
  v1::ImportPaymentResultRequest request;
  ASSIGN_OR_RETURN(*request.mutable_name(), NameOf(client, batch));
  ASSIGN_OR_RETURN(*request.mutable_data(), input->ReadAll(kLargestResult));
  if (request.data().size() > kLargestResult) {
    return FailHere(absl::StatusCode::kInvalidArgument, "PAYMENT_RESULT_TOO_LARGE", "結果のファイルは3 MiBまでです。",
                    "A result has at most 3 MiB.");
  }
  request.set_stated_count(stated.count);
  request.set_stated_yen(stated.yen);
  ASSIGN_OR_RETURN(const auto taken, Ask<v1::PaymentBatch>(client, "ImportPaymentResult", request));
  told << (ja ? "支払済: " : "paid: ") << Amount(ja, taken.paid_count(), taken.paid_yen()) << "\n"
       << (ja ? "エラー: " : "refused: ") << Amount(ja, taken.refused_count(), taken.total_yen() - taken.paid_yen())
       << "\n";
  return Flush(told);
}

absl::Status ReleasePayments(const Client& client, const std::string& batch, const std::string& reason,
                             std::ostream& told) {
  const bool ja = client.once.language == Language::kJapanese;
  v1::ReleasePaymentBatchRequest request;
  ASSIGN_OR_RETURN(*request.mutable_name(), NameOf(client, batch));
  request.set_reason(reason);
  ASSIGN_OR_RETURN(const auto released, Ask<v1::PaymentBatch>(client, "ReleasePaymentBatch", request));
  told << (ja ? "取消: " : "let go: ") << Amount(ja, released.request_count(), released.total_yen()) << "\n";
  return Flush(told);
}

namespace {

struct Flags {
  ClientFlags client;
  std::string body, layout, number, date, programme;  // of a batch that is made
  std::string batch, file, reason;
  StatedResult stated;
};

absl::Status Make(const Client& client, const Flags& flags) {
  v1::PaymentBatch batch;
  batch.set_body(FullName("areas", flags.body));
  batch.set_layout(FullName("paymentLayouts", flags.layout));
  batch.set_document_number(flags.number);
  if (!flags.programme.empty()) batch.set_programme(FullName("programmes", flags.programme));
  ASSIGN_OR_RETURN(const jp::CivilDay day, jp::ParseDay(flags.date));
  *batch.mutable_request_date() = jp::ToDate(day);
  return MakePayments(client, batch, std::cout);
}

void AddBatch(CLI::App& command, Flags& flags) {
  command.add_option("batch", flags.batch, Words("支払データの請求番号: R8-1", "The number of the batch: R8-1"))
      ->required();
}

}  // namespace

void AddPayments(CLI::App& app, std::function<int()>& chosen) {
  CLI::App* payments = app.add_subcommand("payments", Words("財務会計システムへの支払データを作り、結果を取り込む",
                                                            "Files for the accounting system, and its results"));
  payments->require_subcommand(1);
  AddLanguageFlag(*payments);

  auto made = std::make_shared<Flags>();
  CLI::App* make =
      payments->add_subcommand("make", Words("支払うべきものをまとめて請求する", "Ask for all that is due"));
  make->add_option("--body", made->body, Words("支払う団体: areas/310000", "Who pays: areas/310000"))->required();
  make->add_option("--layout", made->layout, Words("様式: paymentLayouts/…", "The layout: paymentLayouts/..."))
      ->required();
  make->add_option("--number", made->number, Words("請求番号: R8-1", "Its number: R8-1"))->required();
  make->add_option("--date", made->date, Words("請求日: 2026-04-03", "The day of the request: 2026-04-03"))->required();
  make->add_option("--programme", made->programme, Words("この補助事業だけ: programmes/…", "Of this programme only"));
  RunAsClient(*make, made, chosen, Make);

  auto written = std::make_shared<Flags>();
  CLI::App* write =
      payments->add_subcommand("write", Words("支払データのファイルを書き出す", "Write the file of a batch"));
  AddBatch(*write, *written);
  write->add_option("--out", written->file, Words("書き出すファイル", "The file to write"))->required();
  RunAsClient(*write, written, chosen, [](const Client& client, const Flags& flags) {
    return WritePayments(client, flags.batch, flags.file, std::cout);
  });

  auto read = std::make_shared<Flags>();
  CLI::App* result =
      payments->add_subcommand("result", Words("支払の結果のファイルを取り込む", "Take the result of a batch"));
  AddBatch(*result, *read);
  result->add_option("file", read->file, Words("結果のファイル。- は標準入力", "The result, or - for standard input"))
      ->required();
  result
      ->add_option("--count", read->stated.count, Words("送付票にある件数", "The count on the sheet that came with it"))
      ->check(CLI::NonNegativeNumber);
  result->add_option("--yen", read->stated.yen, Words("送付票にある金額", "The yen on that sheet"))
      ->check(CLI::NonNegativeNumber);
  RunAsClient(*result, read, chosen, [](const Client& client, const Flags& flags) {
    return ReadPaymentResult(client, flags.batch, flags.file, flags.stated, std::cout);
  });

  auto released = std::make_shared<Flags>();
  CLI::App* release =
      payments->add_subcommand("release", Words("実行されなかった支払データを取り消し、もう一度請求できるようにする",
                                                "Let a batch go that was never carried out"));
  AddBatch(*release, *released);
  release->add_option("--reason", released->reason, Words("理由", "Why"))->required();
  RunAsClient(*release, released, chosen, [](const Client& client, const Flags& flags) {
    return ReleasePayments(client, flags.batch, flags.reason, std::cout);
  });
}

}  // namespace tsunagu::suite
