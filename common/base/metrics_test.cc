#include "common/base/metrics.h"

#include <thread>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tsunagu::metrics {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(Metrics, SameLabelsInAnyOrderAreTheSameSeries) {
  Registry registry;
  Counter& one = registry.CounterOf("a_total", "A", {{"x", "1"}, {"y", "2"}});
  Counter& same = registry.CounterOf("a_total", "A", {{"y", "2"}, {"x", "1"}});
  Counter& other = registry.CounterOf("a_total", "A", {{"x", "1"}, {"y", "3"}});
  EXPECT_EQ(&one, &same);
  EXPECT_NE(&one, &other);
  one.Add(2);
  EXPECT_THAT(registry.Text(), HasSubstr("a_total{x=\"1\",y=\"2\"} 2\n"));
}

TEST(Metrics, HistogramCountsIntoTheBucketWhoseBoundIsNotBelow) {
  struct Case {
    const char* name;
    absl::Duration duration;
    size_t bucket;
  };
  const Case cases[] = {
      {"nothing", absl::ZeroDuration(), 0},
      {"a clock set back", absl::Seconds(-1), 0},
      {"at a bound", absl::Microseconds(100), 0},
      {"just above", absl::Microseconds(101), 1},
      {"above all", absl::Hours(1), Histogram::kBounds.size()},
      {"forever", absl::InfiniteDuration(), Histogram::kBounds.size()},
  };
  for (const Case& c : cases) {
    Histogram histogram;
    histogram.Observe(c.duration);
    EXPECT_EQ(histogram.bucket(c.bucket), 1) << c.name;
    EXPECT_EQ(histogram.count(), 1) << c.name;
  }
}

TEST(Metrics, BucketsAreShownCumulated) {
  Registry registry;
  Histogram& histogram = registry.HistogramOf("h_seconds", "H", {});
  histogram.Observe(absl::Microseconds(50));
  histogram.Observe(absl::Milliseconds(3));
  const std::string text = registry.Text();
  EXPECT_THAT(text, HasSubstr("h_seconds_bucket{le=\"0.0001\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("h_seconds_bucket{le=\"0.005\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("h_seconds_bucket{le=\"+Inf\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("h_seconds_count 2\n"));
  EXPECT_THAT(text, HasSubstr("h_seconds_sum 0.00305\n"));
}

TEST(Metrics, WatchedValuesAreAddedUpAndGoWithTheirWatch) {
  Registry registry;
  auto one = registry.Gauge("g", "G", {{"service", "a"}}, [] { return 2.0; });
  {
    const auto another = registry.Gauge("g", "G", {{"service", "a"}}, [] { return 3.0; });
    EXPECT_THAT(registry.Text(), HasSubstr("g{service=\"a\"} 5\n"));
  }
  EXPECT_THAT(registry.Text(), HasSubstr("g{service=\"a\"} 2\n"));
  one = Registry::Watch();
  EXPECT_THAT(registry.Text(), Not(HasSubstr("service")));
}

TEST(Metrics, WhatIsNotKnownIsNotShown) {
  Registry registry;
  std::optional<double> age;
  const auto watch = registry.Gauge("age_seconds", "Age", {}, [&] { return age; });
  EXPECT_THAT(registry.Text(), Not(HasSubstr("age_seconds")));
  age = 0;
  EXPECT_THAT(registry.Text(), HasSubstr("age_seconds 0\n"));
}

TEST(MetricsDeathTest, ANameHasOneKind) {
  Registry registry;
  registry.CounterOf("a_total", "A", {});
  EXPECT_DEATH(registry.HistogramOf("a_total", "A", {}), "declared in two ways");
}

TEST(Metrics, ManyThreadsLoseNothing) {
  Registry registry;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 1000; ++n) {
        registry.CounterOf("a_total", "A", {}).Add();
        registry.HistogramOf("h_seconds", "H", {}).Observe(absl::Microseconds(n));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(registry.CounterOf("a_total", "A", {}).value(), 4000);
  EXPECT_EQ(registry.HistogramOf("h_seconds", "H", {}).count(), 4000);
}

}  // namespace
}  // namespace tsunagu::metrics
