// Random visits, corrections, claims and changes of grants by concurrent providers: no child uses more than was granted
// or is at two services, and a claim says what records say. TSUNAGU_SEED, TSUNAGU_ACTS and TSUNAGU_TOLD as in
// subsidy_model_test.cc.
#include <map>
#include <random>

#include "tests/faults/chance.h"
#include "tests/wire/subsidy_model_base.h"

namespace tsunagu::wire {
namespace {

using namespace subsidy_v1;  // NOLINT: requests by the dozen
using testing::IsEmpty;

class UsageModelTest : public UsageModelBase {
 protected:
  std::string Act(std::mt19937_64& random, size_t /*nth*/) override {
    switch (random() % 8) {
      case 0:
        return "claim " + Claim(random);
      case 1:
        return "withdrawal " + Withdraw(random);
      case 2:
        return "correction " + Correct(random);
      case 3:
        return "grant " + (random() % 2 == 0 ? Change(random) : GrantMore(random));
      default:
        return "visit " + Visit(random);
    }
  }

  const std::string& One(std::mt19937_64& random, const std::vector<std::string>& names) { return names[random() % names.size()]; }
  // One of four days in July and August, begun at a quarter of an hour.
  static std::string AnyDay(std::mt19937_64& random) {
    return absl::StrFormat("2049-%02d-%02d", 7 + random() % 2, 1 + random() % 2);
  }
  std::string AnyVisit(std::mt19937_64& random, bool may_be_undone, const std::string& more = "") {
    const int begins = 15 * static_cast<int>(24 + random() % 64);
    const int minutes = may_be_undone && random() % 3 == 0 ? 0 : 15 * static_cast<int>(3 + random() % 12);
    const auto time = [](int minute) { return absl::StrFormat("%d:%02d", minute / 60, minute % 60); };
    std::string others;
    if (minutes > 0 && random() % 4 == 0) others = absl::StrCat("insured_minutes: ", random() % 30, " fee_minutes: ", random() % 30);
    return ActivitiesTest::Visit(One(random, providers_), AnyDay(random), time(begins), time(begins + minutes), others + more);
  }

  std::string Visit(std::mt19937_64& random) { return Said(Record(One(random, grants_), AnyVisit(random, false))); }

  std::string Correct(std::mt19937_64& random) {
    const std::string& grant = One(random, grants_);
    const auto list = Ask<ListServiceRecordsResponse, ListServiceRecordsRequest>(
        *city_, "ServiceRecordService/ListServiceRecords", absl::StrCat("parent: '", grant, "' page_size: 1000"));
    if (!list.ok() || list->service_records().empty()) return Said(list);
    const std::string& wrong = list->service_records(static_cast<int>(random() % list->service_records_size())).name();
    return Said(Record(grant, AnyVisit(random, true, absl::StrCat(" replaces: '", wrong, "'"))));
  }

  // What the records said when it was drawn up; somebody may have recorded more since.
  std::string Claim(std::mt19937_64& random) {
    const std::string& provider = One(random, providers_);
    const int month = 7 + static_cast<int>(random() % 2);
    const auto list = Ask<ListServiceRecordsResponse, ListServiceRecordsRequest>(
        *city_, "ServiceRecordService/ListServiceRecords", "parent: 'usageGrants/-' page_size: 1000");
    if (!list.ok()) return Said(list);
    std::map<std::string, ServiceRecord> held;
    for (const auto& one : list->service_records()) held[one.name()] = one;
    for (const auto& one : list->service_records()) held.erase(one.replaces());
    std::map<std::string, std::pair<int, int>> due;  // by grant
    for (const auto& [name, one] : held) {
      if (one.provider() != provider || one.service_date().month() != month) continue;
      auto& [minutes, yen] = due[name.substr(0, name.find("/serviceRecords/"))];
      minutes += one.minutes();
      yen += static_cast<int>(one.yen());
    }
    std::string lines;
    int total = 0;
    for (const auto& [grant, sums] : due) {
      const int yen = sums.second + (random() % 32 == 0 ? 1 : 0);
      lines += Line(grant, sums.first, yen);
      total += yen;
    }
    return Said(File(provider, lines, total, absl::StrFormat("2049-%02d-01", month)));
  }

  std::string Withdraw(std::mt19937_64& random) {
    const auto list = Ask<ListUsageClaimsResponse, ListUsageClaimsRequest>(
        *city_, "UsageClaimService/ListUsageClaims", "parent: 'providers/-' page_size: 1000 filter: 'state = STATE_FILED'");
    if (!list.ok() || list->usage_claims().empty()) return Said(list);
    return Said(Ask<UsageClaim, WithdrawUsageClaimRequest>(
        *city_, "UsageClaimService/WithdrawUsageClaim",
        absl::StrCat("name: '", list->usage_claims(static_cast<int>(random() % list->usage_claims_size())).name(), "' reason: 'r'")));
  }

  // It may use less, or until an earlier day.
  std::string Change(std::mt19937_64& random) {
    const std::string& grant = One(random, grants_);
    const bool ends = random() % 4 == 0;
    return Said(Ask<UsageGrant, UpdateUsageGrantRequest>(
        *city_, "UsageGrantService/UpdateUsageGrant",
        absl::StrCat("usage_grant { name: '", grant, "' ",
                     ends ? Day("end_date", random() % 2 == 0 ? "2049-07-01" : "2049-12-31")
                          : absl::StrCat("minutes: ", 60 * (1 + random() % 20)),
                     " } update_mask { paths: '", ends ? "end_date" : "minutes", "' }")));
  }

  // Of a child that mostly has it already.
  std::string GrantMore(std::mt19937_64& random) {
    return Said(Grant(absl::StrCat("a-", random() % 4), "cost_class: 'exempt'", random() % 2 == 0 ? "rest" : "short"));
  }

  void Prepare() {
    MakeScheme("short", "ACTIVITY_RESPITE",
               "unit_minutes: 20 rest: REST_COUNTED limit_minutes: 600 limit_period: LIMIT_PERIOD_MONTH start: "
               "START_APPLICATION unit_price_yen: 1999 yen_unit: 10 yearly_cap_yen: 30000 "
               "cost_classes { code: 'exempt' ja: '非課税' paid_percent: 95 }");
    providers_ = {station_, MakeProvider("ACTIVITY_RESPITE"), MakeProvider("ACTIVITY_RESPITE")};
    for (const char* child : {"a-0", "a-1", "a-2"}) {
      grants_.push_back(MakeGrant(child, "cost_class: 'ordinary' minutes: 900"));
      grants_.push_back(MakeGrant(child, "cost_class: 'exempt'", "short"));
    }
  }

  std::vector<std::string> providers_, grants_;
};

TEST_P(UsageModelTest, WhateverEightProvidersDoAtOnce) {
  const uint64_t seed = faults::Seed();
  SCOPED_TRACE(absl::StrCat("TSUNAGU_SEED=", seed));
  const int acts = static_cast<int>(faults::Given("TSUNAGU_ACTS", GetParam() == Engine::kSqlite ? 150 : 80));
  Prepare();
  auto all = Run(seed, acts);
  for (const char* what : {"visit OK", "correction OK", "claim OK", "withdrawal OK", "grant OK"}) {
    EXPECT_GT(all[what], 0) << "too few came through to mean anything";
  }
  EXPECT_THAT(Faults(), IsEmpty());
}

WIRE_TEST_ON_BOTH(UsageModelTest);

}  // namespace
}  // namespace tsunagu::wire
