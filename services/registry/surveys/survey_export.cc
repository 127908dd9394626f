#include "services/registry/surveys/survey_export.h"

#include <map>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/contract/own_id.h"
#include "common/contract/schema.h"
#include "common/records/records.h"
#include "common/text/row_sink.h"
#include "google/protobuf/util/time_util.h"
#include "services/registry/rules/survey.h"
#include "tsunagu/options.pb.h"
#include "tsunagu/registry/v1/area.pb.h"
#include "tsunagu/registry/v1/survey_response.pb.h"

namespace tsunagu::registry {
namespace {

using contract::Where;
using Form = v1::SurveyForm;
using Response = v1::SurveyResponse;
using Round = v1::SurveyRound;

constexpr size_t kColumnsInFront = 4;

std::string TimeInJapan(const google::protobuf::Timestamp& time) {
  if (time.seconds() == 0) return "";
  return absl::FormatTime("%Y-%m-%d %H:%M", absl::FromUnixSeconds(time.seconds()), absl::FixedTimeZone(9 * 60 * 60));
}

std::string HeadingOf(const Form::Item& item) {
  return absl::StrCat(item.label(), item.unit().empty() ? "" : "（", item.unit(), item.unit().empty() ? "" : "）");
}

template <typename E>
std::string WordOf(const google::protobuf::EnumDescriptor* type, E value) {
  return value == 0 ? "" : type->FindValueByNumber(value)->options().GetExtension(tsunagu::ja);
}

std::vector<std::string> Heading(const Form& form) {
  std::vector<std::string> row = {"団体コード", "団体", "状態", "提出日時"};
  for (const Form::Item& item : form.items()) row.push_back(HeadingOf(item));
  for (const Form::Item& item : form.items()) row.push_back(item.label() + "の根拠");
  row.push_back("備考");
  return row;
}

std::vector<std::string> RowOf(const Form& form, const Response& response, const std::string& body_name) {
  std::vector<std::string> row = {contract::OwnId(response.body()), body_name,
                                  WordOf(Response::State_descriptor(), response.state()),
                                  TimeInJapan(response.submit_time())};
  const auto answer = [&](int i) {
    return i < response.answers_size() ? response.answers(i) : Response::Answer::default_instance();
  };
  for (int i = 0; i < form.items_size(); ++i) row.push_back(rules::Shown(form.items(i), answer(i).value()));
  for (int i = 0; i < form.items_size(); ++i) {
    row.push_back(WordOf(Response::Provenance_descriptor(), answer(i).provenance()));
  }
  row.push_back(response.note());
  return row;
}

}  // namespace

absl::StatusOr<AnswerTable> AnswersOf(store::View& view, const Round& round) {
  AnswerTable table;
  ASSIGN_OR_RETURN(table.form, store::Records<Form>::All(view).Get(round.form()));
  table.created =
      absl::FromUnixSeconds(round.has_lock_time() ? round.lock_time().seconds() : round.create_time().seconds());
  std::map<std::string, Response> responses;  // by body
  RETURN_IF_ERROR(store::Records<Response>::All(view).ForEach(Where::Under(round.name()), [&](Response& response) {
    const bool counts = round.state() != Round::STATE_LOCKED || response.state() == Response::STATE_ACCEPTED;
    if (counts) responses[response.body()] = std::move(response);
    return absl::OkStatus();
  }));
  table.rows.push_back(Heading(table.form));
  for (const auto& [body, response] : responses) {
    ASSIGN_OR_RETURN(const v1::Area area, store::Records<v1::Area>::All(view).Get(body));
    table.rows.push_back(RowOf(table.form, response, area.display_name()));
  }
  return table;
}

absl::StatusOr<std::string> WorkbookOf(const AnswerTable& table) {
  sheet::Layout layout;
  layout.sheet_name = "回答一覧";
  layout.created = table.created;
  for (size_t i = 0; i < table.rows.front().size(); ++i) {
    sheet::Column& column = layout.columns.emplace_back();
    column.heading = table.rows.front()[i];
    if (i < kColumnsInFront || i - kColumnsInFront >= static_cast<size_t>(table.form.items_size())) continue;
    const Form::Kind kind = table.form.items(static_cast<int>(i - kColumnsInFront)).kind();
    if (kind == Form::KIND_NUMBER) column.kind = sheet::ColumnKind::kInteger;
    if (kind == Form::KIND_DATE) column.kind = sheet::ColumnKind::kDate;
  }
  ASSIGN_OR_RETURN(const std::unique_ptr<RowSink> file, WorkbookFile(std::move(layout)));
  for (size_t i = 1; i < table.rows.size(); ++i) RETURN_IF_ERROR(file->Add(table.rows[i]).status());
  return TakeWhole(*file);
}

}  // namespace tsunagu::registry
