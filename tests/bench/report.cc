#include "tests/bench/report.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/base/clock.h"
#include "common/db/open.h"
#include "common/jp/area_code.h"
#include "common/jp/civil_day.h"
#include "tests/bench/measure.h"
#include "tsunagu/registry/v1/placement_report.pb.h"

namespace tsunagu::bench {
namespace {

const int kCoordinators = Sized(2'000, 60);
constexpr int kAtOnce = 5;
constexpr char kDay[] = "2026-08-01";

std::vector<std::string> AddBodies(Registry& registry) {
  std::string csv = "code,kind,display_name,parent\n";
  std::vector<std::string> names;
  for (int prefecture = 1; prefecture <= 47; ++prefecture) {
    if (prefecture == 31) continue;  // of the sample
    const std::string above = jp::AreaCode::FromFive(absl::StrFormat("%02d000", prefecture))->six();
    absl::StrAppend(&csv, above, ",PREFECTURE,見本県", prefecture, ",\n");
    for (int town = 301; town <= (prefecture == 1 ? 357 : 337); ++town) {
      const std::string code = jp::AreaCode::FromFive(absl::StrFormat("%02d%03d", prefecture, town))->six();
      absl::StrAppend(&csv, code, ",TOWN,見本町", prefecture, "-", town, ",areas/", above, "\n");
      names.push_back(absl::StrCat("areas/", code));
    }
  }
  registry.Import("areas", csv, static_cast<int>(names.size()) + 46);
  return names;
}

double RateOf(int rows, const absl::Time start) { return rows / absl::ToDoubleSeconds(Clock::System().Now() - start); }

}  // namespace

double AddPlacements(Registry& registry, int placements) {
  const std::vector<std::string> bodies = AddBodies(registry);
  std::string people = "source_key,display_name,home_area\n";
  for (int i = 0; i < kCoordinators; ++i) absl::StrAppend(&people, "k", i, ",見本 ", i, ",areas/312011\n");
  registry.Import("coordinators", people, kCoordinators);
  std::string csv = "source_key,coordinator,body,stage,valid_from_date,valid_to_date\n";
  for (int i = 0; i < placements; ++i) {
    // No person is placed twice at one body.
    const int person = i % kCoordinators, body = (person * 31 + i / kCoordinators) % static_cast<int>(bodies.size());
    absl::StrAppend(&csv, "p", i, ",k", person, ",", bodies[body], ",ACTUAL,",
                    i % kAtOnce == 0 ? "2024-04-01," : "2020-04-01,2021-03-31", "\n");
  }
  return registry.Import("placements", csv, placements);
}

double ReportRate(Registry& registry, int placements, bool past) {
  registry::v1::GetPlacementReportRequest request;
  *request.mutable_as_of_date() = jp::ToDate(*jp::ParseDay(kDay));
  const auto report = [&] {
    const auto answer =
        registry.server().Call<platform::v1::Report>("registry.v1.PlacementReportService/GetPlacementReport", request);
    if (!answer.ok()) GiveUp(answer.status().ToString());
    const auto persons = std::find_if(answer->figures().begin(), answer->figures().end(),
                                      [](const auto& figure) { return figure.key() == "municipalities/persons"; });
    Require(persons != answer->figures().end() && persons->numerator() > 0, answer->ShortDebugString());
    return answer->known_time();
  };
  if (past) {
    *request.mutable_as_known_at() = report();
    registry.Import("coordinators", absl::StrCat("display_name,home_area\n見本,areas/312011\n"), 1);
  }
  const absl::Time start = Clock::System().Now();
  report();
  return RateOf(placements, start);
}

double RawScanRate(const std::string& location, int placements) {
  auto database = store::Open(location);
  Require(database.ok(), location);
  const absl::Time start = Clock::System().Now();
  int64_t rows = 0;
  size_t bytes = 0;
  const absl::Status read = (*database)->Read(Deadline::After(absl::Minutes(1)), [&](store::Session& session) {
    const auto take = [&](const store::Row& row) {
      ++rows;
      for (int i = 0; i < 3; ++i) bytes += row.Bytes(i).size();
      return absl::OkStatus();
    };
    const absl::Status areas = session.Query("SELECT `id`, `kind`, `code` FROM `areas`", {}, take);
    if (!areas.ok()) return areas;
    return session.Query(
        "SELECT `id`, `body`, `coordinator` FROM `placements` WHERE `stage` = 'PLACEMENT_STAGE_ACTUAL' AND "
        "(`valid_from_date` IS NULL OR `valid_from_date` <= ?) AND (`valid_to_date` IS NULL OR `valid_to_date` >= ?)",
        {absl::string_view(kDay), absl::string_view(kDay)}, take);
  });
  Require(read.ok() && rows > 1'741 && bytes > 0, "nothing was read");
  return RateOf(placements, start);
}

}  // namespace tsunagu::bench
