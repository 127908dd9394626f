#include "services/subsidy/catalogue.h"

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "common/access/actor.h"
#include "common/base/status_macros.h"
#include "common/contract/own_id.h"
#include "common/jp/code_points.h"
#include "common/jp/fold.h"
#include "common/records/records.h"
#include "common/rpc/bind.h"
#include "common/service/service.h"
#include "google/protobuf/util/time_util.h"
#include "tsunagu/subsidy/v1/catalogue.pb.h"
#include "tsunagu/subsidy/v1/programme.pb.h"

namespace tsunagu::subsidy {
namespace {

using v1::Programme;

constexpr size_t kShortestKeyword = 2;

// Returns the time in the format of that API. Days are in Japan time, nine hours ahead of UTC.
std::string MomentOf(bool has, const google::type::Date& date, absl::Duration into_the_day) {
  if (!has || !jp::CheckDate(date).ok()) return "";
  const absl::TimeZone japan = absl::FixedTimeZone(9 * 60 * 60);
  const absl::Time moment =
      absl::FromCivil(absl::CivilDay(date.year(), date.month(), date.day()), japan) + into_the_day;
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", moment, absl::UTCTimeZone());
}
std::string BeginningOf(bool has, const google::type::Date& date) { return MomentOf(has, date, absl::ZeroDuration()); }
std::string EndOf(bool has, const google::type::Date& date) {
  return MomentOf(has, date, absl::Hours(24) - absl::Seconds(1));
}

std::string IdOf(const Programme& programme) { return contract::OwnId(programme.name()); }

template <typename M>
void Summarise(const Programme& programme, M& told) {
  const auto& entry = programme.catalogue_entry();
  told.set_id(IdOf(programme));
  told.set_name(told.id());
  told.set_title(programme.display_name());
  told.set_institution_name(entry.institution());
  told.set_target_area_search(entry.target_area());
  told.set_subsidy_max_limit(static_cast<int32_t>(entry.subsidy_max_yen()));
  told.set_acceptance_start_datetime(
      BeginningOf(programme.has_application_start_date(), programme.application_start_date()));
  told.set_acceptance_end_datetime(EndOf(programme.has_application_end_date(), programme.application_end_date()));
}

void Describe(const Programme& programme, v1::SubsidyDetail& told) {
  const auto& entry = programme.catalogue_entry();
  Summarise(programme, told);
  told.set_subsidy_catch_phrase(entry.catch_phrase());
  told.set_detail(entry.detail());
  told.set_use_purpose(entry.use_purpose());
  told.set_target_area_detail(entry.target_area_detail());
  told.set_subsidy_rate(entry.subsidy_rate());
  told.set_project_end_deadline(EndOf(entry.has_project_end_date(), entry.project_end_date()));
  told.set_front_subsidy_detail_page_url(entry.url());
}

void Head(int count, v1::CatalogueMetadata& metadata) {
  metadata.set_type("subsidies");
  metadata.mutable_resultset()->set_count(count);
}

void CheckWord(const char* field, const std::string& word, std::vector<std::string> allowed, Faults& faults) {
  if (std::find(allowed.begin(), allowed.end(), word) != allowed.end()) return;
  faults.Add(field, "UNKNOWN_ENUM_VALUE"_reason, {{"value", word}, {"allowed", absl::StrJoin(allowed, ", ")}});
}

absl::Status Check(const v1::SearchSubsidiesRequest& request) {
  Faults faults;
  if (jp::ToCodePoints(request.keyword()).size() < kShortestKeyword) {
    faults.Add("keyword", "KEYWORD_TOO_SHORT"_reason);
  }
  CheckWord("sort", request.sort(), {"created_date", "acceptance_start_datetime", "acceptance_end_datetime"}, faults);
  CheckWord("order", request.order(), {"ASC", "DESC"}, faults);
  CheckWord("acceptance", request.acceptance(), {"0", "1"}, faults);
  return faults.ToStatus();
}

bool TakesApplications(const Programme& programme, jp::CivilDay day) {
  const bool has_begun =
      !programme.has_application_start_date() || jp::DayOf(programme.application_start_date()) <= day;
  const bool has_ended = programme.has_application_end_date() && jp::DayOf(programme.application_end_date()) < day;
  return has_begun && !has_ended;
}

bool Mentions(const Programme& programme, const std::string& folded) {
  const auto& entry = programme.catalogue_entry();
  const std::string told = absl::StrJoin(
      {programme.display_name(), entry.catch_phrase(), entry.detail(), entry.use_purpose(), entry.institution()}, "\n");
  return absl::StrContains(jp::Fold(told), folded);
}

absl::StatusOr<v1::SearchSubsidiesResponse> Search(Service& service, const rpc::Call& call,
                                                   const v1::SearchSubsidiesRequest& request) {
  RETURN_IF_ERROR(Check(request));
  const std::string keyword = jp::Fold(request.keyword());
  const jp::CivilDay today = service.Today();
  std::vector<std::pair<std::string, v1::SubsidySummary>> found;  // by sort key
  RETURN_IF_ERROR(service.Read(call, [&](store::View& view) {
    found.clear();
    return store::Records<Programme>::All(view).ForEach({}, [&](const Programme& programme) {
      const bool fits = programme.has_catalogue_entry() && Mentions(programme, keyword) &&
                        (request.acceptance() == "0" || TakesApplications(programme, today));
      if (!fits) return absl::OkStatus();
      v1::SubsidySummary told;
      Summarise(programme, told);
      std::string key = request.sort() == "created_date"
                            ? google::protobuf::util::TimeUtil::ToString(programme.create_time())
                        : request.sort() == "acceptance_start_datetime" ? told.acceptance_start_datetime()
                                                                        : told.acceptance_end_datetime();
      found.emplace_back(std::move(key), std::move(told));
      return absl::OkStatus();
    });
  }));
  std::sort(found.begin(), found.end(), [&](const auto& a, const auto& b) {
    const auto order = std::forward_as_tuple(a.first, a.second.id());
    const auto other = std::forward_as_tuple(b.first, b.second.id());
    return request.order() == "ASC" ? order < other : other < order;
  });
  v1::SearchSubsidiesResponse response;
  Head(static_cast<int>(found.size()), *response.mutable_metadata());
  for (auto& [key, told] : found) *response.add_result() = std::move(told);
  return response;
}

absl::StatusOr<v1::ReadSubsidyResponse> Read(Service& service, const rpc::Call& call,
                                             const v1::ReadSubsidyRequest& request) {
  v1::ReadSubsidyResponse response;
  RETURN_IF_ERROR(service.Read(call, [&](store::View& view) -> absl::Status {
    const auto programme = store::Records<Programme>::All(view).Get(absl::StrCat("programmes/", request.id()));
    const bool is_absent = absl::IsNotFound(programme.status()) || absl::IsInvalidArgument(programme.status());
    if (!programme.ok() && !is_absent) return programme.status();
    if (!programme.ok() || !programme->has_catalogue_entry()) return Fail("SUBSIDY_NOT_PUBLISHED"_reason);
    response.Clear();
    Describe(*programme, *response.add_result());
    return absl::OkStatus();
  }));
  Head(1, *response.mutable_metadata());
  return response;
}

}  // namespace

void AddCatalogue(Service& service) {
  rpc::Binder(service.module(), "tsunagu.subsidy.v1.CatalogueService")
      .Unary("SearchSubsidies",
             [&service](rpc::Call& call, const v1::SearchSubsidiesRequest& request) {
               return Search(service, call, request);
             })
      .Unary("ReadSubsidy", [&service](rpc::Call& call, const v1::ReadSubsidyRequest& request) {
        return Read(service, call, request);
      });
}

}  // namespace tsunagu::subsidy
