#include "common/web/rest/openapi.h"

#include <cstdlib>
#include <fstream>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/contracts/contracts.h"

namespace tsunagu::contracts {
namespace {

using web::Json;

const Json& Document() {
  static const auto& document = *new Json([] {
    std::vector<const google::protobuf::MethodDescriptor*> methods;
    ForEachMethod(OurContracts(), [&](const auto& method) { methods.push_back(&method); });
    return web::OpenApi(*web::HttpRules::Create(methods), web::Comments(web::ContractSet()));
  }());
  return document;
}

const Json& SchemaOf(const std::string& name) { return Document()["components"]["schemas"][name]; }

void ForEachReference(const Json& json, const std::function<void(const std::string&)>& each) {
  if (json.is_object() && json.contains("$ref")) each(json["$ref"].get<std::string>());
  if (!json.is_structured()) return;
  for (const Json& one : json) ForEachReference(one, each);
}

TEST(OpenApiTest, EveryMethodIsThereOnce) {
  std::set<std::string> rpcs, ids;
  for (const Json& path : Document()["paths"]) {
    for (const Json& operation : path) {
      rpcs.insert(operation["x-tsunagu-rpc"]);
      EXPECT_TRUE(ids.insert(operation["operationId"]).second) << operation["operationId"];
      EXPECT_FALSE(operation["description"].get<std::string>().empty()) << operation["operationId"];
      EXPECT_FALSE(operation["x-tsunagu-permission"].get<std::string>().empty()) << operation["operationId"];
    }
  }
  ForEachMethod(OurContracts(), [&](const google::protobuf::MethodDescriptor& method) {
    EXPECT_EQ(rpcs.count(absl::StrCat("/", method.service()->full_name(), "/", method.name())), 1)
        << method.full_name();
  });
}

TEST(OpenApiTest, WhatIsReferredToIsThere) {
  int references = 0;
  ForEachReference(Document(), [&](const std::string& reference) {
    ++references;
    ASSERT_TRUE(absl::StartsWith(reference, "#"));
    EXPECT_TRUE(Document().contains(Json::json_pointer(reference.substr(1)))) << reference;
  });
  EXPECT_GT(references, 1000);
}

TEST(OpenApiTest, SchemasSayWhatContractsSay) {
  const Json& area = SchemaOf("tsunagu.registry.v1.Area");
  EXPECT_EQ(area["title"], "地域");
  EXPECT_EQ(area["properties"]["etag"]["type"], "string");
  EXPECT_EQ(area["properties"]["create_time"]["format"], "date-time");
  EXPECT_EQ(area["properties"]["create_time"]["readOnly"], true);
  const Json& nurse = SchemaOf("tsunagu.registry.v1.Nurse")["properties"];
  EXPECT_EQ(nurse["display_name"]["x-tsunagu-privacy"], "identifying");
  EXPECT_GT(nurse["display_name"]["maxLength"], 0);
  EXPECT_FALSE(nurse["display_name"]["description"].get<std::string>().empty());
  const Json& kinds = SchemaOf("tsunagu.platform.v1.FileFormat");
  EXPECT_EQ(kinds["enum"][2], "FILE_FORMAT_XLSX");
  EXPECT_TRUE(absl::StartsWith(kinds["x-enum-descriptions"][2].get<std::string>(), "Workbook of Excel 2007"));
}

TEST(OpenApiTest, OperationsSayHowTheyAreAsked) {
  const Json& paths = Document()["paths"];
  const Json& get = paths["/registry/v1/areas/{area}"]["get"];
  EXPECT_EQ(get["parameters"][0]["name"], "area");
  EXPECT_EQ(get["parameters"][0]["in"], "path");
  EXPECT_EQ(get["parameters"][1]["name"], "as_known_at");
  EXPECT_EQ(get["x-tsunagu-permission"], "areas.read");
  EXPECT_TRUE(get["responses"]["200"]["headers"].contains("ETag"));
  const Json& patch = paths["/registry/v1/areas/{area}"]["patch"];
  EXPECT_EQ(patch["requestBody"]["content"]["application/json"]["schema"]["$ref"],
            "#/components/schemas/tsunagu.registry.v1.Area");
  const Json& create = paths["/registry/v1/areas"]["post"]["requestBody"]["content"]["application/json"]["schema"];
  EXPECT_THAT(create["allOf"][1]["required"], ::testing::Contains("display_name"));
  const Json& import = paths["/platform/v1/services/{service}:importRows"]["post"];
  EXPECT_EQ(import["parameters"][0]["schema"]["enum"], (Json{"matching", "registry", "subsidy", "training"}));
  EXPECT_TRUE(import["requestBody"]["content"].contains("text/csv"));
  EXPECT_TRUE(import["responses"]["200"]["content"].contains("application/x-ndjson"));
}

// URLs appear in logs: no parameter of an operation is personal.
TEST(OpenApiTest, NoParameterIsPersonal) {
  for (const Json& path : Document()["paths"]) {
    for (const Json& operation : path) {
      for (const Json& parameter : operation["parameters"]) {
        EXPECT_FALSE(parameter.contains("schema") && parameter["schema"].contains("x-tsunagu-privacy")) << parameter;
      }
    }
  }
}

TEST(OpenApiTest, EveryReasonIsListed) {
  std::set<std::string> reasons;
  for (const Json& one : SchemaOf("Error")["x-tsunagu-reasons"]) {
    EXPECT_TRUE(reasons.insert(one["reason"]).second) << one;
    EXPECT_GE(one["code"], 400) << one;
  }
  for (const char* reason : {"FIELD_REQUIRED", "VERB_NOT_ALLOWED", "ETAG_MISMATCH"})
    EXPECT_EQ(reasons.count(reason), 1);
  EXPECT_EQ(reasons.count("CHECK_DIGIT_ADDED"), 0) << "a warning";
}

}  // namespace
}  // namespace tsunagu::contracts
