#include "services/registry/surveys/survey_files.h"

#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/access/actor.h"
#include "common/base/digest.h"
#include "common/base/status_macros.h"
#include "common/contract/own_id.h"
#include "common/jp/civil_day.h"
#include "common/records/blobs.h"
#include "common/rpc/bind.h"
#include "common/service/service.h"
#include "google/protobuf/util/time_util.h"
#include "services/registry/surveys/survey_difference.h"
#include "services/registry/surveys/survey_export.h"
#include "services/registry/surveys/survey_file.h"
#include "tsunagu/registry/v1/area.pb.h"

namespace tsunagu::registry {
namespace {

using Form = v1::SurveyForm;
using Response = v1::SurveyResponse;
using Round = v1::SurveyRound;
using v1::SurveyFile;

constexpr int kMostFiles = 50;
constexpr absl::string_view kCsvBlob = "csv", kWorkbookBlob = "xlsx";
constexpr size_t kPartBytes = 8 << 20;

bool IsNone(const absl::Status& status) { return absl::IsNotFound(status) || absl::IsInvalidArgument(status); }

// A body that is asked sees its response, and gets the data of the round and the form that the response needs.
absl::StatusOr<SurveyFile> Make(Service& service, const rpc::Call& call, const v1::MakeSurveyFileRequest& request) {
  Response response;
  Round round;
  Form form;
  v1::Area body;
  RETURN_IF_ERROR(service.Read(call, [&](store::View& view) -> absl::Status {
    ASSIGN_OR_RETURN(response, store::Records<Response>(view).Get(request.name()));
    ASSIGN_OR_RETURN(round, store::Records<Round>::All(view).Get(contract::Schema::ParentOf(request.name())));
    ASSIGN_OR_RETURN(form, store::Records<Form>::All(view).Get(round.form()));
    ASSIGN_OR_RETURN(body, store::Records<v1::Area>::All(view).Get(response.body()));
    return absl::OkStatus();
  }));
  if (round.state() == Round::STATE_LOCKED) return Fail("SURVEY_LOCKED"_reason);
  return WriteSurveyFile(form, round, response, body.display_name(), request.format());
}

// Return the round and the response of a file. Errors: the file belongs to another one than the request.
absl::StatusOr<Round> AwaitedRound(store::Tx& tx, const v1::ImportSurveyFileRequest& request,
                                   const rules::FormIdentity& identity) {
  const bool any = absl::EndsWith(request.parent(), "/-");
  const auto found = store::Records<Round>::All(tx).Get(any ? identity.round : request.parent());
  if (any && IsNone(found.status())) {
    return FailAt("data", "SURVEY_FILE_OF_ANOTHER_ROUND"_reason, {{"round", identity.round}});
  }
  RETURN_IF_ERROR(found.status());
  if (found->form() != identity.form) {
    return FailAt("data", "SURVEY_FILE_OF_ANOTHER_FORM"_reason, {{"form", identity.form}});
  }
  if (found->name() == identity.round) return *found;
  return FailAt("data", "SURVEY_FILE_OF_ANOTHER_ROUND"_reason, {{"round", identity.round}});
}

absl::StatusOr<Response> AwaitedResponse(store::Tx& tx, const v1::ImportSurveyFileRequest& request,
                                         const rules::FormIdentity& identity) {
  const bool is_awaited = request.body().empty() || request.body() == identity.body;
  if (is_awaited) {
    auto response = store::Records<Response>(tx).Get(
        absl::StrCat(identity.round, "/surveyResponses/", contract::OwnId(identity.body)));
    if (!IsNone(response.status())) return response;
  }
  return FailAt("data", "SURVEY_FILE_OF_ANOTHER_BODY"_reason, {{"body", identity.body}});
}

void AddFile(const v1::ImportSurveyFileRequest& request, const std::string& sender, int64_t stamp, Response& response) {
  Response::File& file = *response.add_files();
  *file.mutable_take_time() = google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(stamp);
  file.set_sender(sender);
  file.set_sha256(absl::BytesToHexString(Sha256(request.data())));
  file.set_submitted(request.submit());
  file.set_late(jp::JapanDay(absl::FromUnixMicros(stamp)) > jp::DayOf(response.due_date()));
  if (response.files_size() > kMostFiles)
    response.mutable_files()->DeleteSubrange(0, response.files_size() - kMostFiles);
}

absl::Status TakeFile(store::Tx& tx, const v1::ImportSurveyFileRequest& request, const FilledForm& filled,
                      const std::string& sender, Response& response) {
  const rules::FormIdentity& identity = filled.identity();
  ASSIGN_OR_RETURN(const Round round, AwaitedRound(tx, request, identity));
  ASSIGN_OR_RETURN(const Response before, AwaitedResponse(tx, request, identity));
  ASSIGN_OR_RETURN(const Form form, store::Records<Form>::All(tx).Get(round.form()));
  if (form.etag() != identity.version) {
    return FailAt("data", "SURVEY_FILE_OF_ANOTHER_VERSION"_reason,
                  {{"version", identity.version}, {"wanted", form.etag()}});
  }
  if (round.state() == Round::STATE_LOCKED) return Fail("SURVEY_LOCKED"_reason);
  const bool is_open = before.state() == Response::STATE_DRAFT || before.state() == Response::STATE_RETURNED;
  if (!is_open) return Fail("SURVEY_HANDED_IN"_reason);
  response = before;
  Faults faults;
  filled.Take(form, request.submit(), response, faults);
  RETURN_IF_ERROR(faults.ToStatus());
  AddFile(request, sender, tx.Stamp(), response);
  if (request.submit()) {
    response.set_state(Response::STATE_SUBMITTED);
    response.clear_objections();
    *response.mutable_submit_time() = google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(tx.Stamp());
  }
  return store::Records<Response>::Update(tx, before, response);
}

absl::StatusOr<Response> Import(Service& service, const rpc::Call& call, const v1::ImportSurveyFileRequest& request) {
  ASSIGN_OR_RETURN(const FilledForm filled, FilledForm::Read(request.data()));
  const identity::Actor actor = ActorOf(call, request);
  Response response;
  RETURN_IF_ERROR(
      service.Change(actor, call.deadline, {request.SerializeAsString(), request.validate_only()}, response,
                     [&](store::Tx& tx) { return TakeFile(tx, request, filled, actor.Person(), response); }));
  return response;
}

absl::StatusOr<std::string> KeptFile(store::View& view, const Round& round, absl::string_view name) {
  ASSIGN_OR_RETURN(const store::Blobs blobs, store::Blobs::Of<Round>(view, round.name()));
  std::string bytes;
  RETURN_IF_ERROR(blobs.Read(name, 0, std::numeric_limits<int64_t>::max(), [&](absl::string_view part) {
    bytes.append(part.data(), part.size());
    return absl::OkStatus();
  }));
  return bytes;
}

absl::StatusOr<SurveyFile> Export(Service& service, const rpc::Call& call,
                                  const v1::ExportSurveyResponsesRequest& request) {
  const bool is_workbook =
      request.format() == SurveyFile::FORMAT_UNSPECIFIED || request.format() == SurveyFile::FORMAT_XLSX;
  std::string bytes;
  RETURN_IF_ERROR(service.Read(call, [&](store::View& view) -> absl::Status {
    ASSIGN_OR_RETURN(const Round round, store::Records<Round>(view).Get(request.parent()));
    if (!round.csv_sha256().empty()) {
      ASSIGN_OR_RETURN(bytes, KeptFile(view, round, is_workbook ? kWorkbookBlob : kCsvBlob));
      return absl::OkStatus();
    }
    ASSIGN_OR_RETURN(const AnswerTable table, AnswersOf(view, round));
    ASSIGN_OR_RETURN(bytes, is_workbook ? WorkbookOf(table) : absl::StatusOr<std::string>(CsvOf(table.rows)));
    return absl::OkStatus();
  }));
  return request.format() == SurveyFile::FORMAT_CSV_CP932 ? InCp932(bytes) : FileOf(std::move(bytes));
}

class Differences : public rpc::Source<v1::SurveyDifference> {
 public:
  explicit Differences(std::vector<v1::SurveyDifference> all) : all_(std::move(all)) {}
  absl::StatusOr<bool> Next(v1::SurveyDifference& difference) override {
    if (next_ == all_.size()) return false;
    difference = std::move(all_[next_++]);
    return true;
  }

