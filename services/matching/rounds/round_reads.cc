#include "services/matching/rounds/round_reads.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/access/actor.h"
#include "common/base/status_macros.h"
#include "common/records/view.h"
#include "common/rpc/call.h"
#include "common/service/report_run.h"
#include "common/service/service.h"
#include "services/matching/rounds/round_parts.h"
#include "services/matching/rules/rule_table.h"
#include "services/matching/snapshot/snapshot.h"
#include "services/matching/snapshot/visit_snapshot.h"

namespace tsunagu::matching {
namespace {

constexpr char kSeeing[] = "rounds.readSnapshot";

absl::StatusOr<v1::Round> ReadRound(Service& service, const rpc::Call& call, const std::string& name) {
  v1::Round round;
  RETURN_IF_ERROR(service.Read(call, [&](store::View& view) -> absl::Status {
    ASSIGN_OR_RETURN(round, store::Records<v1::Round>(view).Get(name));
    return absl::OkStatus();
  }));
  return round;
}

absl::Status OfOtherRules(const v1::Round& round) {
  return Fail("ROUND_OF_OTHER_RULES"_reason, {{"version", absl::StrCat(round.rule_table_version())}});
}

identity::Actor Seeing(const rpc::Call& call) {
  identity::Actor actor = ActorOf(call);
  actor.scope = actor.scope.Intersection(call.principal.ScopeFor(kSeeing));
  return actor;
}

}  // namespace

absl::StatusOr<v1::Round> ReadSolved(Service& service, const rpc::Call& call, const std::string& name) {
  ASSIGN_OR_RETURN(v1::Round round, ReadRound(service, call, name));
  if (round.result_digest().empty()) return Fail("ROUND_NOT_SOLVED"_reason);
  if (IsOfVisits(round)) return Fail("ROUND_OF_VISITS"_reason);
  return round;
}

absl::StatusOr<v1::Round> ReadFrozen(Service& service, const rpc::Call& call, const std::string& name) {
  ASSIGN_OR_RETURN(v1::Round round, ReadRound(service, call, name));
  if (round.snapshot_digest().empty()) return Fail("ROUND_NOT_SOLVED"_reason);
  return round;
}

int32_t SolvedRound::NurseOf(const std::string& name) const { return IndexOf(snapshot.nurses(), name); }
int32_t SolvedRound::OpeningOf(const std::string& name) const { return IndexOf(snapshot.openings(), name); }

rules::Instance SolvedRound::WithLimitsOfRound() const {
  rules::Instance own = instance;
  for (int i = 0; i < snapshot.caps_size(); ++i) own.caps[i].limit = snapshot.caps(i).limit();
  return own;
}

absl::StatusOr<SolvedRound> LoadSolved(store::View& view, const std::string& name) {
  SolvedRound solved;
  ASSIGN_OR_RETURN(solved.round, store::Records<v1::Round>(view).Get(name));
  if (solved.round.result_digest().empty()) return Fail("ROUND_NOT_SOLVED"_reason);
  if (IsOfVisits(solved.round)) return Fail("ROUND_OF_VISITS"_reason);
  if (solved.round.least_count() == 0) solved.round.set_least_count(kLeastCount);  // stored by an older binary
  ASSIGN_OR_RETURN(solved.snapshot, LoadSnapshot(view, name));
  ASSIGN_OR_RETURN(solved.assignments, LoadAssignments(view, name, 0, solved.round.nurse_count()));
  const auto nurses = static_cast<size_t>(solved.snapshot.nurses_size());
  if (DigestOf(solved.snapshot) != solved.round.snapshot_digest()) return Fail("SNAPSHOT_CHANGED"_reason);
  if (solved.assignments.size() != nurses) return absl::DataLossError("round result");
  ASSIGN_OR_RETURN(solved.certificate, LoadCertificate(view, name));
  solved.instance =
      rules::ReadByTable(ToInstance(solved.snapshot, solved.round.seed()), solved.round.rule_table_version());
  for (int i = 0; i < solved.certificate.limits_size(); ++i)
    solved.instance.caps[i].limit = solved.certificate.limits(i);
  for (const v1::Assignment& row : solved.assignments) {
    solved.opening_of_nurse.push_back(row.opening().empty() ? -1 : solved.OpeningOf(row.opening()));
  }
  return solved;
}

absl::StatusOr<SolvedRound> LoadOfToday(store::View& view, const std::string& name) {
  ASSIGN_OR_RETURN(SolvedRound solved, LoadSolved(view, name));
  if (solved.round.rule_table_version() != rules::kRuleTableVersion) return OfOtherRules(solved.round);
  return solved;
}

absl::StatusOr<SolvedRound> LoadSolved(Service& service, const rpc::Call& call, const std::string& name) {
  absl::StatusOr<SolvedRound> solved;
  RETURN_IF_ERROR(service.Read(call, [&](store::View& view) {
    solved = LoadSolved(view, name);
    return solved.status();
  }));
  return solved;
}

absl::StatusOr<int32_t> EventToReport(const ReportRun& run, const std::string& name, bool of_visits,
                                      std::optional<int32_t> after_event) {
  ASSIGN_OR_RETURN(const v1::Round then, run.Known<v1::Round>(name));
  if (IsOfVisits(then) != of_visits) return Fail(of_visits ? "ROUND_NOT_OF_VISITS"_reason : "ROUND_OF_VISITS"_reason);
  if (then.result_digest().empty()) return Fail("ROUND_NOT_SOLVED"_reason);
  if (!after_event || *after_event <= then.event_count()) return after_event.value_or(then.event_count());
  return FailAt("after_event", "NOT_IN_ROUND"_reason, {{"name", absl::StrCat("#", *after_event)}});
}

bool GoesByPrices(const v1::Round& round) { return round.objective() == v1::Round::OBJECTIVE_COVERAGE; }

absl::Status CheckMayVary(const v1::Round& round, int64_t most_pairs) {
  if (round.rule_table_version() < 1 || round.rule_table_version() > rules::kRuleTableVersion)
    return OfOtherRules(round);
  const int64_t pairs = int64_t{round.nurse_count()} * round.opening_count();
  if (pairs <= most_pairs) return absl::OkStatus();
  return Fail("WHAT_IF_TOO_LARGE"_reason, {{"count", absl::StrCat(pairs)}, {"max", absl::StrCat(most_pairs)}});
}

absl::StatusOr<bool> MaySeeNurses(Service& service, const rpc::Call& call, const std::string& round) {
  if (call.headers.purpose.empty() || !call.principal.May(kSeeing)) return false;
  bool sees = false;
  RETURN_IF_ERROR(service.Read(Seeing(call), call.deadline, [&](store::View& view) -> absl::Status {
    sees = store::Records<v1::Round>(view).Get(round).ok();
    return absl::OkStatus();
  }));
  return sees;
}

absl::Status CheckMaySeeNurses(Service& service, const rpc::Call& call, const std::string& round) {
  if (call.headers.purpose.empty()) return Fail("PURPOSE_REQUIRED"_reason);
  ASSIGN_OR_RETURN(const bool sees, MaySeeNurses(service, call, round));
  return sees ? absl::OkStatus() : Fail("PERMISSION_DENIED"_reason, {{"permission", kSeeing}});
}

absl::Status LogSeen(Service& service, const rpc::Call& call, const std::vector<std::string>& nurses) {
  return nurses.empty() ? absl::OkStatus() : service.LogAccess(Seeing(call), call.deadline, nurses);
}

absl::StatusOr<int64_t> StartOf(Service& service, const std::string& token, const contract::PageCall& page) {
  if (token.empty()) return 0;
  ASSIGN_OR_RETURN(const auto position, OpenPageToken(service, token, page));
  const auto* start = position.size() == 1 ? absl::get_if<int64_t>(&position[0]) : nullptr;
  if (start == nullptr) return FailAt("page_token", "INVALID_PAGE_TOKEN"_reason);
  return *start;
}

std::string TokenOf(Service& service, int64_t start, const contract::PageCall& page) {
  return SignPageToken(service, page, std::vector<contract::OrderValue>{start});
}

}  // namespace tsunagu::matching
