#ifndef TSUNAGU_SERVICES_REGISTRY_RULES_SURVEY_LAYOUT_H_
#define TSUNAGU_SERVICES_REGISTRY_RULES_SURVEY_LAYOUT_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "tsunagu/registry/v1/survey_form.pb.h"
#include "tsunagu/registry/v1/survey_response.pb.h"
#include "tsunagu/registry/v1/survey_round.pb.h"

// The form of a body as rows of cells, the same in a workbook and in CSV:
//
//   1         whose it is: kind of file, form, version, round, body
//   2         title
//   3 to 5    body, survey, days
//   then      a row for each note of the form
//   then      heading: 番号 区分 項目 回答 単位 登録からの集計
//   then      a row for each item
//   last      備考
namespace tsunagu::registry::rules {

// Columns, from 1.
enum FormColumn { kNumberColumn = 1, kSectionColumn, kLabelColumn, kAnswerColumn, kUnitColumn, kCountedColumn };

struct FormCell {
  enum class Look { kIdentity, kTitle, kLabel, kValue, kNote, kHeading, kFixed, kAnswer };
  int row = 0, column = 0;  // from 1
  std::string text;
  Look look = Look::kFixed;
  // The size of a merged cell.
  int rows = 1, columns = 1;
  // Of an answer cell: its item; for the remark, the number of items.
  int item = -1;
};

// The body and the form to which a file belongs.
struct FormIdentity {
  std::string form, version, round, body;
};
// Returns the identity in the first row; nothing if that is not the first row of a form.
absl::optional<FormIdentity> IdentityOf(const std::vector<std::string>& first_row);

// Returns the row of an item; for the number of items, the row of the remark.
int RowOfItem(const v1::SurveyForm& form, int item);

// Returns the cells that a reader of the file must find unchanged: headings, and the number and label of each item.
std::vector<FormCell> FixedCells(const v1::SurveyForm& form);

// All cells, from top to bottom and from left to right.
std::vector<FormCell> LayOut(const v1::SurveyForm& form, const v1::SurveyRound& round,
                             const v1::SurveyResponse& response, absl::string_view body_name);

}  // namespace tsunagu::registry::rules

#endif  // TSUNAGU_SERVICES_REGISTRY_RULES_SURVEY_LAYOUT_H_