 private:
  std::vector<v1::SurveyDifference> all_;
  size_t next_ = 0;
};

absl::StatusOr<std::unique_ptr<Differences>> Compare(Service& service, const rpc::Call& call,
                                                     const v1::CompareSurveyRoundsRequest& request) {
  std::vector<v1::SurveyDifference> all;
  RETURN_IF_ERROR(service.Read(call, [&](store::View& view) -> absl::Status {
    ASSIGN_OR_RETURN(all, DifferencesOf(view, request));
    return absl::OkStatus();
  }));
  return std::make_unique<Differences>(std::move(all));
}

absl::Status KeepFile(store::Tx& tx, const Round& round, absl::string_view name, absl::string_view bytes) {
  ASSIGN_OR_RETURN(const store::Blobs blobs, store::Blobs::Of<Round>(tx, round.name()));
  int64_t number = 0;
  for (size_t from = 0; from < bytes.size(); from += kPartBytes) {
    RETURN_IF_ERROR(blobs.Write(tx, name, {number++, "", std::string(bytes.substr(from, kPartBytes))}));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status KeepExport(store::Tx& tx, Round& round) {
  ASSIGN_OR_RETURN(const AnswerTable table, AnswersOf(tx, round));
  const std::string csv = CsvOf(table.rows);
  ASSIGN_OR_RETURN(const std::string workbook, WorkbookOf(table));
  RETURN_IF_ERROR(KeepFile(tx, round, kCsvBlob, csv));
  RETURN_IF_ERROR(KeepFile(tx, round, kWorkbookBlob, workbook));
  round.set_csv_sha256(absl::BytesToHexString(Sha256(csv)));
  round.set_xlsx_sha256(absl::BytesToHexString(Sha256(workbook)));
  return absl::OkStatus();
}

void AddSurveyFiles(Service& service) {
  store::Blobs::AddTo<Round>(service.store());
  rpc::Binder(service.module(), "tsunagu.registry.v1.SurveyResponseService")
      .Unary("MakeSurveyFile",
             [&](rpc::Call& call, const v1::MakeSurveyFileRequest& request) { return Make(service, call, request); })
      .Unary(
          "ImportSurveyFile",
          [&](rpc::Call& call, const v1::ImportSurveyFileRequest& request) { return Import(service, call, request); })
      .Unary("ExportSurveyResponses",
             [&](rpc::Call& call, const v1::ExportSurveyResponsesRequest& request) {
               return Export(service, call, request);
             })
      .ServerStream("CompareSurveyRounds", [&](rpc::Call& call, const v1::CompareSurveyRoundsRequest& request) {
        return Compare(service, call, request);
      });
}

}  // namespace tsunagu::registry
