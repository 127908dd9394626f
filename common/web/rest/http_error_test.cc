#include "common/web/rest/http_error.h"

#include <map>

#include "absl/strings/match.h"
#include "common/rpc/status.h"
#include "gmock/gmock.h"
#include "nlohmann/json.hpp"

namespace tsunagu::web {
namespace {

using nlohmann::json;

HttpError Render(const absl::Status& status, ErrorStyle style = {}) {
  return RenderError(rpc::ToGrpc(status, style.language, "c0ffee"), style);
}

std::string Field(const HttpError& error, const std::string& name) {
  return std::map<std::string, std::string>(error.fields.begin(), error.fields.end())[name];
}

TEST(HttpErrorTest, Aip193) {
  const HttpError error = Render(FailAt("area.display_name", "FIELD_REQUIRED"_reason));
  EXPECT_EQ(error.status, 400);
  EXPECT_EQ(Field(error, "content-type"), "application/json");
  EXPECT_EQ(Field(error, "content-language"), "en");
  const json body = json::parse(error.body)["error"];
  EXPECT_EQ(body["code"], 400);
  EXPECT_EQ(body["status"], "INVALID_ARGUMENT");
  EXPECT_FALSE(body["message"].get<std::string>().empty());
  EXPECT_EQ(body["details"][0]["@type"], "type.googleapis.com/google.rpc.ErrorInfo");
  EXPECT_EQ(body["details"][0]["reason"], "INVALID_REQUEST");
  EXPECT_EQ(body["details"][0]["domain"], "tsunagu");
  EXPECT_EQ(body["details"][1]["field_violations"][0]["field"], "area.display_name");
  EXPECT_EQ(body["details"][1]["field_violations"][0]["reason"], "FIELD_REQUIRED");
}

TEST(HttpErrorTest, ProblemDetails) {
  const HttpError error =
      Render(FailAt("area.display_name", "FIELD_REQUIRED"_reason), {true, false, Language::kJapanese});
  EXPECT_EQ(error.status, 400);
  EXPECT_EQ(Field(error, "content-type"), "application/problem+json");
  EXPECT_EQ(Field(error, "content-language"), "ja");
  const json body = json::parse(error.body);
  EXPECT_EQ(body["type"], "/docs/reasons#INVALID_REQUEST");
  EXPECT_EQ(body["title"], "INVALID_REQUEST");
  EXPECT_EQ(body["status"], 400);
  EXPECT_EQ(body["reason"], "INVALID_REQUEST");
  EXPECT_EQ(body["errors"][0]["field"], "area.display_name");
  EXPECT_EQ(body["errors"][0]["reason"], "FIELD_REQUIRED");
  EXPECT_NE(body["errors"][0]["detail"], "");
  EXPECT_EQ(body["details"].size(), 2);
}

TEST(HttpErrorTest, WithoutDetails) {
  const grpc::Status bare(grpc::StatusCode::UNAVAILABLE, "\"away\"\n");
  EXPECT_EQ(RenderError(bare, {}).body,
            R"({"error":{"code":503,"message":"\"away\"\u000a","status":"UNAVAILABLE","details":[]}})");
  const json problem = json::parse(RenderError(bare, {true}).body);
  EXPECT_EQ(problem["type"], "about:blank");
  EXPECT_EQ(problem["title"], "UNAVAILABLE");
  EXPECT_EQ(RenderError(grpc::Status(grpc::StatusCode::ABORTED, "a", "no google.rpc.Status"), {}).status, 409);
}

TEST(HttpErrorTest, HeadersSayWhatHttpKnows) {
  EXPECT_EQ(Field(Render(Fail("TOO_BUSY"_reason)), "retry-after"), "1");
  EXPECT_EQ(Field(Render(Fail("CONFLICT"_reason)), "www-authenticate"), "");
  EXPECT_EQ(Field(Render(Fail("UNAUTHENTICATED"_reason)), "www-authenticate"), "Bearer");
  const HttpError error = Render(Fail("VERB_NOT_ALLOWED"_reason, {{"allowed", "GET, PATCH"}}));
  EXPECT_EQ(error.status, 405);
  EXPECT_EQ(Field(error, "allow"), "GET, PATCH");
  EXPECT_EQ(Field(Render(Fail("PATH_NOT_FOUND"_reason)), "allow"), "");
}

struct Told {
  absl::string_view reason;
  int http;
  bool if_match = false;
};

// By the words of reasons, as callers see them.
TEST(HttpErrorTest, EveryReasonHasItsStatus) {
  for (const Told& told : std::vector<Told>{{"PATH_NOT_FOUND", 404},
                                            {"VERB_NOT_ALLOWED", 405},
                                            {"MEDIA_TYPE_UNKNOWN", 415},
                                            {"CONTENT_TYPE_MISSING", 415},
                                            {"COMPRESSED_MESSAGE", 415},
                                            {"BODY_NOT_TAKEN", 400},
                                            {"MESSAGE_TOO_LARGE", 413},
                                            {"METADATA_TOO_LARGE", 431},
                                            {"FIRST_MESSAGE_MISSING", 408},
                                            {"UNAUTHENTICATED", 401},
                                            {"PERMISSION_DENIED", 403},
                                            {"VALUE_TAKEN", 409},
                                            {"ETAG_MISMATCH", 409},
                                            {"ETAG_MISMATCH", 412, true},
                                            {"CHANGED_MEANWHILE", 409, true},
                                            {"TOO_BUSY", 429},
                                            {"DISK_FULL", 507},
                                            {"SHUTTING_DOWN", 503},
                                            {"DEADLINE_EXCEEDED", 504},
                                            {"CANCELLED", 499},
                                            {"INTERNAL", 500},
                                            {"PERIOD_OVER", 400},
                                            {"SERVICE_NOT_RUNNING", 404},
                                            {"DATA_DAMAGED", 500}}) {
    EXPECT_EQ(Render(Fail(Reason::Find(told.reason)), {false, told.if_match}).status, told.http) << told.reason;
  }
}

TEST(HttpErrorTest, ProblemsAreForWhoAsks) {
  EXPECT_FALSE(AsksForProblem(""));
  EXPECT_FALSE(AsksForProblem("*/*"));
  EXPECT_FALSE(AsksForProblem("application/json"));
  EXPECT_FALSE(AsksForProblem("application/json, application/problem+json"));
  EXPECT_TRUE(AsksForProblem("Application/Problem+JSON"));
  EXPECT_TRUE(AsksForProblem("application/json;q=0.8, application/problem+json"));
  EXPECT_FALSE(AsksForProblem("application/json, application/problem+json;q=0.5"));
  EXPECT_FALSE(AsksForProblem("application/problem+json;q=0"));
  EXPECT_TRUE(AsksForProblem("text/html, application/problem+json;version=1;q=0.1"));
}

}  // namespace
}  // namespace tsunagu::web
