// The metrics of a running server for Prometheus, and who may read them.
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/process/http.h"
#include "tests/process/server.h"

namespace tsunagu::process {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class MetricsTest : public testing::Test {
 protected:
  static ServerProcess::Options Shown() {
    ServerProcess::Options options;
    options.command = {"tsunagu", "serve"};
    options.admin_listener = true;
    return options;
  }
  // Returns the status code of the answer; empty if there is no answer.
  std::string Code(absl::string_view request) {
    const auto answer = HttpExchange(server_.admin_address(), request);
    return answer.ok() && answer->size() > 12 ? answer->substr(9, 3) : "";
  }

  Folder folder_;
  ServerProcess server_{folder_.path(), Shown()};
};

TEST_F(MetricsTest, CallsAreCountedByMethodCallerAndReason) {
  const registry::v1::CreateFacilityRequest request = FacilityRequest("f-1");
  ASSERT_TRUE(server_.Call<registry::v1::Facility>(kCreateFacility, request).ok());
  ASSERT_TRUE(server_.Call<registry::v1::Facility>(kCreateFacility, request).ok());  // the first answer is repeated
  registry::v1::CreateFacilityRequest empty;
  empty.set_request_id("empty");
  EXPECT_FALSE(server_.Call<registry::v1::Facility>(kCreateFacility, empty).ok());

  const std::string text = server_.SettledMetrics();
  EXPECT_EQ(MetricIn(text,
                     "tsunagu_call_seconds_count{caller=\"admin\",method=\"tsunagu.registry.v1.FacilityService/"
                     "CreateFacility\",service=\"registry\"}"),
            3);
  EXPECT_THAT(text, HasSubstr("tsunagu_call_errors_total{caller=\"admin\",code=\"INVALID_ARGUMENT\",method=\"tsunagu."
                              "registry.v1.FacilityService/CreateFacility\",reason=\"FIELD_REQUIRED\","
                              "service=\"registry\"} 1\n"));
  EXPECT_EQ(MetricIn(text, "tsunagu_request_replays_total{service=\"registry\"}"), 1);
  EXPECT_EQ(MetricIn(text, "tsunagu_calls_in_flight"), 0);
}

TEST_F(MetricsTest, PromtoolFindsNothingToSay) {
  const char* promtool = std::getenv("TSUNAGU_TEST_PROMTOOL");
  if (promtool == nullptr) GTEST_SKIP() << "TSUNAGU_TEST_PROMTOOL names no promtool";
  ASSERT_TRUE(server_.Call<registry::v1::Facility>(kCreateFacility, FacilityRequest("f-1")).ok());
  WriteFile(folder_ / "metrics", server_.Metrics());
  const Outcome outcome = RunToEnd({"/bin/sh", "-c", absl::StrCat(promtool, " check metrics < ", folder_ / "metrics")});
  EXPECT_EQ(outcome.code, 0) << outcome.output << outcome.errors;
  EXPECT_EQ(outcome.output + outcome.errors, "");
}

TEST_F(MetricsTest, NothingElseIsServed) {
  EXPECT_EQ(Code("GET /metrics HTTP/1.0\r\n\r\n"), "200");
  EXPECT_EQ(Code("GET / HTTP/1.0\r\n\r\n"), "404");
  EXPECT_NE(Code("GET /metrics/../../etc/passwd HTTP/1.0\r\n\r\n"), "200");
  for (const char* method : {"POST", "PUT", "DELETE", "TRACE", "OPTIONS"}) {
    EXPECT_NE(Code(absl::StrCat(method, " /metrics HTTP/1.0\r\nContent-Length: 0\r\n\r\n")), "200") << method;
  }
  EXPECT_NE(Code(absl::StrCat("GET /metrics HTTP/1.0\r\nX: ", std::string(100'000, 'x'), "\r\n\r\n")), "200");
  EXPECT_NE(server_.Metrics(), "");  // it is still there
}

struct BadAddress {
  const char* name;
  const char* address;
  const char* says;
};
void PrintTo(const BadAddress& bad, std::ostream* out) { *out << bad.name; }

class BadAddressTest : public testing::TestWithParam<BadAddress> {};

TEST_P(BadAddressTest, IsRefusedAtTheStart) {
  Folder folder;
  const Outcome outcome = RunToEnd({Binary("tsunagu-registry"), "--data-dir", folder.path(), "--listen", "127.0.0.1:0",
                                    "--admin-listen", GetParam().address});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.errors, HasSubstr(GetParam().says));
}

INSTANTIATE_TEST_SUITE_P(
    All, BadAddressTest,
    testing::Values(BadAddress{"Everywhere", "0.0.0.0:0", "--admin-trust-network"},
                    BadAddress{"EverywhereIpv6", "[::]:0", "--admin-trust-network"},
                    BadAddress{"AnotherMachine", "192.0.2.1:9464", "--admin-trust-network"},
                    BadAddress{"NoPort", "127.0.0.1", "give an IP address and a port"},
                    BadAddress{"PortOutOfRange", "127.0.0.1:70000", "give an IP address and a port"},
                    BadAddress{"Name", "example.jp:9464", "give an IP address and a port"},
                    BadAddress{"MoreThanOne", "127.0.0.1:0,0.0.0.0:9464", "give an IP address and a port"}),
    [](const auto& info) { return info.param.name; });

TEST(AdminListenerTest, AnywhereWhenSomebodySaysSo) {
  Folder folder;
  ServerProcess::Options options;
  options.flags = {"--admin-listen", "0.0.0.0:0", "--admin-trust-network", "true"};
  ServerProcess server(folder.path(), options);
  const auto line = server.process().ReadLine();
  ASSERT_TRUE(line.ok()) << line.status();
  EXPECT_THAT(*line, StartsWith("metrics on http://0.0.0.0:"));
}

}  // namespace
}  // namespace tsunagu::process
