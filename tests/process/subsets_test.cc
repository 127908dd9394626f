// A prefecture runs only the services that it needs: each subset starts, works without the others, and reports that
// they are missing.
#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/process/server.h"
#include "tsunagu/matching/v1/round.pb.h"
#include "tsunagu/registry/v1/facility.pb.h"
#include "tsunagu/subsidy/v1/budget_line.pb.h"
#include "tsunagu/training/v1/learner.pb.h"

namespace tsunagu::process {
namespace {

// By service: writes one record and reads it.
using Work = absl::Status (*)(ServerProcess&);

absl::Status WorkOfRegistry(ServerProcess& server) {
  const auto made = server.Call<registry::v1::Facility>(kCreateFacility, FacilityRequest("f"));
  if (!made.ok()) return made.status();
  registry::v1::GetFacilityRequest get;
  get.set_name(made->name());
  return server.Call<registry::v1::Facility>("registry.v1.FacilityService/GetFacility", get).status();
}

absl::Status WorkOfTraining(ServerProcess& server) {
  training::v1::CreateLearnerRequest create;
  create.mutable_learner()->set_display_name("見本 花子");
  create.mutable_learner()->set_body("areas/312011");
  const auto made = server.Call<training::v1::Learner>("training.v1.LearnerService/CreateLearner", create);
  if (!made.ok()) return made.status();
  training::v1::GetLearnerRequest get;
  get.set_name(made->name());
  return server.Call<training::v1::Learner>("training.v1.LearnerService/GetLearner", get).status();
}

absl::Status WorkOfSubsidy(ServerProcess& server) {
  subsidy::v1::CreateBudgetLineRequest create;
  create.set_budget_line_id("l1");
  create.mutable_budget_line()->set_display_name("見本費");
  create.mutable_budget_line()->set_fiscal_year(2030);
  create.mutable_budget_line()->set_code("03-01");
  create.mutable_budget_line()->set_body("areas/310000");
  const auto made = server.Call<subsidy::v1::BudgetLine>("subsidy.v1.BudgetLineService/CreateBudgetLine", create);
  if (!made.ok()) return made.status();
  subsidy::v1::GetBudgetLineRequest get;
  get.set_name(made->name());
  return server.Call<subsidy::v1::BudgetLine>("subsidy.v1.BudgetLineService/GetBudgetLine", get).status();
}

absl::Status WorkOfMatching(ServerProcess& server) {
  matching::v1::CreateRoundRequest create;
  create.mutable_round()->set_display_name("見本");
  create.mutable_round()->set_seed(1);
  const auto made = server.Call<matching::v1::Round>("matching.v1.RoundService/CreateRound", create);
  if (!made.ok()) return made.status();
  matching::v1::GetRoundRequest get;
  get.set_name(made->name());
  return server.Call<matching::v1::Round>("matching.v1.RoundService/GetRound", get).status();
}

const std::map<std::string, Work>& Works() {
  static const auto& works = *new std::map<std::string, Work>{{"matching", WorkOfMatching},
                                                              {"registry", WorkOfRegistry},
                                                              {"subsidy", WorkOfSubsidy},
                                                              {"training", WorkOfTraining}};
  return works;
}

TEST(SubsetsTest, AreThoseOfAllServicesThatThereAre) {
  const Outcome refused = RunToEnd({Binary("tsunagu"), "serve", "--lang", "en", "--services", "nothing"});
  for (const auto& [name, work] : Works()) EXPECT_THAT(refused.errors, testing::HasSubstr(name));
  EXPECT_EQ(std::count(refused.errors.begin(), refused.errors.end(), ','), static_cast<long>(Works().size()) - 1)
      << refused.errors;
}

TEST(SubsetsTest, EachDoesItsOwnWork) {
  const auto count = static_cast<unsigned>(Works().size());
  for (unsigned subset = 1; subset < 1u << count; ++subset) {
    std::vector<std::string> services;
    unsigned bit = 0;
    for (const auto& [name, work] : Works()) {
      if (subset >> bit++ & 1) services.push_back(name);
    }
    SCOPED_TRACE(absl::StrJoin(services, ","));
    Folder folder;
    ServerProcess::Options options;
    options.command = {"tsunagu", "serve"};
    options.flags = {"--services", absl::StrJoin(services, ",")};
    ServerProcess server(folder / "data", options);
    for (const auto& [name, work] : Works()) {
      const bool present = std::find(services.begin(), services.end(), name) != services.end();
      EXPECT_EQ(work(server).code(), present ? absl::StatusCode::kOk : absl::StatusCode::kUnimplemented) << name;
    }
  }
}

}  // namespace
}  // namespace tsunagu::process
