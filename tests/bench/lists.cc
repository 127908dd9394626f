#include "tests/bench/lists.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/status_macros.h"
#include "common/db/open.h"
#include "tests/bench/load.h"
#include "tsunagu/registry/v1/facility.pb.h"

namespace tsunagu::bench {
namespace {

constexpr int kSeen = 118;
constexpr int kAtOnce = 1'000;  // rows of a statement, few enough that a busy MariaDB answers before the timeout
constexpr char kHalf[] = "service_kind = FACILITY_SERVICE_KIND_CHILD_DEVELOPMENT_SUPPORT";

// 0 to 999. Both engines can execute it.
constexpr char kNumbers[] =
    "WITH d AS (SELECT 0 AS n UNION SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4 UNION SELECT 5 UNION SELECT "
    "6 "
    "UNION SELECT 7 UNION SELECT 8 UNION SELECT 9), s AS (SELECT ? + d.n + 10 * e.n + 100 * f.n AS n FROM d, d e, d "
    "f) ";

enum class Who { kAdministrator, kTown, kPrefecture };
struct ListedPage {
  const char* what;
  Who who;
  const char* filter;
  const char* order_by;
};
constexpr ListedPage kPages[] = {
    {"administrator", Who::kAdministrator, "", ""},
    {"administrator, the latest changes", Who::kAdministrator, "", "update_time desc"},
    {"administrator, the latest changes of one kind", Who::kAdministrator, kHalf, "update_time desc"},
    {"officer of one town, who has 118", Who::kTown, "", ""},
    {"officer of one town, the latest changes", Who::kTown, "", "update_time desc"},
    {"officer of one town, the latest changes of one kind", Who::kTown, kHalf, "update_time desc"},
    {"officer of one prefecture in 47", Who::kPrefecture, "", ""},
    {"officer of one prefecture in 47, one kind", Who::kPrefecture, kHalf, ""},
    {"officer of one prefecture in 47, the latest changes", Who::kPrefecture, "", "update_time desc"},
};

std::string KeyOf(Registry& registry, Who who) {
  return who == Who::kAdministrator ? registry.server().api_key()
         : who == Who::kTown        ? registry.town_key()
                                    : registry.key();
}

}  // namespace

void FillFacilities(Registry& registry, int rows) {
  registry.Stop();
  const auto database = store::Open(registry.rows());
  Require(database.ok(), registry.rows());
  const int64_t step = rows / kSeen;
  for (int64_t from = 0; from < rows; from += kAtOnce) {
    const absl::Status filled = (*database)->Write(Deadline::After(absl::Minutes(5)), [&](store::Session& session) {
      const std::string id = "100000000 + s.n * 7919 % ?";
      RETURN_IF_ERROR(
          session
              .Execute(absl::StrCat(
                           "INSERT INTO facilities (id, revision, contract, create_time, update_time, "
                           "display_name, kana, address, area, service_kind) ",
                           kNumbers, "SELECT ", id,
                           ", 1, 1, s.n, s.n * 6007 % ?, s.n % 1000, 'ミホン', "
                           "'鳥取県鳥取市架空町', CASE WHEN s.n % ? = 0 AND s.n < ? * ? THEN 'areas/312011' WHEN s.n "
                           "% 47 = 1 THEN 'areas/312029' ELSE 'areas/322016' END, CASE WHEN s.n % 2 = 0 THEN "
                           "'FACILITY_SERVICE_KIND_CHILD_DEVELOPMENT_SUPPORT' ELSE "
                           "'FACILITY_SERVICE_KIND_NURSERY_VISIT_SUPPORT' END FROM s"),
                       {from, int64_t{rows}, int64_t{rows}, step, step, int64_t{kSeen}})
              .status());
      for (const char* key : {"area", "SUBSTR(area, 1, 8)"}) {
        RETURN_IF_ERROR(session
                            .Execute(absl::StrCat("INSERT INTO facilities_access (`key`, id) SELECT ", key,
                                                  ", id FROM facilities WHERE create_time >= ?"),
                                     {from})
                            .status());
      }
      return absl::OkStatus();
    });
    Require(filled.ok(), filled.ToString());
  }
  const auto keyring = store::Open(registry.keys());
  Require(keyring.ok(), registry.keys());
  const absl::Status forgotten = (*keyring)->Write(Deadline::After(absl::Minutes(1)), [](store::Session& session) {
    return session.Execute("DELETE FROM marks WHERE name = 'records are signed'", {}).status();
  });
  Require(forgotten.ok(), forgotten.ToString());
  registry.StartAgain();
}

std::vector<Line> CompareLists(const std::string& engine, Registry& few, Registry& many, absl::string_view sizes,
                               absl::Duration duration) {
  Target small(few.address(), few.server().process().pid()), large(many.address(), many.server().process().pid());
  std::vector<Line> lines;
  for (const ListedPage& page : kPages) {
    registry::v1::ListFacilitiesRequest request;
    request.set_filter(page.filter);
    request.set_order_by(page.order_by);
    const std::string bytes = request.SerializeAsString();
    const auto rate = [&](Target& target, Registry& registry) {
      return target.Rate({"/tsunagu.registry.v1.FacilityService/ListFacilities", [&](int64_t) { return bytes; }, 1,
                          KeyOf(registry, page.who), ""},
                         duration);
    };
    const std::string what = absl::StrCat("time of a page of 50 of ", sizes, ", ", page.what);
    // Pages a second of the small list divided by those of the large one.
    lines.push_back(
        {what, engine,
         Alternate(
             absl::StrCat(what, ", ", engine), [&] { return rate(small, few); }, [&] { return rate(large, many); }),
         "×", "at most 2"});
  }
  return lines;
}

}  // namespace tsunagu::bench
