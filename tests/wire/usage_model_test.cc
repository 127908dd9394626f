// Random visits, corrections, claims and changes of grants by concurrent providers, and approvals and payments by
// officers: no child uses more than was granted or is at two services at once, and a claim agrees with the records and
// is paid once. TSUNAGU_SEED, TSUNAGU_ACTS and TSUNAGU_TOLD as in subsidy_model_test.cc.
#include <map>
#include <memory>
#include <random>

#include "tests/faults/chance.h"
#include "tests/wire/subsidy_model_base.h"
#include "tsunagu/subsidy/v1/payment_batch.pb.h"
#include "tsunagu/subsidy/v1/payment_layout.pb.h"
#include "tsunagu/subsidy/v1/payment_request.pb.h"

namespace tsunagu::wire {
namespace {

using namespace subsidy_v1;  // NOLINT: requests by the dozen
using testing::IsEmpty;

class UsageModelTest : public UsageModelBase {
 protected:
  std::string Act(std::mt19937_64& random, size_t nth) override {
    switch (random() % 10) {
      case 0:
        return "claim " + Claim(random);
      case 1:
        return random() % 2 == 0 ? "withdrawal " + Withdraw(random) : Decide(random, nth);
      case 2:
        return "correction " + Correct(random);
      case 3:
        return "grant " + (random() % 2 == 0 ? Change(random) : GrantMore(random));
      case 4:
      case 5:
        return Decide(random, nth);
      default:
        return "visit " + Visit(random);
    }
  }

  const std::string& One(std::mt19937_64& random, const std::vector<std::string>& names) {
    return names[random() % names.size()];
  }
  // One of four days in July and August, begun at a quarter of an hour.
  static std::string AnyDay(std::mt19937_64& random) {
    return absl::StrFormat("2049-%02d-%02d", 7 + random() % 2, 1 + random() % 2);
  }
  std::string AnyVisit(std::mt19937_64& random, bool may_be_undone, const std::string& more = "") {
    const int begins = 15 * static_cast<int>(24 + random() % 64);
    const int minutes = may_be_undone && random() % 3 == 0 ? 0 : 15 * static_cast<int>(3 + random() % 12);
    const auto time = [](int minute) { return absl::StrFormat("%d:%02d", minute / 60, minute % 60); };
    std::string others;
    if (minutes > 0 && random() % 4 == 0)
      others = absl::StrCat("insured_minutes: ", random() % 30, " fee_minutes: ", random() % 30);
    return ActivitiesTest::Visit(One(random, providers_), AnyDay(random), time(begins), time(begins + minutes),
                                 others + more);
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
        *city_, "UsageClaimService/ListUsageClaims",
        "parent: 'providers/-' page_size: 1000 filter: 'state = STATE_FILED'");
    if (!list.ok() || list->usage_claims().empty()) return Said(list);
    return Said(Ask<UsageClaim, WithdrawUsageClaimRequest>(
        *city_, "UsageClaimService/WithdrawUsageClaim",
        absl::StrCat("name: '", list->usage_claims(static_cast<int>(random() % list->usage_claims_size())).name(),
                     "' reason: 'r'")));
  }

  // Somebody approves a claim, pays it, lets it go, asks for it in a batch, or imports what became of that: mostly who
  // may.
  std::string Decide(std::mt19937_64& random, size_t nth) {
    const Caller& by = *jacks_[random() % jacks_.size()];
    switch (random() % 12) {
      case 0:
        return "batch " +
               Said(Ask<PaymentBatch, CreatePaymentBatchRequest>(
                   by, "PaymentBatchService/CreatePaymentBatch",
                   absl::StrCat("payment_batch { body: 'areas/312011' layout: 'paymentLayouts/h' document_number: 'b",
                                nth, "' ", Day("request_date", "2050-04-03"), "}")));
      case 1:
        return Import(random, by);
      default:
        break;
    }
    const auto list = Ask<ListUsageClaimsResponse, ListUsageClaimsRequest>(
        admin(), "UsageClaimService/ListUsageClaims",
        "parent: 'providers/-' page_size: 1000 filter: 'state != STATE_WITHDRAWN'");
    if (!list.ok() || list->usage_claims().empty()) return Said(list);
    const UsageClaim& claim = list->usage_claims(static_cast<int>(random() % list->usage_claims_size()));
    const std::string name = absl::StrCat("name: '", claim.name(), "' ");
    const bool anything = random() % 8 == 0;
    if (claim.state() == UsageClaim::STATE_FILED || anything) {
      return "approval " + Said(Ask<UsageClaim, ApproveUsageClaimRequest>(
                               random() % 8 == 0 ? *city_ : by, "UsageClaimService/ApproveUsageClaim",
                               absl::StrCat(name, "budget_line: 'budgetLines/h", 1 + random() % 2, "' ",
                                            Day("approval_date", random() % 2 == 0 ? "2049-09-10" : "2049-10-10"))));
    }
    if (random() % 8 != 0) {
      return "release " + Said(Ask<UsageClaim, ReleaseUsageClaimRequest>(
                              random() % 8 == 0 ? *city_ : by, "UsageClaimService/ReleaseUsageClaim",
                              name + "reason: 'r' " + Day("release_date", "2049-10-10")));
    }
    return "payment " + Said(Ask<UsageClaim, PayUsageClaimRequest>(
                            by, "UsageClaimService/PayUsageClaim",
                            absl::StrCat(name, "voucher: 'v", nth, "' ", Day("payment_date", "2050-04-03"))));
  }

