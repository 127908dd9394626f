#include "common/rpc/status.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/rpc/headers.h"
#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "gtest/gtest.h"

namespace tsunagu::rpc {
namespace {

template <class Detail>
int Details(const grpc::Status& status, Detail* detail) {
  google::rpc::Status whole;
  EXPECT_TRUE(whole.ParseFromString(status.error_details()));
  int found = 0;
  for (const auto& any : whole.details()) found += any.UnpackTo(detail);
  return found;
}

TEST(StatusTest, CarriesFaultsBothWays) {
  Faults faults;
  faults.Add("area.name", "FIELD_TOO_LONG"_reason, {{"max", "200"}});
  faults.Add("words[1]", "OUT_OF_RANGE"_reason, {{"min", "1"}, {"max", "9"}});
  for (const Language language : {Language::kJapanese, Language::kEnglish}) {
    const grpc::Status status = ToGrpc(faults.ToStatus(), language, "id");
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
    const Fault fault = FaultOf(FromGrpc(status));
    ASSERT_EQ(fault.faults_size(), 2);
    EXPECT_EQ(fault.faults(0).field(), "area.name");
    EXPECT_EQ(fault.faults(0).args().at("max"), "200");
    EXPECT_EQ(fault.faults(1).reason(), "OUT_OF_RANGE");
    EXPECT_EQ(fault.faults(1).args().at("max"), "9");
  }
}

TEST(StatusTest, ResourceWords) {
  const absl::Status missing =
      Fail("RESOURCE_NOT_FOUND"_reason,
           {{"resource", "AREA"}, {"resource_type", "registry.tsunagu/Area"}, {"name", "areas/1"}});
  const grpc::Status status = ToGrpc(missing, Language::kEnglish, "id");
  google::rpc::ErrorInfo info;
  EXPECT_EQ(Details(status, &info), 1);
  EXPECT_EQ(info.reason(), "AREA_NOT_FOUND");
  EXPECT_EQ(info.domain(), "tsunagu");
  google::rpc::ResourceInfo resource;
  EXPECT_EQ(Details(status, &resource), 1);
  EXPECT_EQ(resource.resource_name(), "areas/1");
  const Fault fault = FaultOf(FromGrpc(status));
  EXPECT_EQ(fault.reason(), "RESOURCE_NOT_FOUND");
  EXPECT_EQ(ReasonWord(fault), "AREA_NOT_FOUND");
}

TEST(StatusTest, DetailsByCode) {
  google::rpc::RetryInfo retry;
  google::rpc::PreconditionFailure precondition;
  for (const Reason reason :
       {"TOO_BUSY"_reason, "SHUTTING_DOWN"_reason, "CONFLICT"_reason, "REQUEST_IN_FLIGHT"_reason}) {
    EXPECT_EQ(Details(ToGrpc(Fail(reason), Language::kEnglish, ""), &retry), 1) << reason;
    EXPECT_EQ(retry.retry_delay().seconds(), 1);
  }
  for (const Reason reason : {"METADATA_TOO_LARGE"_reason, "NEWER_RECORD"_reason, "CLOCK_JUMPED"_reason,
                              "DISK_FULL"_reason, "ETAG_MISMATCH"_reason}) {
    EXPECT_EQ(Details(ToGrpc(Fail(reason), Language::kEnglish, ""), &retry), 0) << reason;
  }
  EXPECT_EQ(Details(ToGrpc(Fail("PERIOD_OVER"_reason), Language::kEnglish, ""), &precondition), 1);
}

TEST(StatusTest, StaysSmall) {
  Faults faults;
  for (int i = 0; i < 100; ++i) {
    faults.Add(absl::StrCat("rows[", i, "].", std::string(300, 'f')), "UNKNOWN_ENUM_VALUE"_reason,
               {{"allowed", std::string(5000, 'x')}});
  }
  const grpc::Status status = ToGrpc(faults.ToStatus(), Language::kJapanese, "id");
  EXPECT_LE(status.error_details().size(), 4096u);
  google::rpc::BadRequest request;
  google::rpc::ErrorInfo info;
  Details(status, &request);
  Details(status, &info);
  EXPECT_GT(request.field_violations_size(), 0);
  EXPECT_EQ(info.metadata().at("omitted"), absl::StrCat(100 - request.field_violations_size()));
  std::string method = "x";
  for (int i = 0; i < 10'000; ++i) method += "長";
  const absl::Status missing = Fail("METHOD_NOT_FOUND"_reason, {{"method", method}});
  const grpc::Status path = ToGrpc(missing, Language::kJapanese, "id");
  EXPECT_EQ(path.error_code(), grpc::StatusCode::UNIMPLEMENTED);
  EXPECT_LE(path.error_message().size() + path.error_details().size(), 4096u);
}

TEST(StatusTest, MasksWhatIsNotOurs) {
  for (const absl::Status& status :
       {absl::InternalError("secret"), absl::NotFoundError("secret"), absl::UnavailableError("secret")}) {
    const grpc::Status told = ToGrpc(status, Language::kEnglish, "abc123");
    EXPECT_EQ(told.error_code(), grpc::StatusCode::INTERNAL);
    EXPECT_EQ(told.error_message(), "An internal error. Tell the administrator the number abc123.");
    EXPECT_EQ(told.error_details().find("secret"), std::string::npos);
  }
}

TEST(StatusTest, StrangersKeepTheirWords) {
  const absl::Status status = FromGrpc(grpc::Status(grpc::StatusCode::ABORTED, "elsewhere", "not a status"));
  EXPECT_EQ(status, absl::AbortedError("elsewhere"));
}

TEST(HeadersTest, Language) {
  const struct {
    const char* header;
    Language language;
  } kCases[] = {
      {"", Language::kEnglish},
      {"ja", Language::kJapanese},
      {"ja-JP,en;q=0.5", Language::kJapanese},
      {"en,ja;q=0.9", Language::kEnglish},
      {"en;q=0.3, ja;q=0.4", Language::kJapanese},
      {"fr", Language::kEnglish},
      {"JA", Language::kJapanese},
      {"ja;q=0", Language::kEnglish},
      {";;,=,q", Language::kEnglish},
      {"fr,ja;q=0.1", Language::kJapanese},
      {"ja;q=nan", Language::kEnglish},
  };
  for (const auto& c : kCases) EXPECT_EQ(ParseLanguage(c.header), c.language) << c.header;
}

}  // namespace
}  // namespace tsunagu::rpc
