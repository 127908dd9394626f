// Random batches, results, manual payments and forwardings by concurrent officers: nothing is in two batches, nothing
// is paid twice, and nothing is granted that was not forwarded. TSUNAGU_SEED, TSUNAGU_ACTS and TSUNAGU_TOLD as in
// subsidy_model_test.cc.
#include <map>
#include <mutex>
#include <random>

#include "tests/faults/chance.h"
#include "tests/wire/subsidy_model_base.h"
#include "tsunagu/subsidy/v1/forwarding.pb.h"
#include "tsunagu/subsidy/v1/payment_batch.pb.h"
#include "tsunagu/subsidy/v1/payment_layout.pb.h"
#include "tsunagu/subsidy/v1/payment_request.pb.h"

namespace tsunagu::wire {
namespace {

using namespace subsidy_v1;  // NOLINT: requests by the dozen
using testing::IsEmpty;

class SubsidyBatchModelTest : public SubsidyModelBase {
 protected:
  std::string Act(std::mt19937_64& random, size_t nth) override {
    switch (random() % 8) {
      case 0:
      case 1:
        return "batch " + AskFor(random, nth);
      case 2:
      case 3:
        return "result " + TakeResult(random);
      case 4:
        return random() % 4 == 0 ? "release " + Release(random) : "payment " + PayByHand(random);
      case 5:
        return "decision " + Said(Decide(Any(random, applications_),
                                         absl::StrCat("kind: KIND_CANCELLATION yen: ", 1000 * (1 + random() % 20),
                                                      " reason: 'r' document_number: '", nth, "'"),
                                         "2050-04-03"));
      default:
        return "passing " + Pass(random, nth);
    }
  }

  // Of all that is fixed, or an advance for one or two.
  std::string AskFor(std::mt19937_64& random, size_t nth) {
    std::string items;
    for (size_t i = random() % 3; i > 0; --i) {
      absl::StrAppend(&items, "items { application: '", Any(random, applications_),
                      "' yen: ", 1000 * (1 + random() % 30), " } ");
    }
    const auto made = Ask<PaymentBatch, CreatePaymentBatchRequest>(
        *officer_, "PaymentBatchService/CreatePaymentBatch",
        absl::StrCat("payment_batch { body: 'areas/310000' layout: 'paymentLayouts/f1' document_number: 'b", nth,
                     "' request_date { year: 2050 month: 4 day: 3 } ", items, " }"));
    if (made.ok()) {
      const std::lock_guard<std::mutex> lock(mutex_);
      batches_.push_back(made->name());
    }
    return Said(made);
  }

  // One of the last four.
  std::vector<PaymentRequest> RequestsOfAny(std::mt19937_64& random, std::string& batch) {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (batches_.empty()) return {};
      batch = batches_[batches_.size() - 1 - random() % std::min<size_t>(4, batches_.size())];
    }
    const auto list = Ask<ListPaymentRequestsResponse, ListPaymentRequestsRequest>(
        *treasurer_, "PaymentRequestService/ListPaymentRequests",
        absl::StrCat("parent: '", batch, "' page_size: 1000"));
    if (!list.ok()) return {};
    return {list->payment_requests().begin(), list->payment_requests().end()};
  }

  // Most are paid, some refused; one result in eight does not add up.
  std::string TakeResult(std::mt19937_64& random) {
    ImportPaymentResultRequest request;
    std::string rows = "請求キー,支払日,伝票番号,金額,エラー\r\n";
    for (const PaymentRequest& one : RequestsOfAny(random, *request.mutable_name())) {
      const bool is_refused = random() % 8 == 0;
      absl::StrAppend(&rows, one.key(), ",", is_refused ? "," : absl::StrCat("2050-04-03,", one.key()), ",",
                      one.yen() + (random() % 64 == 0 ? 1 : 0), ",", is_refused ? "E1" : "", "\r\n");
    }
    if (request.name().empty()) return "OK";
    request.set_data(rows);
    return Said(treasurer_->Call<PaymentBatch>("subsidy.v1.PaymentBatchService/ImportPaymentResult", request));
  }

  // What was never carried out may be asked for again.
  std::string Release(std::mt19937_64& random) {
    std::string batch;
    if (RequestsOfAny(random, batch).empty()) return "OK";
    return Said(Ask<PaymentBatch, ReleasePaymentBatchRequest>(*officer_, "PaymentBatchService/ReleasePaymentBatch",
                                                              absl::StrCat("name: '", batch, "' reason: 'r'")));
  }

  // Mostly what a batch asks for, with the voucher that its result will have.
  std::string PayByHand(std::mt19937_64& random) {
    std::string batch;
    const auto requests = RequestsOfAny(random, batch);
    if (requests.empty()) return "OK";
    const PaymentRequest& one = requests[random() % requests.size()];
    return Said(Pay(one.application(),
                    absl::StrCat("kind: KIND_", Payment::Kind_Name(one.kind()).substr(5),
                                 " yen: ", random() % 4 == 0 ? one.yen() / 2 + 1 : one.yen(), " document_number: '",
                                 one.key(), "'"),
                    "2050-04-03"));
  }

