#include "common/web/rest/http_rule.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/contracts/contracts.h"

namespace tsunagu::contracts {
namespace {

// Every method has a path, no path can mean another method, and no confidential field can appear in a URL.
TEST(HttpRulesTest, OfAllContractsTogether) {
  std::vector<const google::protobuf::MethodDescriptor*> methods;
  ForEachMethod(OurContracts(), [&](const auto& method) { methods.push_back(&method); });
  const auto rules = web::HttpRules::Create(methods);
  ASSERT_TRUE(rules.ok()) << rules.status().message();
  EXPECT_GE(rules->all().size(), methods.size());
  const auto found = rules->Find("PATCH", "/registry/v1/nurses/n1");
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(found->rule->Route(), "/tsunagu.registry.v1.NurseService/UpdateNurse");
}

}  // namespace
}  // namespace tsunagu::contracts
