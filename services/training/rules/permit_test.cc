// Permits of care workers: what becomes of an application, and who may act where.
#include "services/training/rules/permit.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tsunagu::training::rules {
namespace {

using Unit = v1::PermitRule::Unit;

google::type::Date Date(int day) { return jp::ToDate(jp::CivilDay(2050, 4, 1) + day); }
jp::CivilDay Day(int day) { return jp::CivilDay(2050, 4, 1) + day; }

void Certify(v1::CarePermit& permit, v1::Act act, int day) {
  permit.add_acts()->set_act(act);
  *permit.mutable_acts(permit.acts_size() - 1)->mutable_certified_date() = Date(day);
}
v1::CarePermit Permit(const char* name, const std::string& client, v1::Act act, int day = 0) {
  v1::CarePermit permit;
  permit.set_name(absl::StrCat("carePermits/", name));
  permit.set_number(name);
  permit.set_client(client);
  permit.set_for_one_client(!client.empty());
  permit.set_state(v1::CarePermit::STATE_CERTIFIED);
  Certify(permit, act, day);
  return permit;
}
v1::WorkerFiling Filing(v1::WorkerFiling::Kind kind, int day, const std::string& office = "31-1") {
  v1::WorkerFiling filing;
  filing.set_office(office);
  filing.set_kind(kind);
  *filing.mutable_filing_date() = Date(day);
  filing.set_name(absl::StrCat("f", day));
  return filing;
}
constexpr auto kAdded = v1::WorkerFiling::KIND_ADDED;
constexpr auto kRemoved = v1::WorkerFiling::KIND_REMOVED;
constexpr auto kOral = v1::ACT_ORAL_SUCTION;
constexpr auto kNasal = v1::ACT_NASAL_SUCTION;

TEST(PermitTest, WhatBecomesOfAnApplication) {
  struct Case {
    const char* name;
    Unit unit;
    std::string client;  // of the application
    std::vector<v1::Act> acts;
    const char* said;  // the permit that it is written into, or why not
  };
  // She has a permit for oral suction of client A, and one for oral suction of anybody.
  const std::vector<v1::CarePermit> held = {Permit("a", "A", kOral), Permit("any", "", kOral)};
  const Case kCases[] = {
      {"K9: another act, one permit for worker and client",
       v1::PermitRule::UNIT_WORKER,
       "A",
       {kNasal},
       "carePermits/a"},
      {"K9: another act, each application its own", v1::PermitRule::UNIT_APPLICATION, "A", {kNasal}, ""},
      {"another client", v1::PermitRule::UNIT_WORKER, "B", {kOral}, ""},
      {"any client", v1::PermitRule::UNIT_WORKER, "", {kNasal}, "carePermits/any"},
      {"any client, each act its own", v1::PermitRule::UNIT_ACT, "", {kNasal}, ""},
      {"two acts, each its own", v1::PermitRule::UNIT_ACT, "", {kNasal, v1::ACT_NASAL_FEEDING}, "acts:ONE_ACT_EACH"},
      {"an act that she has", v1::PermitRule::UNIT_WORKER, "A", {kNasal, kOral}, "acts[1]:ACT_PERMITTED_ALREADY"},
      {"an act that she has, each application",
       v1::PermitRule::UNIT_APPLICATION,
       "A",
       {kOral},
       "acts[0]:ACT_PERMITTED_ALREADY"},
  };
  for (const Case& test : kCases) {
    v1::PermitApplication application;
    for (const v1::Act act : test.acts) application.add_acts(act);
    v1::PermitRule rule;
    rule.set_any_client(test.unit);
    rule.set_one_client(test.unit);
    Faults faults;
    const v1::CarePermit* into = WrittenInto(application, test.client, rule, held, faults);
    std::string said = faults.empty() && into != nullptr ? into->name() : "";
    for (const auto& fault : faults.all()) absl::StrAppend(&said, fault.field(), ":", ReasonWord(fault));
    EXPECT_EQ(said, test.said) << test.name;
  }
  // One that is withdrawn is not written into.
  std::vector<v1::CarePermit> over = {Permit("a", "A", kOral)};
  over[0].set_state(v1::CarePermit::STATE_REVOKED);
  v1::PermitApplication application;
  application.add_acts(kOral);
  v1::PermitRule rule;
  rule.set_one_client(v1::PermitRule::UNIT_WORKER);
  Faults faults;
  EXPECT_EQ(WrittenInto(application, "A", rule, over, faults), nullptr);
  EXPECT_TRUE(faults.empty());
}

TEST(PermitTest, WhoMayAct) {
  struct Case {
    const char* name;
    std::vector<v1::WorkerFiling> filings;
    int day;
    const char* office;
    v1::Act act;
    const char* client;
    const char* said;
  };
  // For client A: oral suction from day 10 on, nasal suction from day 20 on, withdrawn on day 50.
  v1::CarePermit permit = Permit("a", "A", kOral, 10);
  Certify(permit, kNasal, 20);
  permit.set_state(v1::CarePermit::STATE_REVOKED);
  *permit.mutable_revocation_date() = Date(50);
  const Case kCases[] = {
      {"K10: certified, not filed", {}, 15, "31-1", kOral, "A", "NOT_FILED"},
      {"filed", {Filing(kAdded, 15)}, 15, "31-1", kOral, "A", "FILED f15"},
      {"the day before the filing", {Filing(kAdded, 15)}, 14, "31-1", kOral, "A", "NOT_FILED"},
      {"another office", {Filing(kAdded, 15)}, 15, "31-2", kOral, "A", "NOT_FILED"},
      {"another client", {Filing(kAdded, 15)}, 15, "31-1", kOral, "B", "NO_PERMIT"},
      {"any client", {Filing(kAdded, 15)}, 15, "31-1", kOral, "", "NO_PERMIT"},
      {"another act", {Filing(kAdded, 15)}, 15, "31-1", v1::ACT_NASAL_FEEDING, "A", "NO_PERMIT"},
      {"before she was certified", {Filing(kAdded, 15)}, 9, "31-1", kOral, "A", "NOT_YET_CERTIFIED"},
      {"K10: the further act, not filed again", {Filing(kAdded, 15)}, 30, "31-1", kNasal, "A", "NOT_FILED"},
      {"the further act, filed again", {Filing(kAdded, 15), Filing(kAdded, 20)}, 30, "31-1", kNasal, "A", "FILED f20"},
      {"the first act stays", {Filing(kAdded, 15), Filing(kAdded, 20)}, 18, "31-1", kOral, "A", "FILED f15"},
      {"taken off", {Filing(kAdded, 15), Filing(kRemoved, 25)}, 25, "31-1", kOral, "A", "TAKEN_OFF f25"},
      {"the day before", {Filing(kAdded, 15), Filing(kRemoved, 25)}, 24, "31-1", kOral, "A", "FILED f15"},
      {"put on again",
       {Filing(kAdded, 15), Filing(kRemoved, 25), Filing(kAdded, 30)},
       30,
       "31-1",
       kOral,
       "A",
       "FILED f30"},
      {"on and off on one day", {Filing(kRemoved, 15), Filing(kAdded, 15)}, 15, "31-1", kOral, "A", "TAKEN_OFF f15"},
      {"the last day", {Filing(kAdded, 15)}, 49, "31-1", kOral, "A", "FILED f15"},
      {"withdrawn", {Filing(kAdded, 15)}, 50, "31-1", kOral, "A", "REVOKED"},
  };
  for (const Case& test : kCases) {
    const auto told = MayAct({{permit, test.filings}}, test.office, test.act, test.client, Day(test.day));
    EXPECT_EQ(absl::StrCat(told.line().rule(), told.filing().empty() ? "" : " ", told.filing()), test.said)
        << test.name;
    EXPECT_EQ(told.may_act(), told.line().rule() == "FILED") << test.name;
    EXPECT_EQ(told.permit().empty(), told.line().rule() == "NO_PERMIT") << test.name;
  }
}

TEST(PermitTest, TheClosestOfSeveralIsTold) {
  const std::vector<Filed> both = {{Permit("a", "A", kOral), {}},
                                   {Permit("any", "", v1::ACT_STOMA_FEEDING, 10), {Filing(kAdded, 15)}}};
  EXPECT_TRUE(MayAct(both, "31-1", v1::ACT_GASTROSTOMY_FEEDING, "A", Day(20)).may_act()) << "for anybody is for A";
  EXPECT_EQ(MayAct(both, "31-1", v1::ACT_STOMA_FEEDING, "", Day(20)).permit(), "carePermits/any");
  EXPECT_EQ(MayAct(both, "31-1", kOral, "A", Day(20)).line().en(), "Permit a: office 31-1 has not filed it");
  EXPECT_TRUE(Covers(v1::ACT_STOMA_FEEDING, v1::ACT_ENTEROSTOMY_FEEDING));
  EXPECT_FALSE(Covers(v1::ACT_ENTEROSTOMY_FEEDING, v1::ACT_STOMA_FEEDING)) << "half of it";
}

TEST(PermitTest, WhatAFilingIsRefusedFor) {
  struct Case {
    const char* name;
    v1::WorkerFiling filing;
    std::vector<v1::WorkerFiling> others;
    const char* said;
  };
  const v1::CarePermit permit = Permit("a", "A", kOral, 10);
  const Case kCases[] = {
      {"on the day", Filing(kAdded, 10), {}, ""},
      {"before", Filing(kAdded, 9), {}, "filing_date:FILED_BEFORE_PERMIT"},
      {"off, never on", Filing(kRemoved, 20), {}, "filing_date:NOT_ON_ROSTER"},
      {"off, on later", Filing(kRemoved, 20), {Filing(kAdded, 21)}, "filing_date:NOT_ON_ROSTER"},
      {"off, on elsewhere", Filing(kRemoved, 20), {Filing(kAdded, 15, "31-2")}, "filing_date:NOT_ON_ROSTER"},
      {"off", Filing(kRemoved, 20), {Filing(kAdded, 15)}, ""},
      {"off twice", Filing(kRemoved, 20), {Filing(kAdded, 15), Filing(kRemoved, 18)}, "filing_date:NOT_ON_ROSTER"},
  };
  for (const Case& test : kCases) {
    Faults faults;
    CheckFiling(test.filing, permit, test.others, faults);
    std::string said;
    for (const auto& fault : faults.all()) absl::StrAppend(&said, fault.field(), ":", ReasonWord(fault));
    EXPECT_EQ(said, test.said) << test.name;
  }
}

}  // namespace
}  // namespace tsunagu::training::rules
