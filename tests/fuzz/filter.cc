// Arbitrary filters. A filter that compiles gives SQL that SQLite accepts, contains no text of the caller outside its
// parameters, and is two-valued: a row satisfies the filter or its negation.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/testing/sample.pb.h"
#include "common/text/filter.h"
#include "common/text/filter_parser.h"
#include "sqlite3.h"
#include "tests/fuzz/fuzz.h"

namespace tsunagu::fuzz {
namespace {

using contract::Parameter;

constexpr int kRows = 7;

// Creates the tables of a sample as its contract defines them, with rows of absent, empty and other values.
sqlite3* MakeTables() {
  sqlite3* database = nullptr;
  Require(sqlite3_open(":memory:", &database) == SQLITE_OK, "sqlite3_open");
  std::string script =
      "CREATE TABLE samples (id TEXT PRIMARY KEY, code TEXT NOT NULL, title TEXT NOT NULL, amount_yen INTEGER NOT "
      "NULL, "
      "capacity INTEGER, listed INTEGER NOT NULL, state TEXT NOT NULL, start_date TEXT, visit_time INTEGER, alias "
      "TEXT, "
      "origin TEXT NOT NULL, diagnosis TEXT NOT NULL, create_time INTEGER NOT NULL, update_time INTEGER NOT NULL); "
      "CREATE TABLE samples_tags (id TEXT NOT NULL, value TEXT NOT NULL);";
  const char* rows[kRows] = {
      "'a', '', '', 0, NULL, 0, 'STATE_UNSPECIFIED', NULL, NULL, NULL, '', '', 0, 0",
      "'b', 'b', 'a', 1, 1, 1, 'ACTIVE', '2019-05-01', 1556636400000000, '', 'samples/a', 'x', 1, 1",
      "'c', 'c', '東京', -1, 0, 1, 'ENDED', '2019-04-30', 0, 'a', '', '', 2, 3",
      "'d', 'd', 'a b', 9, 9, 0, 'DRAFT', '1900-01-01', -1, 'b', '', 'y', 4, 5",
      "'f', 'f', '%', 5, 5, 1, 'ACTIVE', '2100-12-31', 5, '%', 'samples/b', '', 6, 7",
      "'g', 'g', '''', 7, 7, 0, 'ACTIVE', NULL, 7, NULL, '', '', 8, 9",
      "'h', 'h', '\\', 3, NULL, 1, 'DRAFT', '2019-05-01', NULL, 'a', '', '', 1, 2"};
  for (const char* row : rows) absl::StrAppend(&script, "INSERT INTO samples VALUES (", row, ");");
  absl::StrAppend(&script, "INSERT INTO samples_tags VALUES ('b', 'a'), ('b', 'b'), ('c', 'a'), ('d', '');");
  Require(sqlite3_exec(database, script.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK, sqlite3_errmsg(database));
  return database;
}

int Count(sqlite3* database, const std::string& condition, const std::vector<Parameter>& parameters) {
  const std::string sql = absl::StrCat("SELECT COUNT(*) FROM samples t WHERE ", condition);
  sqlite3_stmt* statement = nullptr;
  Require(sqlite3_prepare_v2(database, sql.c_str(), -1, &statement, nullptr) == SQLITE_OK, "SQLite takes it", sql);
  Require(sqlite3_bind_parameter_count(statement) == static_cast<int>(parameters.size()), "each ? is bound", sql);
  for (size_t i = 0; i < parameters.size(); ++i) {
    const int index = static_cast<int>(i) + 1;
    if (const auto* number = absl::get_if<int64_t>(&parameters[i])) {
      sqlite3_bind_int64(statement, index, *number);
    } else {
      const auto& text = absl::get<std::string>(parameters[i]);
      sqlite3_bind_text(statement, index, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
    }
  }
  Require(sqlite3_step(statement) == SQLITE_ROW, "SQLite runs it", sql);
  const int count = sqlite3_column_int(statement, 0);
  sqlite3_finalize(statement);
  return count;
}

int Comparisons(const contract::FilterNode& node) {
  int count = node.kind == contract::FilterNode::Kind::kComparison ? 1 : 0;
  for (const contract::FilterNode& child : node.children) count += Comparisons(child);
  return count;
}

void Check(absl::string_view filter) {
  static sqlite3* const database = MakeTables();
  const auto parsed = contract::ParseFilter(filter);
  const auto condition = contract::CompileFilter(contract::Schema::Of(testing::Sample::descriptor()), filter);
  if (!condition.ok()) {
    Require(ReasonOf(condition.status()) != "INTERNAL"_reason, "a refusal says what is wrong", filter);
    return;
  }
  Require(parsed.ok(), "what compiles has been parsed", filter);
  Require(Comparisons(*parsed) <= 50, "at most 50 comparisons", filter);
  for (const char c : condition->sql) {
    Require(c >= ' ' && c < 127 && c != '"' && c != ';', "SQL is our own text", condition->sql);
  }
  const int fulfil = Count(database, condition->sql, condition->parameters);
  const int others = Count(database, absl::StrCat("NOT (", condition->sql, ")"), condition->parameters);
  Require(fulfil + others == kRows, "a row fulfils a filter or its opposite", condition->sql);
}

}  // namespace
}  // namespace tsunagu::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  tsunagu::fuzz::Check(tsunagu::fuzz::Input(data, size).Rest());
  return 0;
}
