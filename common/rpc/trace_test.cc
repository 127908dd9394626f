#include "common/rpc/trace.h"

#include <ostream>
#include <set>

#include "gtest/gtest.h"

namespace tsunagu::rpc {
namespace {

struct Case {
  const char* name;
  const char* header;
  bool taken;
};
void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }

class TraceparentTest : public testing::TestWithParam<Case> {};

TEST_P(TraceparentTest, IsTakenToTheLetterOrNotAtAll) {
  const auto trace = ParseTraceparent(GetParam().header);
  ASSERT_EQ(trace.has_value(), GetParam().taken);
  if (!trace) return;
  EXPECT_EQ(trace->trace_id(), "0af7651916cd43dd8448eb211c80319c");
}

INSTANTIATE_TEST_SUITE_P(
    All, TraceparentTest,
    testing::Values(Case{"AsInTheStandard", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", true},
                    Case{"OtherFlags", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-ff", true},
                    Case{"LaterVersion", "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", true},
                    Case{"LaterVersionWithMore", "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more", true},
                    Case{"LaterVersionRunningOn", "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01more", false},
                    Case{"VersionZeroWithMore", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more", false},
                    Case{"VersionFf", "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", false},
                    Case{"Empty", "", false},
                    Case{"Short", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0", false},
                    Case{"UpperCase", "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01", false},
                    Case{"NoTraceId", "00-00000000000000000000000000000000-b7ad6b7169203331-01", false},
                    Case{"NoParentId", "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01", false},
                    Case{"NoHexadecimal", "00-0af7651916cd43dd8448eb211c80319g-b7ad6b7169203331-01", false},
                    Case{"OtherSeparators", "00_0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331_01", false},
                    Case{"LineBreak", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0\n", false}),
    [](const auto& info) { return info.param.name; });

TEST(Trace, ASpanOfItsOwnWithinTheTrace) {
  const char* header = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  const Trace trace = Trace::Continue(header);
  EXPECT_EQ(trace.trace_id(), "0af7651916cd43dd8448eb211c80319c");
  EXPECT_NE(trace.span_id(), "b7ad6b7169203331");
  EXPECT_EQ(trace.traceparent(), "00-0af7651916cd43dd8448eb211c80319c-" + trace.span_id() + "-01");
}

TEST(Trace, ANewOneWhereThereIsNone) {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const Trace trace = Trace::Continue("nonsense");
    EXPECT_TRUE(ParseTraceparent(trace.traceparent()).has_value());
    EXPECT_TRUE(seen.insert(trace.trace_id()).second);
  }
}

}  // namespace
}  // namespace tsunagu::rpc
