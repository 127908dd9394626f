// Lists through the wire: filters, orders and pages.
#include <algorithm>
#include <atomic>
#include <map>
#include <random>
#include <set>
#include <thread>

#include "absl/strings/str_join.h"
#include "tests/wire/suite_test_base.h"

namespace tsunagu::wire {
namespace {

class ListTest : public SuiteTest {
 protected:
  static absl::StatusOr<registry_v1::ListFacilitiesResponse> List(const Caller& caller, const std::string& filter,
                                                                  const std::string& order_by = "", int size = 1000,
                                                                  const std::string& token = "") {
    registry_v1::ListFacilitiesRequest request;
    request.set_filter(filter);
    request.set_order_by(order_by);
    request.set_page_size(size);
    request.set_page_token(token);
    return caller.Call<registry_v1::ListFacilitiesResponse>("registry.v1.FacilityService/ListFacilities", request);
  }
  // The ids of one page with spaces between, or what was said.
  std::string Ids(const std::string& filter, const std::string& order_by = "") {
    const auto page = List(admin(), filter, order_by);
    if (!page.ok()) return Said(page);
    std::vector<std::string> ids;
    for (const auto& facility : page->facilities()) ids.push_back(facility.name().substr(11));
    return absl::StrJoin(ids, " ");
  }
  void CreateMany(int count) {
    std::string file = "facility_id,display_name,kana,capacity\n";
    for (int i = 0; i < count; ++i) {
      absl::StrAppend(&file, "f", 100'000 + i, ",名称", i % 7, ",", i % 3 ? absl::StrCat("カナ", i % 11) : "", ",",
                      i % 50 + 1, "\n");
    }
    ASSERT_EQ(ImportCsv(admin(), "facilities", file).counts.created_count(), count);
  }
};
WIRE_TEST_ON_BOTH(ListTest);

TEST_P(ListTest, FiltersAndOrdersSayWhichRows) {
  CreateAreas();
  auto make = [&](const char* id, const char* name, const char* kana, const char* area,
                  std::vector<std::string> identifiers) {
    registry_v1::Facility facility = AFacility(name, area);
    facility.set_kana(kana);
    facility.set_service_kind(id[0] == 'a' ? registry_v1::FACILITY_SERVICE_KIND_NURSERY_VISIT_SUPPORT
                                           : registry_v1::FACILITY_SERVICE_KIND_UNSPECIFIED);
    for (const std::string& identifier : identifiers) facility.add_identifiers(identifier);
    Create(id, facility);
  };
  make("a1", "あさひ", "アサヒ", "areas/312011", {"x/1/63", "x/2/63"});
  make("b2", "いずみ \"泉\"", "", "areas/322016", {"x/2/63"});
  make("c3", "うみ", "ウミ", "", {});
  make("d4", "あさひ", "アサヒ", "areas/312011", {});

  struct Case {
    std::string filter, order_by;
    const char* ids;
  };
  const Case cases[] = {
      {"", "", "a1 b2 c3 d4"},
      {"area = \"areas/312011\"", "", "a1 d4"},
      {"area != areas/312011", "", "b2 c3"},
      {"NOT area = areas/312011", "name desc", "c3 b2"},
      {"area:*", "", "a1 b2 d4"},
      {"-area:*", "", "c3"},
      {"area = areas/312011 OR area = areas/322016", "display_name desc, name", "b2 a1 d4"},
      {"(area:* AND display_name > \"あ\") identifiers:\"x/2/63\"", "", "a1 b2"},
      {"identifiers:\"x/1/63\"", "", "a1"},
      {"NOT identifiers:*", "", "c3 d4"},
      {"service_kind = FACILITY_SERVICE_KIND_NURSERY_VISIT_SUPPORT", "", "a1"},
      {"display_name = \"いずみ \\\"泉\\\"\"", "", "b2"},
      {"display_name = \"あさひ' OR '1'='1\"", "", ""},
      {"", "kana, name desc", "b2 d4 a1 c3"},
      {"", "display_name desc", "c3 b2 d4 a1"},
  };
  for (const Case& c : cases) EXPECT_EQ(Ids(c.filter, c.order_by), c.ids) << c.filter << " by " << c.order_by;
}

TEST_P(ListTest, WhatCannotBeReadIsRefusedAllAtOnce) {
  const char* start = "INVALID_ARGUMENT INVALID_REQUEST ";
  EXPECT_EQ(Ids("colour = 1", "address"),
            absl::StrCat(start, "filter:FIELD_NOT_FILTERABLE order_by:FIELD_NOT_SORTABLE"));
  EXPECT_EQ(Ids("area =", "name sideways"), absl::StrCat(start, "filter:MALFORMED_FILTER order_by:MALFORMED_ORDER_BY"));
  EXPECT_EQ(Ids("address = x"), absl::StrCat(start, "filter:FIELD_NOT_FILTERABLE"));
  EXPECT_EQ(Ids("service_kind = BAKERY"), absl::StrCat(start, "filter:UNKNOWN_ENUM_VALUE"));
  EXPECT_EQ(Ids(std::string(1001, 'x')), absl::StrCat(start, "filter:FIELD_TOO_LONG"));
  EXPECT_EQ(Said(List(admin(), "", "", -1)), absl::StrCat(start, "page_size:OUT_OF_RANGE"));
}

TEST_P(ListTest, PagesHaveTheirSizes) {
  CreateMany(1203);
  const auto usual = List(admin(), "", "", 0);
  EXPECT_EQ(usual->facilities_size(), 50);
  const auto most = List(admin(), "", "", 2'000'000'000);
  EXPECT_EQ(most->facilities_size(), 1000);
  const auto rest = List(admin(), "", "", 2'000'000'000, most->next_page_token());
  EXPECT_EQ(rest->facilities_size(), 203);
  EXPECT_EQ(rest->next_page_token(), "");
  EXPECT_EQ(List(admin(), "", "", 203, most->next_page_token())->next_page_token(), "") << "no empty last page";
}

TEST_P(ListTest, ATokenIsGoodForItsCallOnly) {
  CreateMany(30);
  const std::string invalid = "INVALID_ARGUMENT INVALID_REQUEST page_token:INVALID_PAGE_TOKEN";
  const std::string token = List(admin(), "area = \"\"", "kana", 10)->next_page_token();
  ASSERT_NE(token, "");
  EXPECT_EQ(Said(List(admin(), "area = \"\"", "kana", 7, token)), "OK") << "the size may change";
  EXPECT_EQ(Said(List(admin(), "area = \"x\"", "kana", 10, token)), invalid);
  EXPECT_EQ(Said(List(admin(), "area = \"\"", "kana desc", 10, token)), invalid);
  EXPECT_EQ(Said(List(CallerWith("other", {"admin@*"}), "area = \"\"", "kana", 10, token)), invalid);
  registry_v1::ListNursesRequest elsewhere;
  elsewhere.set_page_token(token);
  EXPECT_EQ(Said(admin().Call<registry_v1::ListNursesResponse>("registry.v1.NurseService/ListNurses", elsewhere)),
            invalid);
  EXPECT_EQ(Said(List(admin(), "area = \"\"", "kana", 10, "forged")), invalid);
  for (size_t at = 0; at < token.size(); at += 5) {
    std::string bent = token;
    bent[at] = bent[at] == 'A' ? 'B' : 'A';
    EXPECT_EQ(Said(List(admin(), "area = \"\"", "kana", 10, bent)), invalid) << at;
  }
}

TEST_P(ListTest, ATokenIsGoodForADayAndOverARestart) {
  CreateMany(30);
  const std::string token = List(admin(), "", "", 10)->next_page_token();
  server().Restart();
  clock().Advance(absl::Hours(24) - absl::Seconds(1));
  EXPECT_EQ(Said(List(admin(), "", "", 10, token)), "OK");
  clock().Advance(absl::Seconds(2));
  EXPECT_EQ(Said(List(admin(), "", "", 10, token)), "INVALID_ARGUMENT INVALID_REQUEST page_token:PAGE_TOKEN_EXPIRED");
}

// While somebody inserts and updates: every row that was there from beginning to end is seen exactly once.
TEST_P(ListTest, PagingSeesEveryRowOnceWhateverIsWrittenMeanwhile) {
  CreateMany(3000);
  for (const char* order_by : {"", "display_name desc, kana", "create_time"}) {
    std::atomic<bool> stop{false};
    std::atomic<int> written{0};
    std::thread writer([&] {
      std::mt19937 random(7);
      for (int i = 0; !stop; ++i) {
        if (i % 2 == 0) {
          registry_v1::CreateFacilityRequest request;
          *request.mutable_facility() = AFacility(absl::StrCat("名称", random() % 7), "");
          written += admin().Call<registry_v1::Facility>("registry.v1.FacilityService/CreateFacility", request).ok();
        } else {  // columns that are not sorted on
          registry_v1::UpdateFacilityRequest request;
          request.mutable_facility()->set_name(absl::StrCat("facilities/f", 100'000 + random() % 3000));
          request.mutable_facility()->set_note(absl::StrCat(i));
          request.mutable_update_mask()->add_paths("note");
          written += admin().Call<registry_v1::Facility>("registry.v1.FacilityService/UpdateFacility", request).ok();
        }
      }
    });
    std::map<std::string, int> seen;
    std::string token;
    do {
      const auto page = List(admin(), "", order_by, 137, token);
      if (!page.ok()) ADD_FAILURE() << Said(page);
      if (!page.ok()) break;
      for (const auto& facility : page->facilities()) ++seen[facility.name()];
      token = page->next_page_token();
    } while (!token.empty());
    stop = true;
    writer.join();
    for (int i = 0; i < 3000; ++i) ASSERT_EQ(seen[absl::StrCat("facilities/f", 100'000 + i)], 1) << i << order_by;
    for (const auto& [name, times] : seen) ASSERT_EQ(times, 1) << name;
    EXPECT_GT(written, 0);
  }
}

// Random filters over random rows say what the same comparisons in memory say.
TEST_P(ListTest, RandomFiltersAgreeWithMemory) {
  std::mt19937 random(20'250'402);
  auto pick = [&](int below) { return static_cast<int>(random() % below); };
  const std::vector<std::string> texts = {"", "a", "A", "b", "ア", "高", "髙", "𠮷"};
  std::vector<registry_v1::Facility> rows;
  std::string file = "facility_id,display_name,source_key,designated_by,identifiers\n";
  for (int i = 0; i < 300; ++i) {
    registry_v1::Facility row;
    row.set_name(absl::StrCat("r", 100 + i));
    row.set_display_name(texts[1 + pick(7)]);
    if (pick(3)) row.set_source_key(absl::StrCat(texts[pick(8)], i));
    row.set_designated_by(texts[pick(8)]);
    std::set<std::string> identifiers;
    for (int n = pick(3); n > 0; --n) identifiers.insert(absl::StrCat("x/", pick(4), "/1"));
    for (const std::string& identifier : identifiers) row.add_identifiers(identifier);
    absl::StrAppend(&file, row.name(), ",", row.display_name(), ",", row.source_key(), ",", row.designated_by(), ",",
                    absl::StrJoin(identifiers, ";"), "\n");
    rows.push_back(std::move(row));
  }
  ASSERT_EQ(ImportCsv(admin(), "facilities", file).counts.created_count(), 300);

  using Test = std::function<bool(const registry_v1::Facility&)>;
  std::function<std::pair<std::string, Test>(int)> make = [&](int depth) -> std::pair<std::string, Test> {
    const int shape = depth == 0 ? pick(3) : pick(6);
    if (shape <= 1) {
      const std::string value = texts[pick(8)];
      const std::string comparators[] = {"=", "!=", "<", "<=", ">", ">="};
      const int which = pick(6);
      const bool name = pick(2);
      return {absl::StrCat(name ? "display_name " : "designated_by ", comparators[which], " \"", value, "\""),
              [=](const registry_v1::Facility& row) {
                const int order = (name ? row.display_name() : row.designated_by()).compare(value);
                const bool holds[] = {order == 0, order != 0, order<0, order <= 0, order> 0, order >= 0};
                return holds[which];
              }};
    }
    if (shape == 2) {
      const std::string value = absl::StrCat("x/", pick(4), "/1");
      return {absl::StrCat("identifiers:\"", value, "\""), [=](const registry_v1::Facility& row) {
                return std::find(row.identifiers().begin(), row.identifiers().end(), value) != row.identifiers().end();
              }};
    }
    const auto a = make(depth - 1), b = make(depth - 1);
    if (shape == 3) {
      return {absl::StrCat("NOT (", a.first, ")"), [t = a.second](const auto& row) { return !t(row); }};
    }
    if (shape == 4) {
      return {absl::StrCat("(", a.first, " AND ", b.first, ")"),
              [x = a.second, y = b.second](const auto& row) { return x(row) && y(row); }};
    }
    return {absl::StrCat("(", a.first, " OR ", b.first, ")"),
            [x = a.second, y = b.second](const auto& row) { return x(row) || y(row); }};
  };
  for (int round = 0; round < 150; ++round) {
    const auto [filter, test] = make(3);
    std::vector<std::string> expected;
    for (const auto& row : rows) {
      if (test(row)) expected.push_back(row.name());
    }
    ASSERT_EQ(Ids(filter), absl::StrJoin(expected, " ")) << filter;
  }
}

}  // namespace
}  // namespace tsunagu::wire
