// Approval limits in yen, and overrides by two people in an emergency.
#include "tests/wire/eight_writers.h"
#include "tests/wire/subsidy_test_base.h"
#include "tsunagu/subsidy/v1/approval_limit.pb.h"
#include "tsunagu/subsidy/v1/commitment.pb.h"
#include "tsunagu/subsidy/v1/commitment_act.pb.h"
#include "tsunagu/subsidy/v1/commitment_override.pb.h"
#include "tsunagu/subsidy/v1/override.pb.h"

namespace tsunagu::wire {
namespace {

using namespace subsidy_v1;  // NOLINT: requests by the dozen

constexpr char kTooMuch[] = "FAILED_PRECONDITION APPROVAL_LIMIT_EXCEEDED";
constexpr char kTwoDuties[] = "FAILED_PRECONDITION DUTIES_OF_ONE_PERSON";

class SubsidyApprovalTest : public SubsidyTest {
 protected:
  // `text`: "holder: 'officer' yen: 100000 valid_from_date {…}".
  absl::StatusOr<ApprovalLimit> Limit(const std::string& text, const Caller* by = nullptr) {
    return Ask<ApprovalLimit, CreateApprovalLimitRequest>(
        by == nullptr ? *budget_ : *by, "ApprovalLimitService/CreateApprovalLimit",
        absl::StrCat("approval_limit { body: 'areas/310000' ", text, " }"));
  }
  static std::string Days(int from, int to) {
    return absl::StrCat("valid_from_date { year: 2050 month: 4 day: ", from,
                        " } valid_to_date { year: 2050 month: 4 day: ", to, " } ");
  }
  absl::StatusOr<Override> AskFor(const Caller& caller, const std::string& application, int last_day = 10) {
    return Ask<Override, CreateOverrideRequest>(
        caller, "OverrideService/CreateOverride",
        absl::StrCat("parent: '", application,
                     "' override { reason: '豪雨で担当者が登庁できない' last_date { year: 2050 month: 4 day: ",
                     last_day, " } }"));
  }
  std::string Approve(const Caller& caller, const std::string& name) {
    return Said(Ask<Override, ApproveOverrideRequest>(caller, "OverrideService/ApproveOverride",
                                                      absl::StrCat("name: '", name, "'")));
  }
  Override Read(const std::string& name) {
    const auto read =
        Ask<Override, GetOverrideRequest>(admin(), "OverrideService/GetOverride", absl::StrCat("name: '", name, "'"));
    EXPECT_EQ(Said(read), "OK");
    return read.ok() ? *read : Override();
  }
  Caller Officer(const char* id) { return CallerWith(id, {"prefecture-officer@areas/310000"}, "subsidy"); }
};

TEST_P(SubsidyApprovalTest, NobodyDecidesBeyondHisLimitOfThatDay) {
  const Caller chief = Officer("chief"), deputy = Officer("deputy");
  const std::string small = MakeExamined(200'000), large = MakeExamined(400'000), third = MakeExamined(400'000);
  const auto given = Limit("holder: 'officer' yen: 100000 valid_from_date { year: 2050 month: 4 day: 1 }");
  ASSERT_EQ(Said(given), "OK");
  EXPECT_EQ(given->maker(), "budget");
  EXPECT_EQ(Said(Decide(small, Granting())), "OK") << "as much as the limit";
  EXPECT_EQ(Said(Decide(large, Granting())), kTooMuch);
  EXPECT_EQ(Said(Decide(large, Granting("yen: 100000 reason: '予算の範囲内'"))), "OK") << "it counts what is decided";
  EXPECT_EQ(Said(Decide(third, Granting(), "2050-04-02", &chief)), kTooMuch) << "who has no limit may decide nothing";
  const auto chiefs = Limit("holder: 'chief' yen: 1000000 " + Days(1, 20));
  ASSERT_EQ(Said(chiefs), "OK");
  const std::string deputy_of = absl::StrCat("holder: 'deputy' deputy_of: '", chiefs->name(), "' ");
  ASSERT_EQ(Said(Limit(deputy_of + "yen: 500000 " + Days(3, 3))), "OK");
  EXPECT_EQ(Said(Decide(third, Granting(), "2050-04-02", &deputy)), kTooMuch) << "not yet his deputy";
  EXPECT_EQ(Said(Decide(third, Granting(), "2050-04-03", &deputy)), "OK");
  // Also a change, a fixed amount, a cancellation and an order to give back.
  EXPECT_EQ(
      Said(Decide(third, "kind: KIND_CANCELLATION yen: 150000 reason: '違反' document_number: '2'", "2050-04-03")),
      kTooMuch);
  EXPECT_EQ(Said(Decide(third, "kind: KIND_CANCELLATION yen: 50000 reason: '違反' document_number: '2'", "2050-04-03")),
            "OK");
  ASSERT_EQ(Said(Pay(third, "kind: KIND_ADVANCE yen: 150000 document_number: 'v1'", "2050-04-03")), "OK");
  ASSERT_EQ(
      Said(File(third, "kind: KIND_COMPLETION_REPORT completion_date { year: 2050 month: 4 day: 2 } " + Claim(260'000),
                "2050-04-03")),
      "OK");
  EXPECT_EQ(Said(Decide(third, "kind: KIND_FIXING document_number: '3'", "2050-04-03")), kTooMuch);
  EXPECT_EQ(Said(Decide(third, "kind: KIND_SENDING_BACK reason: '添付漏れ'", "2050-04-03")), "OK")
      << "no yen, no limit";
  // A limit that was ended takes its deputy along.
  ASSERT_EQ(Said(Ask<ApprovalLimit, UpdateApprovalLimitRequest>(
                *budget_, "ApprovalLimitService/UpdateApprovalLimit",
                absl::StrCat("approval_limit { name: '", chiefs->name(), "' etag: '", chiefs->etag(), "' ", Days(1, 2),
                             " } update_mask { paths: 'valid_to_date' }"))),
            "OK");
  const std::string fourth = MakeExamined(200'000);
  EXPECT_EQ(Said(Decide(fourth, Granting("yen: 1000 reason: '端数'"), "2050-04-03", &deputy)), kTooMuch);
}

TEST_P(SubsidyApprovalTest, WhatIsNoLimit) {
  const auto first = Limit("holder: 'officer' yen: 100000 " + Days(2, 20));
  ASSERT_EQ(Said(first), "OK");
  const std::string of = absl::StrCat("deputy_of: '", first->name(), "' ");
  const auto deputy = Limit("holder: 'deputy' yen: 100000 " + of + Days(2, 20));
  ASSERT_EQ(Said(deputy), "OK");
  const std::string invalid = "INVALID_ARGUMENT INVALID_REQUEST ";
  struct Row {
    std::string what, text, said;
  };
  for (const Row& row : {
           Row{"for oneself", "holder: 'budget' yen: 1 " + Days(1, 2), "approval_limit.holder:LIMIT_OF_ONESELF"},
           Row{"a deputy of a deputy",
               absl::StrCat("holder: 'x' yen: 1 deputy_of: '", deputy->name(), "' ", Days(2, 2)),
               "approval_limit.deputy_of:DEPUTY_OF_DEPUTY"},
           Row{"a deputy without end", "holder: 'x' yen: 1 valid_from_date { year: 2050 month: 4 day: 2 } " + of,
               "approval_limit.valid_to_date:FIELD_REQUIRED approval_limit.valid_to_date:LIMIT_BEYOND_GIVER"},
           Row{"more yen, more days", "holder: 'x' yen: 100001 " + of + Days(1, 21),
               "approval_limit.valid_from_date:LIMIT_BEYOND_GIVER approval_limit.valid_to_date:LIMIT_BEYOND_GIVER "
               "approval_limit.yen:LIMIT_BEYOND_GIVER"},
       }) {
    EXPECT_EQ(Said(Limit(row.text)), invalid + row.said) << row.what;
  }
  EXPECT_EQ(Said(Limit("holder: 'x' yen: 1 " + Days(1, 2), officer_.get())), "PERMISSION_DENIED PERMISSION_DENIED");
}

TEST_P(SubsidyApprovalTest, TwoPeopleLetOneDocumentPass) {
  const Caller both = CallerWith("both", {"prefecture-officer@areas/310000", "treasurer@areas/310000"}, "subsidy");
  const std::string name = MakeExamined(500'000);
  ASSERT_EQ(Said(Limit("holder: 'officer' yen: 1000000 " + Days(1, 20))), "OK");
  ASSERT_EQ(Said(Pay(MakeGranted(2'000), "kind: KIND_ADVANCE yen: 1 document_number: 'v'", "2050-04-02", &both)), "OK");
  EXPECT_EQ(Said(Decide(name, Granting(), "2050-04-02", &both)), kTooMuch);
  const auto asked = AskFor(both, name);
  ASSERT_EQ(Said(asked), "OK");
  EXPECT_EQ(asked->maker(), "both");
  EXPECT_EQ(Said(Decide(name, Granting(), "2050-04-02", &both)), kTooMuch) << "asked for and not approved";
  EXPECT_EQ(Approve(both, asked->name()), "FAILED_PRECONDITION SECOND_PERSON_NEEDED");
  EXPECT_EQ(Approve(*city_, asked->name()), "PERMISSION_DENIED PERMISSION_DENIED");
  ASSERT_EQ(Approve(*officer_, asked->name()), "OK");
  EXPECT_EQ(Approve(*budget_, asked->name()), "FAILED_PRECONDITION OVERRIDE_SETTLED");
  const auto granted = Decide(name, Granting(), "2050-04-02", &both);
  ASSERT_EQ(Said(granted), "OK");
  EXPECT_EQ(granted->override(), asked->name());
  EXPECT_EQ(Read(asked->name()).used_by(), granted->name());
  EXPECT_EQ(Read(asked->name()).approver(), "officer");
  const std::string paying = "kind: KIND_ADVANCE yen: 1000 document_number: 'v1'";
  EXPECT_EQ(Said(Pay(name, paying, "2050-04-02", &both)), kTwoDuties) << "it was for one document";
  const auto again = AskFor(both, name), anothers = AskFor(*treasurer_, name);
  ASSERT_EQ(Said(again), "OK");
  ASSERT_EQ(Said(anothers), "OK");
  ASSERT_EQ(Approve(*budget_, anothers->name()), "OK");
  EXPECT_EQ(Said(Pay(name, paying, "2050-04-02", &both)), kTwoDuties) << "what another may use";
  ASSERT_EQ(Approve(*budget_, again->name()), "OK");
  EXPECT_EQ(Said(Pay(name, "kind: KIND_ADVANCE yen: 250001 document_number: 'v1'", "2050-04-02", &both)),
            "FAILED_PRECONDITION COMMITMENT_EXCEEDED")
      << "only who may is let pass, not how much";
  EXPECT_EQ(Read(again->name()).used_by(), "");
  const auto paid = Pay(name, paying, "2050-04-02", &both);
  ASSERT_EQ(Said(paid), "OK");
  EXPECT_EQ(paid->override(), again->name());
  const auto own = Pay(name, "kind: KIND_ADVANCE yen: 1 document_number: 'v2'");
  ASSERT_EQ(Said(own), "OK");
  EXPECT_EQ(own->override(), "") << "who needs none uses none";
}

TEST_P(SubsidyApprovalTest, AnOverrideHasAnEnd) {
  const Caller both = CallerWith("both", {"prefecture-officer@areas/310000", "treasurer@areas/310000"}, "subsidy");
  const std::string name = MakeExamined(500'000);
  ASSERT_EQ(Said(Decide(name, Granting(), "2050-04-02", &both)), "OK");
  EXPECT_EQ(Said(AskFor(both, name, 2)), "INVALID_ARGUMENT INVALID_REQUEST override.last_date:OVERRIDE_EXPIRED");
  const auto asked = AskFor(both, name, 3), late = AskFor(both, name, 3);
  ASSERT_EQ(Said(asked), "OK");
  ASSERT_EQ(Approve(*officer_, asked->name()), "OK");
  clock().Advance(absl::Hours(24));
  EXPECT_EQ(Said(Pay(name, "kind: KIND_ADVANCE yen: 1 document_number: 'v1'", "2050-04-02", &both)), kTwoDuties);
  EXPECT_EQ(Approve(*officer_, late->name()), "FAILED_PRECONDITION OVERRIDE_EXPIRED");
}

TEST_P(SubsidyApprovalTest, EightPaymentsWithOneOverride) {
  const Caller both = CallerWith("both", {"prefecture-officer@areas/310000", "treasurer@areas/310000"}, "subsidy");
  const std::string name = MakeExamined(500'000);
  ASSERT_EQ(Said(Decide(name, Granting(), "2050-04-02", &both)), "OK");
  const auto asked = AskFor(both, name);
  ASSERT_EQ(Said(asked), "OK");
  ASSERT_EQ(Approve(*officer_, asked->name()), "OK");
  const auto told = EightAtOnce([&](int writer) {
    return Said(
        Pay(name, absl::StrCat("kind: KIND_ADVANCE yen: 1 document_number: 'v", writer, "'"), "2050-04-02", &both));
  });
  EXPECT_THAT(told, testing::UnorderedElementsAre(testing::Pair("OK", 1), testing::Pair(kTwoDuties, 7)));
}

TEST_P(SubsidyApprovalTest, TwoPeopleLetOneActOfAContractPass) {
  const Caller both = CallerWith("both", {"prefecture-officer@areas/310000", "treasurer@areas/310000"}, "subsidy");
  const auto planned =
      Ask<Commitment, CreateCommitmentRequest>(*officer_, "CommitmentService/CreateCommitment",
                                               "commitment { programme: 'programmes/p1' display_name: '見本' body: "
                                               "'areas/310000' item: 'council' kind: KIND_CONTRACT "
                                               "contractor: '見本医療センター' }");
  ASSERT_EQ(Said(planned), "OK");
  const std::string& name = planned->name();
  const auto act = [&](const Caller& by, const std::string& text) {
    return Ask<CommitmentAct, CreateCommitmentActRequest>(
        by, "CommitmentActService/CreateCommitmentAct",
        absl::StrCat("parent: '", name, "' commitment_act { ", text, " act_date { year: 2050 month: 4 day: 2 } }"));
  };
  const auto ask = [&](const Caller& by, int last_day = 10) {
    return Ask<CommitmentOverride, CreateCommitmentOverrideRequest>(
        by, "CommitmentOverrideService/CreateCommitmentOverride",
        absl::StrCat("parent: '", name,
                     "' commitment_override { reason: '豪雨' last_date { year: 2050 month: 4 day: ", last_day, " } }"));
  };
  const auto approve = [&](const Caller& by, const std::string& override) {
    return Said(Ask<CommitmentOverride, ApproveCommitmentOverrideRequest>(
        by, "CommitmentOverrideService/ApproveCommitmentOverride", absl::StrCat("name: '", override, "'")));
  };
  ASSERT_EQ(Said(Limit("holder: 'officer' yen: 1000 " + Days(1, 20))), "OK");
  const std::string concluding = "kind: KIND_CONCLUSION yen: 2000 document_number: '契1'";
  EXPECT_EQ(Said(act(both, concluding)), kTooMuch);
  EXPECT_EQ(Said(ask(both, 2)), "INVALID_ARGUMENT INVALID_REQUEST commitment_override.last_date:OVERRIDE_EXPIRED");
  const auto asked = ask(both);
  ASSERT_EQ(Said(asked), "OK");
  EXPECT_EQ(Said(act(both, concluding)), kTooMuch) << "nobody has approved it";
  EXPECT_EQ(approve(both, asked->name()), "FAILED_PRECONDITION SECOND_PERSON_NEEDED");
  EXPECT_EQ(approve(*city_, asked->name()), "PERMISSION_DENIED PERMISSION_DENIED");
  ASSERT_EQ(approve(*budget_, asked->name()), "OK");
  EXPECT_EQ(approve(*officer_, asked->name()), "FAILED_PRECONDITION OVERRIDE_SETTLED");
  EXPECT_EQ(Said(act(*officer_, concluding)), kTooMuch) << "it is not his";
  const auto concluded = act(both, concluding);
  ASSERT_EQ(Said(concluded), "OK");
  EXPECT_EQ(concluded->override(), asked->name());
  const auto used = Ask<CommitmentOverride, GetCommitmentOverrideRequest>(
      *officer_, "CommitmentOverrideService/GetCommitmentOverride", absl::StrCat("name: '", asked->name(), "'"));
  ASSERT_EQ(Said(used), "OK");
  EXPECT_EQ(used->used_by(), concluded->name());
  EXPECT_EQ(used->maker(), "both");
  EXPECT_EQ(used->approver(), "budget");
  const std::string charged = " budget_line: 'budgetLines/l1'";
  ASSERT_EQ(Said(act(*officer_, "kind: KIND_COMMITMENT yen: 1000 document_number: '負1'" + charged)), "OK");
  ASSERT_EQ(Said(act(*officer_, "kind: KIND_INSPECTION yen: 1000 document_number: '検1'")), "OK");
  const std::string paying = "kind: KIND_PAYMENT yen: 100 document_number: 'v1'" + charged;
  EXPECT_EQ(Said(act(both, paying)), kTwoDuties) << "one override, one act";
  const auto again = ask(both);
  ASSERT_EQ(approve(*officer_, again->name()), "OK");
  EXPECT_EQ(Said(act(both, "kind: KIND_CONCLUSION yen: 2000 document_number: '契1'")), "ALREADY_EXISTS PAID_ALREADY")
      << "who may is let pass, not what";
  EXPECT_EQ(Said(act(both, "kind: KIND_PAYMENT yen: 1001 document_number: 'v1'" + charged)),
            "FAILED_PRECONDITION NOT_INSPECTED");
  const auto told = EightAtOnce([&](int writer) {
    return Said(act(both, absl::StrCat("kind: KIND_PAYMENT yen: 1 document_number: 'v", writer, "'", charged)));
  });
  EXPECT_THAT(told, testing::UnorderedElementsAre(testing::Pair("OK", 1), testing::Pair(kTwoDuties, 7)));
  const auto paid = act(*treasurer_, "kind: KIND_PAYMENT yen: 1 document_number: 'v9'" + charged);
  ASSERT_EQ(Said(paid), "OK");
  EXPECT_EQ(paid->override(), "") << "who needs none uses none";
}

WIRE_TEST_ON_BOTH(SubsidyApprovalTest);

}  // namespace
}  // namespace tsunagu::wire
