#ifndef TSUNAGU_TESTS_WIRE_SUBSIDY_TEST_BASE_H_
#define TSUNAGU_TESTS_WIRE_SUBSIDY_TEST_BASE_H_

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "google/protobuf/text_format.h"
#include "tests/wire/suite_test_base.h"
#include "tsunagu/subsidy/v1/allotment.pb.h"
#include "tsunagu/subsidy/v1/application.pb.h"
#include "tsunagu/subsidy/v1/budget_change.pb.h"
#include "tsunagu/subsidy/v1/budget_line.pb.h"
#include "tsunagu/subsidy/v1/decision.pb.h"
#include "tsunagu/subsidy/v1/explanation.pb.h"
#include "tsunagu/subsidy/v1/filing.pb.h"
#include "tsunagu/subsidy/v1/payment.pb.h"
#include "tsunagu/subsidy/v1/posting.pb.h"
#include "tsunagu/subsidy/v1/programme.pb.h"
#include "tsunagu/subsidy/v1/rule_set.pb.h"

namespace tsunagu::wire {

namespace subsidy_v1 = tsunagu::subsidy::v1;

// The subsidy service alone, on 3 April 2050, with the programme of fiscal year 2050, the line budgetLines/l1 of
// 1,000,000 yen, and one person for each duty. The rule set grants half of the cost less the income, at most 400,000
// yen for an item, rounded down to thousands.
class SubsidyTest : public SuiteTest {
 protected:
  void SetUp() override;
  Server::Options ServerOptions() override {
    Server::Options options;
    options.services = {"subsidy"};
    return options;
  }

  // `text` is the request.
  template <typename M, typename Request>
  absl::StatusOr<M> Ask(const Caller& caller, const std::string& method, const std::string& text) {
    Request request;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &request)) << text;
    return caller.Call<M>("subsidy.v1." + method, request);
  }
  // `text` is the content of the document: "kind: KIND_CHANGE …"; `date` is its day, "2050-04-02"; it is made by the
  // person with this duty, or by `by`.
  absl::StatusOr<subsidy_v1::Filing> File(const std::string& application, const std::string& text,
                                          const std::string& date = "2050-04-02", const Caller* by = nullptr);
  absl::StatusOr<subsidy_v1::Decision> Decide(const std::string& application, const std::string& text,
                                              const std::string& date = "2050-04-02", const Caller* by = nullptr);
  absl::StatusOr<subsidy_v1::Payment> Pay(const std::string& application, const std::string& text,
                                          const std::string& date = "2050-04-02", const Caller* by = nullptr);
  absl::StatusOr<subsidy_v1::BudgetChange> ChangeBudget(const std::string& line, const std::string& text,
                                                        const std::string& date = "2050-04-01");
  // For 岩美町 and 鳥取市; the claim is for the item "council" with this cost in yen.
  std::string MakeDraft(int64_t cost, const std::string& body = "areas/312011");
  static std::string Claim(int64_t cost, int64_t income = 0);
  // Drafted, filed and examined.
  std::string MakeExamined(int64_t cost, const std::string& body = "areas/312011");
  // Also granted from l1, as far as the rule set permits.
  std::string MakeGranted(int64_t cost, const std::string& body = "areas/312011");
  static std::string Granting(const std::string& more = "");

  subsidy_v1::Application Application(const std::string& name);
  // Returns "GRANTED 400000/400000/0": state, granted, committed, paid.
  std::string Stands(const std::string& application);
  // Returns "1000000 = 600000 + 400000 + 0": granted, available, committed, paid. Checks that the postings add up to
  // it.
  std::string Line(const std::string& line = "budgetLines/l1");

  std::unique_ptr<Caller> city_, officer_, budget_, treasurer_;
};

}  // namespace tsunagu::wire

#endif  // TSUNAGU_TESTS_WIRE_SUBSIDY_TEST_BASE_H_
