#include "common/service/report.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/access/actor.h"
#include "common/base/status_macros.h"
#include "common/contract/validate.h"
#include "common/journal/journal.h"
#include "common/records/records.h"
#include "common/records/table.h"
#include "common/rpc/bind.h"
#include "common/rpc/call.h"
#include "common/service/known.h"
#include "common/service/report_name.h"
#include "common/service/request_fields.h"
#include "common/service/service.h"
#include "tsunagu/options.pb.h"

namespace tsunagu {
namespace {

namespace v1 = platform::v1;
using google::protobuf::Message;

// Returns "placement.CgYI…": the name, and the request with the report's day and moment, whether or not the caller
// chose them. A caller who alters the token only requests another report.
std::string TokenOf(const Message& request, const v1::Report& answer) {
  const std::unique_ptr<Message> kept(request.New());
  kept->CopyFrom(request);
  const auto fill = [&](const char* name, const Message& value) {
    kept->GetReflection()->MutableMessage(kept.get(), request.GetDescriptor()->FindFieldByName(name))->CopyFrom(value);
  };
  fill("as_of_date", answer.as_of_date());
  fill("as_known_at", answer.known_time());
  return absl::StrCat(answer.name(), ".", absl::WebSafeBase64Escape(kept->SerializeAsString()));
}

// Errors: RULE_NOT_KEPT when the request asks for a counting rule that this program does not have.
absl::Status CheckRuleVersion(const Message& request, int kept) {
  const auto* field = request.GetDescriptor()->FindFieldByName("rule_version");
  const int asked = field == nullptr ? 0 : request.GetReflection()->GetInt32(request, field);
  if (asked == 0 || asked == kept) return absl::OkStatus();
  return FailAt("rule_version", "RULE_NOT_KEPT"_reason, {{"kept", absl::StrCat(kept)}, {"asked", absl::StrCat(asked)}});
}

}  // namespace

absl::StatusOr<ReportRequest> ReadReportToken(const Service& service, absl::string_view token) {
  const size_t dot = token.find('.');
  ReportRequest read;
  read.report = service.FindReport(std::string(token.substr(0, dot)));
  std::string bytes;
  if (read.report == nullptr || dot == absl::string_view::npos ||
      !absl::WebSafeBase64Unescape(token.substr(dot + 1), &bytes)) {
    return FailAt("report_token", "INVALID_REPORT_TOKEN"_reason);
  }
  read.request.reset(
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(read.report->method->input_type())->New());
  if (!read.request->ParseFromString(bytes) || !contract::ValidateRequest(*read.request).ok() ||
      MessageField<google::protobuf::Timestamp>(*read.request, "as_known_at") == nullptr) {
    return FailAt("report_token", "INVALID_REPORT_TOKEN"_reason);
  }
  return read;
}

absl::StatusOr<ReportResult> RunReport(Service& service, rpc::Call& call, const Report& report, const Message& request,
                                       bool explains) {
  const MethodRule& rule = report.method->options().GetExtension(tsunagu::method);
  RETURN_IF_ERROR(CheckRuleVersion(request, rule.report().rule_version()));
  const auto* as_known_at = MessageField<google::protobuf::Timestamp>(request, "as_known_at");
  KnownPlace known;
  if (as_known_at == nullptr) {
    ASSIGN_OR_RETURN(known, LatestPlace(service, call));
  } else {
    ASSIGN_OR_RETURN(known.place, PlaceKnownAt(service, call, *as_known_at));
    known.known_time = *as_known_at;
  }
  const auto* as_of = MessageField<google::type::Date>(request, "as_of_date");
  store::Moment moment;
  moment.as_of = as_of != nullptr ? jp::DayOf(*as_of) : service.Today();
  identity::Actor actor = ActorOf(call);
  actor.scope = call.principal.ScopeFor(rule.permission());
  actor.purpose.clear();  // figures need no names of people
  bool sees_people = false;
  if (report.sees_people) {
    ASSIGN_OR_RETURN(sees_people, report.sees_people(call, request));
  }
  const std::string area = TextField(request, "area");

  ReportResult result;
  jp::CivilDay day = *moment.as_of;
  std::vector<std::string> seen;
  RETURN_IF_ERROR(service.Read(actor, call.deadline, [&](store::View& view) {
    return view.session().Snapshot([&]() -> absl::Status {
      // The tables are faster to read than the journal, when both agree.
      ASSIGN_OR_RETURN(const absl::optional<int64_t> settled, store::SettledPlace(view.session()));
      moment.known_place.reset();
      if (settled != known.place) moment.known_place = known.place;
      ReportRun run(view, moment, explains, sees_people);
      if (!area.empty()) RETURN_IF_ERROR(run.NarrowTo(area));
      RETURN_IF_ERROR(report.compute(run, request));
      result.report.mutable_figures()->Assign(run.figures.begin(), run.figures.end());
      result.rows = std::move(run.rows);
      seen = std::move(run.seen);
      day = run.day_told();
      return absl::OkStatus();
    });
  }));
  if (!seen.empty()) RETURN_IF_ERROR(service.LogAccess(call, seen));
  v1::Report& answer = result.report;
  answer.set_name(ReportNameOf(*report.method));
  *answer.mutable_title() = LabelOf(rule.report().ja(), rule.report().en());
  *answer.mutable_as_of_date() = jp::ToDate(day);
  *answer.mutable_known_time() = known.known_time;
  answer.set_place(known.place);
  answer.set_rule_version(rule.report().rule_version());
  *answer.mutable_rule() = LabelOf(rule.report().rule_ja(), rule.report().rule_en());
  answer.set_area(area);
  answer.set_token(TokenOf(request, answer));
  answer.set_partial(!actor.scope.everything());
  return result;
}

void BindReport(Service& service, const std::string& method, Report::Compute compute, Report::SeesPeople sees_people) {
  const size_t slash = method.find('/');
  const auto* contract = google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(method.substr(0, slash));
  auto report = std::make_shared<Report>();
  report->method = contract == nullptr ? nullptr : contract->FindMethodByName(method.substr(slash + 1));
  report->compute = std::move(compute);
  report->sees_people = std::move(sees_people);
  rpc::Binder(service.module(), method.substr(0, slash))
      .UnaryUntyped(method.substr(slash + 1),
                    [&service, report](rpc::Call& call, const Message& request, Message& response) -> absl::Status {
                      ASSIGN_OR_RETURN(ReportResult result, RunReport(service, call, *report, request, false));
                      static_cast<v1::Report&>(response) = std::move(result.report);
                      return absl::OkStatus();
                    });
  if (report->method != nullptr) service.AddReport(ReportNameOf(*report->method), report);
}

}  // namespace tsunagu
