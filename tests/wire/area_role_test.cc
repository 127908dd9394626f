// Roles of areas by day: a city has one status, only suitable areas have a role, and reports use the roles.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/jp/period.h"
#include "tests/wire/eight_writers.h"
#include "tests/wire/report_test_base.h"
#include "tsunagu/registry/v1/area_change.pb.h"
#include "tsunagu/registry/v1/area_role.pb.h"
#include "tsunagu/registry/v1/council_report.pb.h"

namespace tsunagu::wire {
namespace {

using registry_v1::AreaRole;
using registry_v1::AreaRoleKind;
using testing::ElementsAre;
using testing::Pair;

constexpr AreaRoleKind kDesignated = registry_v1::AREA_ROLE_KIND_DESIGNATED_CITY,
                       kCore = registry_v1::AREA_ROLE_KIND_CORE_CITY,
                       kSpecial = registry_v1::AREA_ROLE_KIND_SPECIAL_CITY,
                       kDirect = registry_v1::AREA_ROLE_KIND_DIRECT_ANSWERER;
constexpr char kRefused[] = "INVALID_ARGUMENT INVALID_REQUEST ";

class AreaRoleTest : public ReportTest {
 protected:
  // An empty day is left open.
  absl::StatusOr<AreaRole> Give(const std::string& area, AreaRoleKind role, const std::string& from = "",
                                const std::string& to = "") {
    registry_v1::CreateAreaRoleRequest request;
    request.mutable_area_role()->set_area(area);
    request.mutable_area_role()->set_role(role);
    if (!from.empty()) *request.mutable_area_role()->mutable_valid_from_date() = Day(from);
    if (!to.empty()) *request.mutable_area_role()->mutable_valid_to_date() = Day(to);
    return admin().Call<AreaRole>("registry.v1.AreaRoleService/CreateAreaRole", request);
  }
  std::string End(const std::string& role, const std::string& day) {
    registry_v1::EndAreaRoleRequest request;
    request.set_name(role);
    *request.mutable_end_date() = Day(day);
    return Said(admin().Call<AreaRole>("registry.v1.AreaRoleService/EndAreaRole", request));
  }
  // The roles that the area has on the day, or with an empty day ever, with their days: "CORE_CITY 2018-04-01..".
  std::string RolesOf(const std::string& area, const std::string& day = "") {
    registry_v1::ListAreaRolesRequest request;
    request.set_filter(absl::StrCat("area = \"", area, "\""));
    const auto listed =
        admin().Call<registry_v1::ListAreaRolesResponse>("registry.v1.AreaRoleService/ListAreaRoles", request);
    if (!listed.ok()) return Said(listed);
    std::vector<std::string> roles;
    for (const AreaRole& role : listed->area_roles()) {
      const jp::CivilDay from = role.has_valid_from_date() ? jp::DayOf(role.valid_from_date()) : jp::kFirstDay;
      const jp::CivilDay to = role.has_valid_to_date() ? jp::DayOf(role.valid_to_date()) : jp::kLastDay;
      if (!day.empty() && (*jp::ParseDay(day) < from || to < *jp::ParseDay(day))) continue;
      roles.push_back(absl::StrCat(AreaRoleKind_Name(role.role()).substr(15), " ",
                                   from == jp::kFirstDay ? "" : jp::FormatIso(from), "..",
                                   to == jp::kLastDay ? "" : jp::FormatIso(to)));
    }
    std::sort(roles.begin(), roles.end());
    return absl::StrJoin(roles, ";");
  }
  // How many bodies each report finds of each population.
  std::string Counted(const std::string& day) {
    std::vector<std::string> counts;
    const auto add = [&](const absl::StatusOr<platform_v1::Report>& report) {
      ASSERT_EQ(Said(report), "OK");
      for (const char* population : {"prefectures", "designated_cities", "municipalities"}) {
        for (const auto& figure : report->figures()) {
          if (figure.key() == absl::StrCat(population, "/bodies")) counts.push_back(absl::StrCat(figure.value()));
        }
      }
    };
    add(Report(admin(), Asking(day)));
    registry_v1::GetCouncilReportRequest councils;
    *councils.mutable_as_of_date() = Day(day);
    add(admin().Call<platform_v1::Report>("registry.v1.CouncilReportService/GetCouncilReport", councils));
    return absl::StrJoin(counts, " ");
  }
};
WIRE_TEST_ON_BOTH(AreaRoleTest);

// 鳥取市.
TEST_P(AreaRoleTest, ACityHasOneStatusOnADay) {
  ASSERT_EQ(ImportCsv(admin(), "areaRoles",
                      "地域,役割,開始日,終了日,出典\n"
                      "312011,特例市,2005-10-01,2018-03-31,政令\n"
                      "312011,中核市,2018-04-01,,政令\n"
                      "312011,調査に直接回答,2018-04-01,,\n")
                .summary,
            "3 rows: 3 created");
  EXPECT_EQ(RolesOf("areas/312011", "2005-09-30"), "");
  EXPECT_EQ(RolesOf("areas/312011", "2005-10-01"), "SPECIAL_CITY 2005-10-01..2018-03-31");
  EXPECT_EQ(RolesOf("areas/312011", "2018-03-31"), "SPECIAL_CITY 2005-10-01..2018-03-31");
  EXPECT_EQ(RolesOf("areas/312011", "2018-04-01"), "CORE_CITY 2018-04-01..;DIRECT_ANSWERER 2018-04-01..");

  const struct {
    const char* name;
    AreaRoleKind role;
    const char *from, *to, *said;
  } cases[] = {
      {"the same again", kCore, "2020-04-01", "", "area_role.valid_from_date:PERIODS_OVERLAP"},
      {"another status", kDesignated, "2030-04-01", "", "area_role.role:CITY_HAS_OTHER_STATUS"},
      {"for its last day", kDesignated, "2005-10-01", "2005-10-01", "area_role.role:CITY_HAS_OTHER_STATUS"},
      {"for ever", kDesignated, "", "", "area_role.role:CITY_HAS_OTHER_STATUS"},
      {"the days before", kCore, "", "2005-09-30", ""},
  };
  for (const auto& c : cases) {
    const std::string said = Said(Give("areas/312011", c.role, c.from, c.to));
    if (c.said[0] == '\0')
      EXPECT_EQ(said, "OK") << c.name;
    else
      EXPECT_THAT(said, testing::AllOf(testing::StartsWith(kRefused), testing::HasSubstr(c.said))) << c.name;
  }
}

TEST_P(AreaRoleTest, OnlyAreasThatCanHaveIt) {
  EXPECT_EQ(Said(Give("areas/310000", kDesignated)), absl::StrCat(kRefused, "area_role.role:ROLE_NOT_OF_SUCH_AREA"));
  EXPECT_EQ(Said(Give("areas/313025", kCore)), absl::StrCat(kRefused, "area_role.role:ROLE_NOT_OF_SUCH_AREA"));
  EXPECT_EQ(Said(Give("areas/313025", kDirect)), "OK");
  EXPECT_EQ(Said(Give("areas/999993", kCore)), absl::StrCat(kRefused, "area_role.area:REFERENCE_NOT_FOUND"));
}

// Eight of one role, and eight of which four want one status and four another.
TEST_P(AreaRoleTest, OneOfEightWins) {
  for (int round = 0; round < 3; ++round) {
    const std::string from = absl::StrCat("20", 50 + round, "-04-01"), to = absl::StrCat("20", 50 + round, "-04-30");
    const auto give = [&](AreaRoleKind role) {
      const std::string said = Said(Give("areas/312011", role, from, to));
      return said == "OK" ? said : said.substr(said.find(':') + 1);
    };
    EXPECT_THAT(EightAtOnce([&](int) { return give(kDirect); }),
                ElementsAre(Pair("OK", 1), Pair("PERIODS_OVERLAP", 7)));
    int given = 0;
    for (const auto& [said, count] : EightAtOnce([&](int i) { return give(i < 4 ? kCore : kSpecial); })) {
      if (said == "OK")
        given += count;
      else
        EXPECT_THAT(said, testing::AnyOf("PERIODS_OVERLAP", "CITY_HAS_OTHER_STATUS"));
    }
    EXPECT_EQ(given, 1);
  }
}

TEST_P(AreaRoleTest, ADesignatedCityHasItsRoleFromTheList) {
  ASSERT_EQ(ImportCsv(admin(), "areas",
                      "団体コード,都道府県名（漢字）,市区町村名（漢字）,都道府県名（カナ）,市区町村名（カナ）\n"
                      "140007,神奈川県,,ｶﾅｶﾞﾜｹﾝ,\n141003,神奈川県,横浜市,ｶﾅｶﾞﾜｹﾝ,ﾖｺﾊﾏｼ\n"
                      "141011,神奈川県,横浜市鶴見区,ｶﾅｶﾞﾜｹﾝ,ﾖｺﾊﾏｼﾂﾙﾐｸ\n142018,神奈川県,横須賀市,ｶﾅｶﾞﾜｹﾝ,ﾖｺｽｶｼ\n")
                .summary,
            "4 rows: 4 created");
  EXPECT_EQ(RolesOf("areas/141003"), "DESIGNATED_CITY ..");
  EXPECT_EQ(RolesOf("areas/141011") + RolesOf("areas/142018") + RolesOf("areas/140007"), "");
  EXPECT_EQ(Said(Give("areas/141003", kCore)), absl::StrCat(kRefused, "area_role.role:CITY_HAS_OTHER_STATUS"));

  // A role that is written again, or was ended on purpose, is not added a second time.
  registry_v1::UpdateAreaRequest again;
  again.mutable_area()->set_name("areas/141003");
  again.mutable_area()->set_kana("ヨコハマシ");
  again.mutable_update_mask()->add_paths("kana");
  ASSERT_EQ(End("areaRoles/designated-city-141003", "2060-03-31"), "OK");
  ASSERT_EQ(Said(admin().Call<registry_v1::Area>("registry.v1.AreaService/UpdateArea", again)), "OK");
  EXPECT_EQ(RolesOf("areas/141003"), "DESIGNATED_CITY ..2060-03-31");

  // A city cannot become a designated city while it has another status by its role.
  ASSERT_EQ(Said(Give("areas/142018", kCore, "2001-04-01")), "OK");
  registry_v1::UpdateAreaRequest kind;
  kind.mutable_area()->set_name("areas/142018");
  kind.mutable_area()->set_kind(registry_v1::AREA_KIND_DESIGNATED_CITY);
  kind.mutable_update_mask()->add_paths("kind");
  EXPECT_EQ(Said(admin().Call<registry_v1::Area>("registry.v1.AreaService/UpdateArea", kind)),
            absl::StrCat(kRefused, "area.kind:CITY_HAS_OTHER_STATUS"));
}

TEST_P(AreaRoleTest, ReportsAskForTheRoleOnTheirDay) {
  SuiteTest::Create(AnArea("140007", registry_v1::AREA_KIND_PREFECTURE, "見本県", ""));
  SuiteTest::Create(AnArea("141003", registry_v1::AREA_KIND_DESIGNATED_CITY, "見本市", "areas/140007"));
  EXPECT_EQ(Counted("2049-03-31"), "3 1 4 3 1 4") << "the role has no days yet";
  registry_v1::UpdateAreaRoleRequest since;
  since.mutable_area_role()->set_name("areaRoles/designated-city-141003");
  *since.mutable_area_role()->mutable_valid_from_date() = Day("2049-04-01");
  since.mutable_update_mask()->add_paths("valid_from_date");
  ASSERT_EQ(Said(admin().Call<AreaRole>("registry.v1.AreaRoleService/UpdateAreaRole", since)), "OK");
  EXPECT_EQ(Counted("2049-03-31"), "3 0 4 3 0 4");
  EXPECT_EQ(Counted("2049-04-01"), "3 1 4 3 1 4");
  ASSERT_EQ(Said(Give("areas/312011", kDesignated, "2050-04-01")), "OK") << "whatever its kind";
  EXPECT_EQ(Counted("2050-04-01"), "3 2 4 3 2 4");
}

TEST_P(AreaRoleTest, NoRoleIsLeftInAnAreaThatIsGone) {
  const auto role = Give("areas/312011", kCore, "2018-04-01");
  ASSERT_EQ(Said(role), "OK");
  SuiteTest::Create(AnArea("311006", registry_v1::AREA_KIND_DESIGNATED_CITY, "見本市", "areas/310000"));
  registry_v1::CreateAreaChangeRequest request;
  registry_v1::AreaChange& change = *request.mutable_area_change();
  change.set_kind(registry_v1::AREA_CHANGE_KIND_CODE);
  *change.mutable_effective_date() = Day("2060-04-01");
  change.add_from_areas("areas/312011");
  change.add_from_names("鳥取市");
  change.add_to_areas("areas/311006");
  change.add_to_names("見本市");
  const auto record = [&] {
    return Said(admin().Call<registry_v1::AreaChange>("registry.v1.AreaChangeService/CreateAreaChange", request));
  };
  EXPECT_EQ(record(), absl::StrCat(kRefused, "area_change.from_areas:BODY_ROLE_GOES_ON"));
  ASSERT_EQ(End(role->name(), "2060-03-31"), "OK");
  EXPECT_EQ(record(), "OK");
  EXPECT_EQ(Said(Give("areas/312011", kDirect, "2050-04-01")),
            absl::StrCat(kRefused, "area_role.area:AREA_MERGED_AWAY"));
  EXPECT_EQ(Said(Give("areas/312011", kDirect, "2050-04-01", "2060-03-31")), "OK");
  EXPECT_EQ(Said(Give("areas/311006", kDirect, "2060-03-31")),
            absl::StrCat(kRefused, "area_role.area:AREA_NOT_YET_THERE"));
}

// The prefecture keeps the roles of its own area; a municipality sees its own.
TEST_P(AreaRoleTest, WhoKeepsThem) {
  ASSERT_EQ(Said(Give("areas/313025", kDirect)), "OK");
  const Caller town = CallerWith("town", {"municipality-officer@areas/312011"});
  const auto seen = town.Call<registry_v1::ListAreaRolesResponse>("registry.v1.AreaRoleService/ListAreaRoles",
                                                                  registry_v1::ListAreaRolesRequest());
  ASSERT_EQ(Said(seen), "OK");
  EXPECT_EQ(seen->area_roles_size(), 0);
  registry_v1::CreateAreaRoleRequest request;
  request.mutable_area_role()->set_area("areas/322016");
  request.mutable_area_role()->set_role(kDirect);
  const Caller prefecture = CallerWith("prefecture", {"prefecture-officer@areas/310000"});
  const auto create = [&](const Caller& caller) {
    return Said(caller.Call<AreaRole>("registry.v1.AreaRoleService/CreateAreaRole", request));
  };
  EXPECT_THAT(create(prefecture), testing::HasSubstr("OUT_OF_SCOPE"));
  request.mutable_area_role()->set_area("areas/312011");
  EXPECT_THAT(create(town), testing::HasSubstr("PERMISSION_DENIED"));
  EXPECT_EQ(create(prefecture), "OK");
}

}  // namespace
}  // namespace tsunagu::wire
