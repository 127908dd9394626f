#include "common/text/order.h"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/error.h"
#include "common/testing/sample.pb.h"
#include "common/testing/sample_table.h"
#include "gtest/gtest.h"

namespace tsunagu::contract {
namespace {

using tsunagu::testing::Sample;

const Schema& Samples() { return Schema::Of(Sample::descriptor()); }

struct Order {
  const char* name;
  const char* order_by;
  const char* sql;
};

class OrderSqlTest : public ::testing::TestWithParam<Order> {};

TEST_P(OrderSqlTest, IsTotal) {
  const auto terms = ParseOrderBy(Samples(), GetParam().order_by);
  ASSERT_TRUE(terms.ok());
  EXPECT_EQ(OrderSql(*terms), GetParam().sql);
}

INSTANTIATE_TEST_SUITE_P(
    All, OrderSqlTest,
    ::testing::Values(Order{"Default", "", "ORDER BY t.`id`"}, Order{"Blank", "  ", "ORDER BY t.`id`"},
                      Order{"One", "title", "ORDER BY t.`title`, t.`id`"},
                      Order{"TieBreakRunsAlong", "title desc", "ORDER BY t.`title` DESC, t.`id` DESC"},
                      Order{"Ascending", "title asc", "ORDER BY t.`title`, t.`id`"},
                      Order{"Mixed", " update_time  desc ,code", "ORDER BY t.`update_time` DESC, t.`code`, t.`id`"},
                      Order{"Name", "name desc", "ORDER BY t.`id` DESC"},
                      Order{"NothingFollowsTheName", "title,name,code", "ORDER BY t.`title`, t.`id`"},
                      Order{"Times", "create_time,update_time desc",
                            "ORDER BY t.`create_time`, t.`update_time` DESC, t.`id` DESC"}),
    [](const auto& row) { return row.param.name; });

struct Refused {
  const char* name;
  const char* order_by;
  Reason reason;
};

class OrderRefusal : public ::testing::TestWithParam<Refused> {};

TEST_P(OrderRefusal, IsAtOrderBy) {
  const auto terms = ParseOrderBy(Samples(), GetParam().order_by);
  ASSERT_FALSE(terms.ok());
  EXPECT_EQ(FaultOf(terms.status()).faults(0).field(), "order_by");
  EXPECT_EQ(ReasonOf(terms.status()), GetParam().reason);
}

INSTANTIATE_TEST_SUITE_P(All, OrderRefusal,
                         ::testing::Values(Refused{"Unknown", "colour", "FIELD_NOT_SORTABLE"_reason},
                                           Refused{"NotSortable", "note", "FIELD_NOT_SORTABLE"_reason},
                                           Refused{"Identifying", "family_name", "FIELD_NOT_SORTABLE"_reason},
                                           Refused{"Confidential", "diagnosis", "FIELD_NOT_SORTABLE"_reason},
                                           Refused{"Repeated", "tags", "FIELD_NOT_SORTABLE"_reason},
                                           Refused{"Etag", "etag", "FIELD_NOT_SORTABLE"_reason},
                                           Refused{"Injection", "title;drop", "FIELD_NOT_SORTABLE"_reason},
                                           Refused{"WrongWord", "title down", "MALFORMED_ORDER_BY"_reason},
                                           Refused{"UpperCase", "title DESC", "MALFORMED_ORDER_BY"_reason},
                                           Refused{"ThreeWords", "title desc desc", "MALFORMED_ORDER_BY"_reason},
                                           Refused{"EmptyTerm", "title,,code", "MALFORMED_ORDER_BY"_reason},
                                           Refused{"TrailingComma", "title,", "MALFORMED_ORDER_BY"_reason},
                                           Refused{"Twice", "title,title desc", "MALFORMED_ORDER_BY"_reason},
                                           Refused{"TooMany", "code,title,amount_yen,listed,state,alias",
                                                   "MALFORMED_ORDER_BY"_reason}),
                         [](const auto& row) { return row.param.name; });

TEST(OrderBy, NamesWhatIsAllowed) {
  const auto terms = ParseOrderBy(Samples(), "note");
  EXPECT_EQ(FaultOf(terms.status()).faults(0).args().at("allowed"),
            "name, create_time, update_time, code, title, amount_yen, capacity, listed, state, start_date, "
            "visit_time, alias");
}

TEST(After, RefusesALastRowOfAnotherContract) {
  const auto terms = ParseOrderBy(Samples(), "amount_yen");
  EXPECT_TRUE(After(*terms, std::vector<OrderValue>{int64_t{1}, "s1"}).ok());
  for (const std::vector<OrderValue>& last_row : std::vector<std::vector<OrderValue>>{{},
                                                                                      {int64_t{1}},
                                                                                      {"1", "s1"},
                                                                                      {absl::monostate(), "s1"},
                                                                                      {int64_t{1}, int64_t{1}},
                                                                                      {int64_t{1}, "s1", "s2"}}) {
    EXPECT_EQ(ReasonOf(After(*terms, last_row).status()), "INVALID_PAGE_TOKEN"_reason);
  }
}

std::string RandomOrder(std::mt19937& random) {
  std::vector<std::string> fields = {"title",      "amount_yen", "capacity", "listed",      "state",
                                     "start_date", "visit_time", "alias",    "create_time", "update_time"};
  std::shuffle(fields.begin(), fields.end(), random);
  fields.resize(random() % 4);
  if (random() % 4 == 0) fields.push_back("name");
  for (std::string& field : fields) field += random() % 2 == 0 ? " desc" : "";
  return absl::StrJoin(fields, ",");
}

// Returns "t.`update_time`, t.`id`".
std::string ColumnsOf(const std::vector<OrderTerm>& terms) {
  return absl::StrJoin(terms, ", ",
                       [](std::string* out, const OrderTerm& term) { absl::StrAppend(out, "t.`", term.column, "`"); });
}

TEST(After, PagesGiveEveryRowOnceAndInOrder) {
  std::mt19937 random(11);
  tsunagu::testing::SampleTable table;
  for (int i = 0; i < 80; ++i) table.Insert(tsunagu::testing::RandomSample(random, i));
  for (int round = 0; round < 100; ++round) {
    const std::string order_by = RandomOrder(random);
    const auto terms = ParseOrderBy(Samples(), order_by);
    ASSERT_TRUE(terms.ok()) << order_by;
    const auto all = table.Select(ColumnsOf(*terms), {"1 = 1"}, OrderSql(*terms));
    ASSERT_EQ(all.size(), 80u);
    // NULL comes first, then values in order; SQLite, MySQL and the alternatives of OrderValue agree.
    ASSERT_TRUE(std::is_sorted(all.begin(), all.end(), [&](const auto& a, const auto& b) {
      for (size_t i = 0; i < terms->size(); ++i) {
        if (a[i] != b[i]) return (*terms)[i].descending ? b[i] < a[i] : a[i] < b[i];
      }
      return false;
    })) << order_by;
    for (size_t i = 0; i < all.size(); ++i) {
      const auto after = After(*terms, all[i]);
      ASSERT_TRUE(after.ok()) << order_by;
      const auto rest = table.Select(ColumnsOf(*terms), *after, OrderSql(*terms));
      ASSERT_TRUE(std::equal(rest.begin(), rest.end(), all.begin() + i + 1, all.end()))
          << order_by << " " << after->sql;
    }
  }
}

}  // namespace
}  // namespace tsunagu::contract
