#include "common/text/filter.h"

#include <map>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/error.h"
#include "common/testing/sample.pb.h"
#include "common/testing/sample_table.h"
#include "common/text/filter_parser.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tsunagu::contract {
namespace {

using ::testing::HasSubstr;
using tsunagu::testing::Sample;

const Schema& Samples() { return Schema::Of(Sample::descriptor()); }

// Returns the SQL and then the parameters: numbers plain, text in brackets.
std::string Show(const SqlCondition& condition) {
  std::string shown = condition.sql;
  for (const Parameter& parameter : condition.parameters) {
    if (const auto* number = absl::get_if<int64_t>(&parameter)) {
      absl::StrAppend(&shown, " ", *number);
    } else {
      absl::StrAppend(&shown, " [", absl::get<std::string>(parameter), "]");
    }
  }
  return shown;
}

struct Compiled {
  const char* name;
  const char* filter;
  const char* sql;
};

class FilterSql : public ::testing::TestWithParam<Compiled> {};

TEST_P(FilterSql, IsCompiled) {
  const auto condition = CompileFilter(Samples(), GetParam().filter);
  ASSERT_TRUE(condition.ok()) << Text(FaultOf(condition.status()).faults(0), Language::kEnglish);
  EXPECT_EQ(Show(*condition), GetParam().sql);
}

INSTANTIATE_TEST_SUITE_P(
    All, FilterSql,
    ::testing::Values(
        Compiled{"Nothing", "", "1 = 1"}, Compiled{"Blank", " \t ", "1 = 1"},
        Compiled{"Text", "title = \"a\"", "t.`title` = ? [a]"},
        Compiled{"TextWithoutSpace", "title=a", "t.`title` = ? [a]"},
        Compiled{"SingleQuotes", R"(title='a"b')", "t.`title` = ? [a\"b]"},
        Compiled{"Escapes", R"(title="a\"b\\c\'")", R"(t.`title` = ? [a"b\c'])"},
        Compiled{"NoSqlInjection", R"(title="' OR 1=1 --")", "t.`title` = ? [' OR 1=1 --]"},
        Compiled{"BareJapanese", "title = 東京", "t.`title` = ? [東京]"},
        Compiled{"BareNumberAsText", "code = 310000", "t.`code` = ? [310000]"},
        Compiled{"SpaceAtTheEnds", "title = \" a b 　\"", "t.`title` = ? [a b]"},
        Compiled{"HasOnText", "title:a", "t.`title` = ? [a]"},
        Compiled{"TextOrder", "title >= b", "t.`title` >= ? [b]"},
        Compiled{"Different", "title != a", "t.`title` <> ? [a]"},
        Compiled{"Integer", "amount_yen < -5", "t.`amount_yen` < ? -5"},
        Compiled{"QuotedInteger", "amount_yen <= \"12\"", "t.`amount_yen` <= ? 12"},
        Compiled{"Nullable", "capacity > 3", "(t.`capacity` IS NOT NULL AND t.`capacity` > ?) 3"},
        Compiled{"NullableDifferent", "capacity != 3", "(t.`capacity` IS NULL OR t.`capacity` <> ?) 3"},
        Compiled{"Bool", "listed = true", "t.`listed` = ? 1"},
        Compiled{"BoolNot", "listed != true", "t.`listed` <> ? 1"},
        Compiled{"EnumBesideOneText", "title = a AND state = ACTIVE AND listed = true",
                 "(t.`title` = ? AND +t.`state` = ? AND +t.`listed` = ?) [a] [ACTIVE] 1"},
        Compiled{"EnumBesideMuchText", "title > a AND state = ACTIVE",
                 "(t.`title` > ? AND t.`state` = ?) [a] [ACTIVE]"},
        Compiled{"EnumBesideEitherText", "title = a OR state = ACTIVE",
                 "(t.`title` = ? OR t.`state` = ?) [a] [ACTIVE]"},
        Compiled{"Enum", "state = ACTIVE", "t.`state` = ? [ACTIVE]"},
        Compiled{"Date", "start_date >= 2019-05-01",
                 "(t.`start_date` IS NOT NULL AND t.`start_date` >= ?) [2019-05-01]"},
        Compiled{"DateWareki", "start_date = R1.5.1",
                 "(t.`start_date` IS NOT NULL AND t.`start_date` = ?) [2019-05-01]"},
        Compiled{"Time", "visit_time < \"1970-01-01T09:00:01.5+09:00\"",
                 "(t.`visit_time` IS NOT NULL AND t.`visit_time` < ?) 1500000"},
        Compiled{"BareTime", "visit_time = 1970-01-01T00:00:01Z",
                 "(t.`visit_time` IS NOT NULL AND t.`visit_time` = ?) 1000000"},
        Compiled{"Item", "tags:x", "EXISTS (SELECT 1 FROM samples_tags s WHERE s.id = t.`id` AND s.value = ?) [x]"},
        Compiled{"AnyItem", "tags:*", "EXISTS (SELECT 1 FROM samples_tags s WHERE s.id = t.`id`)"},
        Compiled{"SetText", "title:*", "t.`title` > ''"}, Compiled{"SetInteger", "amount_yen:*", "t.`amount_yen` <> 0"},
        Compiled{"SetNullable", "start_date:*", "t.`start_date` IS NOT NULL"},
        Compiled{"SetEnum", "state:*", "t.`state` <> ? [STATE_UNSPECIFIED]"},
        Compiled{"QuotedStar", "title:\"*\"", "t.`title` = ? [*]"},
        Compiled{"And", "title=a AND code=b", "(t.`title` = ? AND t.`code` = ?) [a] [b]"},
        Compiled{"Juxtaposed", "title=a code=b", "(t.`title` = ? AND t.`code` = ?) [a] [b]"},
        Compiled{"OrBindsTighter", "title=a AND code=b OR code=c",
                 "(t.`title` = ? AND (t.`code` = ? OR t.`code` = ?)) [a] [b] [c]"},
        Compiled{"OrBindsTighterInFront", "title=a OR code=b code=c",
                 "((t.`title` = ? OR t.`code` = ?) AND t.`code` = ?) [a] [b] [c]"},
        Compiled{"Parentheses", "(title=a AND code=b) OR code=c",
                 "((t.`title` = ? AND t.`code` = ?) OR t.`code` = ?) [a] [b] [c]"},
        Compiled{"Not", "NOT title=a", "NOT (t.`title` = ?) [a]"},
        Compiled{"Minus", "-title=a", "NOT (t.`title` = ?) [a]"},
        Compiled{"NotGroup", "NOT(title=a OR code=b)", "NOT ((t.`title` = ? OR t.`code` = ?)) [a] [b]"},
        Compiled{"KeywordInWord", "title=ANDREA OR title=ORB", "(t.`title` = ? OR t.`title` = ?) [ANDREA] [ORB]"},
        Compiled{"Reference", "origin = samples/a-1", "t.`origin` = ? [samples/a-1]"}),
    [](const auto& row) { return row.param.name; });

struct Refused {
  const char* name;
  std::string filter;
  Reason reason;
  std::string position;  // "" when it does not matter
};

class FilterRefusal : public ::testing::TestWithParam<Refused> {};

TEST_P(FilterRefusal, SaysWhere) {
  const auto condition = CompileFilter(Samples(), GetParam().filter);
  ASSERT_FALSE(condition.ok()) << Show(*condition);
  const Fault fault = FaultOf(condition.status());
  ASSERT_EQ(fault.faults_size(), 1);
  EXPECT_EQ(fault.faults(0).field(), "filter");
  EXPECT_EQ(ReasonOf(fault.faults(0)), GetParam().reason) << Text(fault.faults(0), Language::kEnglish);
  if (!GetParam().position.empty()) {
    EXPECT_EQ(fault.faults(0).args().at("position"), GetParam().position) << fault.faults(0).DebugString();
  }
  EXPECT_THAT(Text(fault.faults(0), Language::kEnglish), ::testing::Not(HasSubstr("{"))) << "a placeholder is empty";
}

std::string Repeat(int count, const std::string& text) {
  std::string all;
  for (int i = 0; i < count; ++i) all += text;
  return all;
}

INSTANTIATE_TEST_SUITE_P(
    All, FilterRefusal,
    ::testing::Values(
        Refused{"BareWord", "abc", "MALFORMED_FILTER"_reason, "4"},
        Refused{"NoValue", "title = ", "MALFORMED_FILTER"_reason, "9"},
        Refused{"KeywordAsValue", "title = AND", "MALFORMED_FILTER"_reason, "9"},
        Refused{"NoField", "= a", "MALFORMED_FILTER"_reason, "1"},
        Refused{"QuoteOpen", "title = \"a", "MALFORMED_FILTER"_reason, "9"},
        Refused{"UnknownEscape", "title = \"a\\n\"", "MALFORMED_FILTER"_reason, "12"},
        Refused{"CountsCharactersNotBytes", "title = 東京 )", "MALFORMED_FILTER"_reason, "12"},
        Refused{"GroupOpen", "(title = a", "MALFORMED_FILTER"_reason, "11"},
        Refused{"GroupNotOpen", "title = a)", "MALFORMED_FILTER"_reason, "10"},
        Refused{"EmptyGroup", "()", "MALFORMED_FILTER"_reason, "2"},
        Refused{"DanglingAnd", "title=a AND", "MALFORMED_FILTER"_reason, "12"},
        Refused{"DanglingOr", "title=a OR ", "MALFORMED_FILTER"_reason, "12"},
        Refused{"LeadingAnd", "AND title=a", "MALFORMED_FILTER"_reason, "1"},
        Refused{"NoSpaceBetween", "title=\"a\"code=b", "MALFORMED_FILTER"_reason, "10"},
        Refused{"Wildcard", "title = a*", "MALFORMED_FILTER"_reason, "10"},
        Refused{"StarWithEquals", "title = *", "MALFORMED_FILTER"_reason, "9"},
        Refused{"EnumOrder", "state > ACTIVE", "MALFORMED_FILTER"_reason, "1"},
        Refused{"EqualsOnRepeated", "title=a tags = x", "MALFORMED_FILTER"_reason, "9"},
        Refused{"TooLong", "title = " + Repeat(1000, "あ"), "MALFORMED_FILTER"_reason, "1001"},
        Refused{"TooDeep", Repeat(17, "(") + "title=a" + Repeat(17, ")"), "MALFORMED_FILTER"_reason, "17"},
        Refused{"TooMany", Repeat(51, "title=a "), "MALFORMED_FILTER"_reason, ""},
        Refused{"NotUtf8", "title = \"\xFF\"", "INVALID_UTF8"_reason, ""},
        Refused{"NoSuchField", "colour = red", "FIELD_NOT_FILTERABLE"_reason, ""},
        Refused{"PathOfField", "place.title = red", "FIELD_NOT_FILTERABLE"_reason, ""},
        Refused{"NotFilterable", "note = a", "FIELD_NOT_FILTERABLE"_reason, ""},
        Refused{"Identifying", "family_name = a", "FIELD_NOT_FILTERABLE"_reason, ""},
        Refused{"IntegerWord", "code=a amount_yen = many", "MALFORMED_VALUE"_reason, "8"},
        Refused{"IntegerFraction", "amount_yen = 1.5", "MALFORMED_VALUE"_reason, "1"},
        Refused{"IntegerTooLarge", "amount_yen = 9223372036854775808", "MALFORMED_VALUE"_reason, "1"},
        Refused{"BoolWord", "listed = yes", "MALFORMED_VALUE"_reason, "1"},
        Refused{"EnumUnknown", "state = OPEN", "UNKNOWN_ENUM_VALUE"_reason, "1"},
        Refused{"DateWord", "start_date = soon", "MALFORMED_DATE"_reason, "1"},
        Refused{"DateMissing", "start_date = 2019-02-29", "DATE_DOES_NOT_EXIST"_reason, "1"},
        Refused{"DateOutsideEra", "start_date = H40.1.1", "DATE_OUTSIDE_ERA"_reason, "1"},
        Refused{"TimeWithoutOffset", "visit_time = 2019-05-01T00:00:00", "MALFORMED_VALUE"_reason, "1"},
        Refused{"TimeTooFine", "visit_time = 2019-05-01T00:00:00.0000001Z", "TIMESTAMP_TOO_FINE"_reason, "1"}),
    [](const auto& row) { return row.param.name; });

TEST(Filter, AllowsExactlyItsLimits) {
  EXPECT_TRUE(CompileFilter(Samples(), Repeat(16, "(") + "title=a" + Repeat(16, ")")).ok());
  EXPECT_TRUE(CompileFilter(Samples(), Repeat(50, "title=a ")).ok());
  EXPECT_TRUE(CompileFilter(Samples(), "title = " + Repeat(992, "あ")).ok());
}

TEST(Filter, NamesWhatIsAllowed) {
  const auto field = CompileFilter(Samples(), "family_name = a");
  const Fault fault = FaultOf(field.status()).faults(0);
  EXPECT_EQ(fault.args().at("field"), "family_name");
  EXPECT_EQ(fault.args().at("allowed"),
            "code, title, amount_yen, capacity, listed, state, start_date, visit_time, alias, tags, origin, diagnosis");
  const auto state = CompileFilter(Samples(), "state = OPEN");
  EXPECT_EQ(FaultOf(state.status()).faults(0).args().at("allowed"), "DRAFT, ACTIVE, ENDED");
}

TEST(Filter, TellsWhenItReadsConfidentialFields) {
  EXPECT_FALSE(CompileFilter(Samples(), "title = a")->confidential);
  EXPECT_TRUE(CompileFilter(Samples(), "title = a OR NOT diagnosis = b")->confidential);
}

// The meaning of a filter, without SQL: every field has zero, one or more values of text or number.
struct Values {
  std::vector<Parameter> all;
  bool repeated = false;
  bool set = false;
};

Values ValuesOf(const Sample& sample, const std::string& field) {
  Values values;
  auto add = [&](Parameter value, bool set) {
    values.all.push_back(std::move(value));
    values.set = values.set || set;
  };
  if (field == "title") add(sample.title(), !sample.title().empty());
  if (field == "amount_yen") add(sample.amount_yen(), sample.amount_yen() != 0);
  if (field == "capacity" && sample.has_capacity()) add(int64_t{sample.capacity()}, true);
  if (field == "listed") add(int64_t{sample.listed()}, sample.listed());
  if (field == "state") add(Sample::State_Name(sample.state()), sample.state() != Sample::STATE_UNSPECIFIED);
  if (field == "start_date" && sample.has_start_date()) add(*tsunagu::testing::DateOf(sample), true);
  if (field == "visit_time" && sample.has_visit_time()) add(*tsunagu::testing::MicrosOf(sample), true);
  if (field == "alias" && sample.has_alias()) add(sample.alias(), true);
  if (field == "tags") {
    values.repeated = true;
    for (const std::string& tag : sample.tags()) add(tag, true);
  }
  return values;
}

// Literals for the values of RandomSample, each with its meaning.
const std::map<std::string, std::vector<std::pair<std::string, Parameter>>>& Literals() {
  static const auto& literals = *new std::map<std::string, std::vector<std::pair<std::string, Parameter>>>{
      {"title", {{"a", "a"}, {"\"ab \"", "ab"}, {"東京", "東京"}, {"''", ""}, {R"("it's \"x\" \\")", "it's \"x\" \\"}}},
      {"amount_yen", {{"0", int64_t{0}}, {"-1", int64_t{-1}}, {"2", int64_t{2}}}},
      {"capacity", {{"0", int64_t{0}}, {"1", int64_t{1}}}},
      {"listed", {{"true", int64_t{1}}, {"false", int64_t{0}}}},
      {"state", {{"STATE_UNSPECIFIED", "STATE_UNSPECIFIED"}, {"ACTIVE", "ACTIVE"}, {"ENDED", "ENDED"}}},
      {"start_date", {{"2019-04-01", "2019-04-01"}, {"R1.5.1", "2019-05-01"}}},
      {"visit_time",
       {{"2019-05-01T00:00:00+09:00", int64_t{1556636400000000}},
        {"2019-04-30T15:00:01.000001Z", int64_t{1556636401000001}}}},
      {"alias", {{"''", ""}, {"a", "a"}, {"ab", "ab"}}},
      {"tags", {{"a", "a"}, {"b", "b"}}}};
  return literals;
}

bool Compare(const Parameter& a, const std::string& comparator, const Parameter& b) {
  if (comparator == "<") return a < b;
  if (comparator == "<=") return a <= b;
  if (comparator == ">") return a > b;
  if (comparator == ">=") return a >= b;
  return a == b;
}

// A random filter together with its meaning.
class RandomFilter {
 public:
  RandomFilter(std::mt19937& random, const Sample& sample) : random_(random), sample_(sample) {}

  // Returns the text and whether the sample fulfils it.
  std::pair<std::string, bool> Expression(int depth) {
    auto [text, holds] = Factor(depth);
    for (int i = random_() % 3; i > 0; --i) {
      const auto [more, also] = Factor(depth);
      absl::StrAppend(&text, random_() % 2 == 0 ? " AND " : " ", more);
      holds = holds && also;
    }
    return {text, holds};
  }

 private:
  std::pair<std::string, bool> Factor(int depth) {
    auto [text, holds] = Term(depth);
    for (int i = random_() % 2; i > 0; --i) {
      const auto [more, also] = Term(depth);
      absl::StrAppend(&text, " OR ", more);
      holds = holds || also;
    }
    return {text, holds};
  }

  std::pair<std::string, bool> Term(int depth) {
    const char* negations[] = {"", "", "NOT ", "-"};
    const std::string negation = negations[random_() % 4];
    auto [text, holds] = Comparison();
    if (depth > 0 && random_() % 3 == 0) {
      std::tie(text, holds) = Expression(depth - 1);
      text = absl::StrCat("(", text, ")");
    }
    return {absl::StrCat(negation, text), negation.empty() ? holds : !holds};
  }

  std::pair<std::string, bool> Comparison() {
    auto entry = Literals().begin();
    std::advance(entry, random_() % Literals().size());
    const auto& [field, literals] = *entry;
    const Values values = ValuesOf(sample_, field);
    if (random_() % 6 == 0) return {absl::StrCat(field, ":*"), values.set};
    const auto& [literal, meaning] = literals[random_() % literals.size()];
    const char* comparators[] = {"=", "!=", ":", "<", "<=", ">", ">="};
    const bool ordered = field != "listed" && field != "state";
    const std::string comparator = values.repeated ? ":" : comparators[random_() % (ordered ? 7 : 3)];
    bool holds = comparator == "!=" && values.all.empty();
    for (const Parameter& value : values.all) {
      holds = holds || (comparator == "!=" ? !(value == meaning) : Compare(value, comparator, meaning));
    }
    return {absl::StrCat(field, comparator, literal), holds};
  }

  std::mt19937& random_;
  const Sample& sample_;
};

TEST(Filter, SqlMeansWhatTheFilterMeans) {
  std::mt19937 random(7);
  int held = 0;
  int comparisons_exceeded = 0;
  constexpr int kRounds = 1500;
  tsunagu::testing::SampleTable table;
  std::vector<Sample> samples;
  for (int i = 0; i < 60; ++i) {
    samples.push_back(tsunagu::testing::RandomSample(random, i));
    table.Insert(samples.back());
  }
  for (int round = 0; round < kRounds; ++round) {
    // The same random numbers give the same text for every sample.
    const uint32_t seed = random();
    std::string filter;
    std::vector<std::string> expected;
    for (const Sample& sample : samples) {
      std::mt19937 draws(seed);
      const auto [text, holds] = RandomFilter(draws, sample).Expression(3);
      if (holds) expected.push_back(sample.name().substr(8));
      filter = text;
    }
    const auto condition = CompileFilter(Samples(), filter);
    if (!condition.ok()) {
      ++comparisons_exceeded;  // rare, and the only possible error
      ASSERT_EQ(ReasonOf(condition.status()), "MALFORMED_FILTER"_reason) << filter;
      continue;
    }
    std::vector<std::string> found;
    for (const auto& row : table.Select("t.`id`", *condition, "ORDER BY t.`id`")) {
      found.push_back(absl::get<std::string>(row[0]));
    }
    ASSERT_EQ(absl::StrJoin(found, " "), absl::StrJoin(expected, " ")) << filter << "\n" << Show(*condition);
    // The condition is never NULL: under NOT it selects exactly the other rows.
    const SqlCondition negated{absl::StrCat("NOT (", condition->sql, ")"), condition->parameters};
    ASSERT_EQ(table.Select("t.`id`", negated, "").size(), samples.size() - found.size()) << filter;
    held += !found.empty() && found.size() < samples.size();
  }
  EXPECT_GT(held, kRounds / 3) << "most filters tell nothing apart";
  EXPECT_LT(comparisons_exceeded, kRounds / 20);
}

TEST(Filter, SurvivesAnyBytes) {
  std::mt19937 random(8);
  const std::string pieces[] = {"title", "=", "(", ")", "\"", "'",    "\\", " ",    "AND", "OR", "NOT",
                                "-",     ":", "*", "<", "東", "\xE6", "!",  "tags", "5",   ".",  "capacity"};
  for (int i = 0; i < 20000; ++i) {
    std::string filter;
    for (int j = random() % 12; j > 0; --j) filter += pieces[random() % std::size(pieces)];
    const auto condition = CompileFilter(Samples(), filter);
    EXPECT_TRUE(condition.ok() || ReasonOf(condition.status()) != "INTERNAL"_reason) << filter;
  }
}

}  // namespace
}  // namespace tsunagu::contract