  // What goes on to the State.
  std::string Pass(std::mt19937_64& random, size_t nth) {
    if (random() % 8 == 0) {
      return Said(Ask<Forwarding, CreateForwardingRequest>(
          *officer_, "ForwardingService/CreateForwarding",
          absl::StrCat("parent: 'programmes/s' forwarding { body: 'areas/310000' document_number: '", nth,
                       "' forwarding_date { year: 2050 month: 4 day: 3 } }")));
    }
    using A = subsidy_v1::Application;
    static const std::map<A::State, std::vector<std::string>> decisions = {
        {A::STATE_APPLIED, {"EXAMINATION", "EXAMINATION", "SENDING_BACK"}},
        {A::STATE_EXAMINED, {"GRANT", "GRANT", "GRANT", "SENDING_BACK", "SENDING_BACK back_to: STATE_APPLIED"}},
        {A::STATE_CHANGE_APPLIED, {"CHANGE_APPROVAL", "SENDING_BACK"}},
        {A::STATE_REPORTED, {"FIXING", "SENDING_BACK"}},
    };
    const std::string& name = Any(random, passing_);
    const A::State state = Application(name).state();
    const std::string claim = Claim(1000 * static_cast<int>(1 + random() % 500));
    if (const auto kinds = decisions.find(state); kinds != decisions.end()) {
      return Said(Decide(name, absl::StrCat("reason: 'r' document_number: '", nth, "' kind: KIND_",
                                            kinds->second[random() % kinds->second.size()])));
    }
    if (state == A::STATE_DRAFT)
      return Said(File(name, "kind: KIND_APPLICATION " + claim, "2050-04-02", everybody_.get()));
    const bool reports = random() % 2 == 0;
    return Said(
        File(name,
             absl::StrCat("reason: 'r' ", claim,
                          reports ? " kind: KIND_COMPLETION_REPORT completion_date { year: 2050 month: 4 day: 2 }"
                                  : " kind: KIND_CHANGE"),
             "2050-04-02", everybody_.get()));
  }

  void Prepare() {
    everybody_ = std::make_unique<Caller>(CallerWith("everybody", {"admin@*"}, "subsidy"));
    ASSERT_EQ(Said(ChangeBudget("budgetLines/l1", "kind: KIND_SUPPLEMENT yen: 900000000 document_number: '2'")), "OK");
    ASSERT_EQ(Said(Ask<PaymentLayout, CreatePaymentLayoutRequest>(
                  *budget_, "PaymentLayoutService/CreatePaymentLayout",
                  "payment_layout_id: 'f1' payment_layout { display_name: '見本' body: 'areas/310000' form { shape: "
                  "SHAPE_CSV "
                  "encoding: ENCODING_UTF8 has_heading: true columns { heading: '請求キー' source: SOURCE_KEY } "
                  "columns { heading: "
                  "'金額' source: SOURCE_YEN } result { key: '請求キー' day: '支払日' voucher: '伝票番号' yen: '金額' "
                  "refusal: 'エラー' } } }")),
              "OK");
    ASSERT_EQ(
        Said(Ask<Programme, CreateProgrammeRequest>(
            admin(), "ProgrammeService/CreateProgramme",
            "programme_id: 's' programme { display_name: '国の見本事業' fiscal_year: 2050 rule_set: 'ruleSets/r1' "
            "decided_elsewhere: true via: 'areas/310000' }")),
        "OK");
    for (size_t i = 0; i < 8 + most_acts_ / 40; ++i) {
      applications_.push_back(MakeGranted(100'000));
      if (i % 3 != 0) {
        ASSERT_EQ(
            Said(File(applications_.back(),
                      "kind: KIND_COMPLETION_REPORT completion_date { year: 2050 month: 4 day: 2 } " + Claim(100'000))),
            "OK");
        ASSERT_EQ(Said(Decide(applications_.back(), "kind: KIND_FIXING document_number: '1'")), "OK");
      }
      const auto made = Ask<subsidy_v1::Application, CreateApplicationRequest>(
          admin(), "ApplicationService/CreateApplication",
          absl::StrCat("application { programme: 'programmes/s' applicant: 'areas/312011' ", Claim(200'000), " }"));
      ASSERT_EQ(Said(made), "OK");
      passing_.push_back(made->name());
    }
  }

  std::unique_ptr<Caller> everybody_;
  std::vector<std::string> applications_, passing_;  // of the prefecture's programme, and of the State's
  std::mutex mutex_;
  std::vector<std::string> batches_;
};

TEST_P(SubsidyBatchModelTest, WhateverEightOfficersDoAtOnce) {
  const uint64_t seed = faults::Seed();
  SCOPED_TRACE(absl::StrCat("TSUNAGU_SEED=", seed));
  const int acts = static_cast<int>(faults::Given("TSUNAGU_ACTS", GetParam() == Engine::kSqlite ? 200 : 30));
  PlanActs(acts);
  Prepare();
  auto all = Run(seed, acts);
  for (const char* what : {"batch OK", "result OK", "payment OK", "passing OK"}) {
    EXPECT_GT(all[what], 0) << "too few came through to mean anything";
  }
  EXPECT_THAT(Faults(), IsEmpty());
}

WIRE_TEST_ON_BOTH(SubsidyBatchModelTest);

}  // namespace
}  // namespace tsunagu::wire