  // Of a batch that waits for it: all is paid, or all refused.
  std::string Import(std::mt19937_64& random, const Caller& by) {
    const auto list = Ask<ListPaymentRequestsResponse, ListPaymentRequestsRequest>(
        admin(), "PaymentRequestService/ListPaymentRequests",
        "parent: 'paymentBatches/-' page_size: 1000 filter: 'outcome = OUTCOME_OPEN'");
    if (!list.ok() || list->payment_requests().empty()) return Said(list);
    const std::string one = list->payment_requests(static_cast<int>(random() % list->payment_requests_size())).name();
    const std::string batch = one.substr(0, one.find("/paymentRequests/"));
    ImportPaymentResultRequest request;
    request.set_name(batch);
    std::string data = "k,d,v,y,e\n";
    const bool paid = random() % 2 == 0;
    for (const auto& wanted : list->payment_requests()) {
      if (wanted.name().substr(0, batch.size() + 1) != batch + "/") continue;
      absl::StrAppend(&data, wanted.key(), paid ? ",2050-04-03,v" : ",,", paid ? wanted.key() : "", ",", wanted.yen(),
                      paid ? ",\n" : ",E\n");
    }
    request.set_data(data);
    return "result " + Said(by.Call<PaymentBatch>("subsidy.v1.PaymentBatchService/ImportPaymentResult", request));
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
    const Caller books = CallerWith("books", {"budget-officer@areas/312011"}, "subsidy");
    for (const char* line : {"h1", "h2"}) {
      ASSERT_EQ(Said(Ask<BudgetLine, CreateBudgetLineRequest>(
                    books, "BudgetLineService/CreateBudgetLine",
                    absl::StrCat("budget_line_id: '", line,
                                 "' budget_line { display_name: '見本費' fiscal_year: 2049 code: '", line,
                                 "' body: 'areas/312011' }"))),
                "OK");
      ASSERT_EQ(Said(Ask<BudgetChange, CreateBudgetChangeRequest>(
                    books, "BudgetChangeService/CreateBudgetChange",
                    absl::StrCat("parent: 'budgetLines/", line,
                                 "' budget_change { kind: KIND_INITIAL yen: 150000 document_number: '1' ",
                                 Day("change_date", "2049-04-01"), "}"))),
                "OK");
    }
    ASSERT_EQ(Said(Ask<PaymentLayout, CreatePaymentLayoutRequest>(
                  books, "PaymentLayoutService/CreatePaymentLayout",
                  "payment_layout_id: 'h' payment_layout { display_name: '見本' body: 'areas/312011' form { shape: "
                  "SHAPE_CSV encoding: "
                  "ENCODING_UTF8 columns { source: SOURCE_KEY } columns { source: SOURCE_YEN } result { key: 'k' day: "
                  "'d' voucher: "
                  "'v' yen: 'y' refusal: 'e' } } }")),
              "OK");
    for (const char* id : {"jack", "jill", "joan"}) {
      jacks_.push_back(std::make_unique<Caller>(
          CallerWith(id, {"municipality-officer@areas/312011", "treasurer@areas/312011"}, "subsidy")));
    }
    providers_ = {station_};
    while (providers_.size() < 6) providers_.push_back(MakeProvider("ACTIVITY_RESPITE"));
    for (const char* child : {"a-0", "a-1", "a-2"}) {
      grants_.push_back(MakeGrant(child, "cost_class: 'ordinary' minutes: 900"));
      grants_.push_back(MakeGrant(child, "cost_class: 'exempt'", "short"));
    }
  }

  std::vector<std::string> providers_, grants_;
  std::vector<std::unique_ptr<Caller>> jacks_;  // who approve and pay, but no claim both
};

TEST_P(UsageModelTest, WhateverEightProvidersDoAtOnce) {
  const uint64_t seed = faults::Seed();
  SCOPED_TRACE(absl::StrCat("TSUNAGU_SEED=", seed));
  const int acts = static_cast<int>(faults::Given("TSUNAGU_ACTS", GetParam() == Engine::kSqlite ? 150 : 80));
  Prepare();
  auto all = Run(seed, acts);
  for (const char* what : {"visit OK", "correction OK", "claim OK", "withdrawal OK", "grant OK", "approval OK"}) {
    EXPECT_GT(all[what], 0) << "too few came through to mean anything";
  }
  EXPECT_GT(all["release OK"] + all["payment OK"] + all["result OK"], 0);
  EXPECT_THAT(Faults(), IsEmpty());
}

WIRE_TEST_ON_BOTH(UsageModelTest);

}  // namespace
}  // namespace tsunagu::wire
