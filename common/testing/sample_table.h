#ifndef TSUNAGU_COMMON_TESTING_SAMPLE_TABLE_H_
#define TSUNAGU_COMMON_TESTING_SAMPLE_TABLE_H_

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "common/testing/sample.pb.h"
#include "common/text/condition.h"
#include "common/text/order.h"
#include "gtest/gtest.h"
#include "sqlite3.h"

// For tests only.
namespace tsunagu::testing {

// Returns a sample whose values come from small pools, so that filters and orders meet equal, absent and default
// values.
inline Sample RandomSample(std::mt19937& random, int number) {
  auto one_of = [&](int count) { return static_cast<int>(random() % count); };
  static constexpr const char* kTexts[] = {"", "a", "ab", "b", "東京", "東京都", "a b", "it's \"x\" \\"};
  Sample sample;
  sample.set_name(absl::StrFormat("samples/s%03d", number));
  sample.set_code(absl::StrCat("c", number));
  sample.set_title(kTexts[one_of(8)]);
  sample.set_amount_yen(one_of(5) - 2);
  if (one_of(3) > 0) sample.set_capacity(one_of(4) - 1);
  sample.set_listed(one_of(2) == 0);
  sample.set_state(static_cast<Sample::State>(one_of(4)));
  if (one_of(3) > 0) {
    sample.mutable_start_date()->set_year(2019);
    sample.mutable_start_date()->set_month(4 + one_of(2));
    sample.mutable_start_date()->set_day(1 + one_of(2));
  }
  if (one_of(3) > 0) {
    sample.mutable_visit_time()->set_seconds(1556636400 + one_of(3));
    sample.mutable_visit_time()->set_nanos(one_of(2) * 1000);
  }
  if (one_of(3) > 0) sample.set_alias(kTexts[one_of(4)]);
  for (int i = one_of(3); i > 0; --i) sample.add_tags(kTexts[1 + one_of(4)]);
  sample.mutable_create_time()->set_seconds(one_of(3));
  sample.mutable_update_time()->set_seconds(one_of(3));
  return sample;
}

inline absl::optional<std::string> DateOf(const Sample& sample) {
  if (!sample.has_start_date()) return absl::nullopt;
  const auto& date = sample.start_date();
  return absl::StrFormat("%04d-%02d-%02d", date.year(), date.month(), date.day());
}

inline absl::optional<int64_t> MicrosOf(const Sample& sample) {
  if (!sample.has_visit_time()) return absl::nullopt;
  return sample.visit_time().seconds() * 1'000'000 + sample.visit_time().nanos() / 1'000;
}

// The tables `samples` and `samples_tags` in an SQLite database in memory, as derived from the contract.
class SampleTable {
 public:
  SampleTable() {
    EXPECT_EQ(sqlite3_open(":memory:", &database_), SQLITE_OK);
    Run("CREATE TABLE samples (id TEXT PRIMARY KEY, code TEXT NOT NULL, title TEXT NOT NULL, amount_yen INTEGER NOT "
        "NULL, capacity INTEGER, listed INTEGER NOT NULL, state TEXT NOT NULL, start_date TEXT, visit_time INTEGER, "
        "alias TEXT, origin TEXT NOT NULL, diagnosis TEXT NOT NULL, create_time INTEGER NOT NULL, update_time INTEGER "
        "NOT NULL)",
        {});
    Run("CREATE TABLE samples_tags (id TEXT NOT NULL, value TEXT NOT NULL)", {});
  }
  ~SampleTable() { sqlite3_close(database_); }
  SampleTable(const SampleTable&) = delete;
  SampleTable& operator=(const SampleTable&) = delete;

  void Insert(const Sample& sample) {
    const std::string id = sample.name().substr(8);
    auto nullable = [](const auto& value) { return value ? contract::OrderValue(*value) : contract::OrderValue(); };
    Run("INSERT INTO samples VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', '', ?, ?)",
        {id, sample.code(), sample.title(), sample.amount_yen(),
         sample.has_capacity() ? contract::OrderValue(int64_t{sample.capacity()}) : contract::OrderValue(),
         int64_t{sample.listed()}, Sample::State_Name(sample.state()), nullable(DateOf(sample)),
         nullable(MicrosOf(sample)), sample.has_alias() ? contract::OrderValue(sample.alias()) : contract::OrderValue(),
         sample.create_time().seconds() * 1'000'000, sample.update_time().seconds() * 1'000'000});
    for (const std::string& tag : sample.tags()) Run("INSERT INTO samples_tags VALUES (?, ?)", {id, tag});
  }

  // Returns the rows that fulfil `condition`, each as the values of `columns` ("t.id").
  std::vector<std::vector<contract::OrderValue>> Select(absl::string_view columns,
                                                        const contract::SqlCondition& condition,
                                                        absl::string_view order) {
    std::vector<contract::OrderValue> values;
    for (const contract::Parameter& parameter : condition.parameters) {
      absl::visit([&](const auto& value) { values.emplace_back(value); }, parameter);
    }
    return Run(absl::StrCat("SELECT ", columns, " FROM samples t WHERE ", condition.sql, " ", order), values);
  }

 private:
  std::vector<std::vector<contract::OrderValue>> Run(const std::string& sql, std::vector<contract::OrderValue> values) {
    sqlite3_stmt* statement = nullptr;
    EXPECT_EQ(sqlite3_prepare_v2(database_, sql.c_str(), -1, &statement, nullptr), SQLITE_OK)
        << sqlite3_errmsg(database_) << " in " << sql;
    EXPECT_EQ(sqlite3_bind_parameter_count(statement), static_cast<int>(values.size())) << sql;
    for (size_t i = 0; i < values.size(); ++i) {
      if (const auto* number = absl::get_if<int64_t>(&values[i])) sqlite3_bind_int64(statement, i + 1, *number);
      if (const auto* text = absl::get_if<std::string>(&values[i])) {
        sqlite3_bind_text(statement, i + 1, text->data(), text->size(), SQLITE_TRANSIENT);
      }
    }
    std::vector<std::vector<contract::OrderValue>> rows;
    while (sqlite3_step(statement) == SQLITE_ROW) {
      auto& row = rows.emplace_back();
      for (int i = 0; i < sqlite3_column_count(statement); ++i) row.push_back(ColumnOf(statement, i));
    }
    sqlite3_finalize(statement);
    return rows;
  }

  static contract::OrderValue ColumnOf(sqlite3_stmt* statement, int column) {
    if (sqlite3_column_type(statement, column) == SQLITE_NULL) return absl::monostate();
    if (sqlite3_column_type(statement, column) == SQLITE_INTEGER) {
      return int64_t{sqlite3_column_int64(statement, column)};
    }
    return std::string(reinterpret_cast<const char*>(sqlite3_column_text(statement, column)),
                       sqlite3_column_bytes(statement, column));
  }

  sqlite3* database_ = nullptr;
};

}  // namespace tsunagu::testing

#endif  // TSUNAGU_COMMON_TESTING_SAMPLE_TABLE_H_
