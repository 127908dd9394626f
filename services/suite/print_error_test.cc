#include "services/suite/print_error.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"

namespace tsunagu::suite {
namespace {

using Json = nlohmann::json;

Json Printed(const absl::Status& status, Language language = Language::kEnglish) {
  return Json::parse(ErrorJson(status, language));
}

TEST(PrintError, ReasonTextAndMetadata) {
  const absl::Status status = Fail("RESOURCE_NOT_FOUND"_reason, {{"resource", "AREA"}, {"name", "areas/1"}});
  EXPECT_EQ(Printed(status), Json::parse(R"({"code": "NOT_FOUND", "reason": "AREA_NOT_FOUND",
      "message": "Not found: areas/1", "metadata": {"name": "areas/1", "resource": "AREA"}})"));
  EXPECT_EQ(Printed(status, Language::kJapanese)["message"], "見つかりません: areas/1");
}

TEST(PrintError, EveryFieldViolation) {
  Faults faults;
  faults.Add("area.code", "WRONG_CHECK_DIGIT"_reason, {{"expected", "312011"}});
  faults.Add("area.kana", "FIELD_REQUIRED"_reason);
  const Json json = Printed(faults.ToStatus());
  EXPECT_EQ(json["code"], "INVALID_ARGUMENT");
  EXPECT_EQ(json["reason"], "INVALID_REQUEST");
  EXPECT_EQ(json["field_violations"], Json::parse(R"([
      {"field": "area.code", "reason": "WRONG_CHECK_DIGIT",
       "description": "Wrong check digit in the area code; it should read 312011."},
      {"field": "area.kana", "reason": "FIELD_REQUIRED", "description": "A value is required."}])"));
}

TEST(PrintError, FaultOfOneFieldIsAViolationToo) {
  const Json json = Printed(ToStatus(MakeFault("parent", "FIELD_REQUIRED"_reason)));
  EXPECT_EQ(json["reason"], "FIELD_REQUIRED");
  EXPECT_EQ(json["field_violations"][0]["field"], "parent");
}

TEST(PrintError, NamesTheOptionThatWasTyped) {
  TellOptions({"addr", "facility", "skill", "basis"});
  const auto option_of = [](const char* field) {
    return Printed(ToStatus(MakeFault(field, "FIELD_REQUIRED"_reason)))["field_violations"][0].value("option", "");
  };
  EXPECT_EQ(option_of("facility"), "--facility");
  EXPECT_EQ(option_of("person.skills[1]"), "--skill");
  EXPECT_EQ(option_of("legal_basis"), "--basis");
  EXPECT_EQ(option_of("opening"), "");
  TellOptions({});
  EXPECT_EQ(option_of("facility"), "");
}

TEST(PrintError, OthersSpeakForThemselves) {
  EXPECT_EQ(Printed(absl::UnimplementedError("no such thing")),
            Json::parse(R"({"code": "UNIMPLEMENTED", "reason": "", "message": "no such thing"})"));
  EXPECT_EQ(Printed(absl::UnimplementedError(""))["message"], "Refused without a reason.");
  EXPECT_EQ(Printed(absl::DeadlineExceededError("x"))["reason"], "DEADLINE_EXCEEDED");
  EXPECT_EQ(Printed(Fail("INTERNAL"_reason, {{"correlation_id", "c1"}}))["reason"], "INTERNAL");
}

TEST(PrintError, BytesThatAreNoTextArePrintable) {
  EXPECT_EQ(Printed(absl::InternalError("\xFF"))["message"], "\xEF\xBF\xBD");
}

TEST(PrintError, FailuresOfTheCommandLineHaveBothLanguages) {
  const absl::Status status = FailHere(absl::StatusCode::kNotFound, "FILE_NOT_READABLE", "読めません", "Cannot read");
  EXPECT_EQ(Printed(status), Json::parse(R"({"code": "NOT_FOUND", "reason": "FILE_NOT_READABLE",
      "message": "Cannot read"})"));
  EXPECT_EQ(Printed(status, Language::kJapanese)["message"], "読めません");
  EXPECT_EQ(WithMetadata(status, "a", "b"), status);
}

TEST(PrintError, WithMetadata) {
  const absl::Status status = WithMetadata(Fail("COMMIT_UNKNOWN"_reason), "request_id", "r1");
  EXPECT_EQ(Printed(status)["metadata"]["request_id"], "r1");
  EXPECT_EQ(Printed(status)["code"], "UNAVAILABLE");
  EXPECT_TRUE(WithMetadata(absl::OkStatus(), "a", "b").ok());
}

TEST(OneLine, HasNoControlCharacters) { EXPECT_EQ(OneLine("a\n\x1b[31m\tつ\x7f"), "a  [31m つ "); }

}  // namespace
}  // namespace tsunagu::suite
