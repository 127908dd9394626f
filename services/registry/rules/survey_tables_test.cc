// Printed tables of cities and ministries as sums of a form: those that add up are accepted, and the others are
// reported with their difference.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "services/registry/rules/survey.h"

namespace tsunagu::registry::rules {
namespace {

// Returns the faults of CheckComplete for a total and its parts.
std::string Told(int64_t total, const std::vector<int64_t>& parts) {
  v1::SurveyForm form;
  v1::SurveyResponse response;
  const auto add = [&](const std::string& code, int64_t number) {
    v1::SurveyForm::Item& item = *form.add_items();
    item.set_code(code);
    item.set_label(code);
    item.set_kind(v1::SurveyForm::KIND_NUMBER);
    v1::SurveyResponse::Answer& answer = *response.add_answers();
    answer.set_item(code);
    answer.set_value(absl::StrCat(number));
  };
  add("total", total);
  v1::SurveyForm::Total& sum = *form.add_totals();
  sum.set_item("total");
  for (size_t i = 0; i < parts.size(); ++i) {
    add(absl::StrCat("p", i), parts[i]);
    sum.add_parts(absl::StrCat("p", i));
  }
  Faults faults;
  CheckComplete(form, response, faults);
  std::string told;
  for (const Fault& fault : faults.all())
    absl::StrAppend(&told, ReasonWord(fault), " ", Text(fault, Language::kEnglish));
  return told;
}

TEST(SurveyTables, AddUpAsPrinted) {
  struct Case {
    const char* name;
    int64_t total;
    std::vector<int64_t> parts;
  };
  const Case cases[] = {
      {"consultations of a city's six bases, R2", 561, {97, 122, 56, 82, 115, 89}},
      {"new ones among them", 399, {83, 104, 39, 52, 66, 55}},
      {"R3", 659, {114, 81, 57, 118, 168, 121}},
      {"new ones", 376, {89, 68, 34, 62, 62, 61}},
      {"R3, first quarter", 157, {30, 20, 14, 23, 42, 28}},
      {"new ones", 95, {23, 18, 8, 14, 16, 16}},
      {"R5, April to December", 532, {83, 114, 58, 71, 123, 83}},
      {"new ones", 301, {68, 94, 40, 32, 30, 37}},
      {"R6, April to December", 633, {93, 132, 76, 108, 141, 83}},
      {"new ones", 373, {89, 91, 43, 51, 45, 54}},
      {"R6 by quarter", 633, {190, 216, 227}},
      {"R5 by quarter", 532, {184, 164, 184}},
      {"nursery, those who asked, R5", 38, {4, 34}},
      {"those who applied, by what came of it", 34, {22, 0, 1, 1, 4, 2, 4}},
      {"those who asked, R6", 44, {11, 33}},
      {"those who applied", 33, {16, 1, 1, 3, 2, 3, 7}},
      {"the admitted by age", 16, {1, 6, 5, 3, 1, 0}},
      {"children at special schools, 2007", 6136, {43, 3077, 1398, 1618}},
      {"care acts of theirs, which are more",
       14326,
       {2273, 1340, 87, 115, 31, 2349, 1521, 122, 1366, 1277, 1324, 146, 762, 523, 334, 756}},
      {"municipalities that place, 2019", 369, {14, 355}},
      {"municipalities of 2019", 1741, {792, 743, 183, 23}},
  };
  for (const Case& c : cases) EXPECT_EQ(Told(c.total, c.parts), "") << c.name;
}

TEST(SurveyTables, ADifferenceIsNamed) {
  EXPECT_EQ(Told(6136, {2273, 1340}).substr(0, 13), "TOTAL_DIFFERS") << "acts are no children";
  EXPECT_NE(Told(85029, {80343, 4732}).find("85075"), std::string::npos);
  EXPECT_NE(Told(85029, {80343, 4732}).find("46"), std::string::npos);
}

}  // namespace
}  // namespace tsunagu::registry::rules
