#ifndef TSUNAGU_SERVICES_REGISTRY_SURVEY_FILE_H_
#define TSUNAGU_SERVICES_REGISTRY_SURVEY_FILE_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/base/error.h"
#include "common/text/row_source.h"
#include "services/registry/rules/survey_layout.h"
#include "tsunagu/registry/v1/survey_form.pb.h"
#include "tsunagu/registry/v1/survey_response.pb.h"
#include "tsunagu/registry/v1/survey_round.pb.h"

namespace tsunagu::registry {

// A file of these bytes.
v1::SurveyFile FileOf(std::string bytes);
// CSV of these rows, as FORMAT_CSV and FORMAT_CSV_CP932 say; no cell is taken for a formula.
std::string CsvOf(absl::Span<const std::vector<std::string>> rows);
// The same in CP932.
v1::SurveyFile InCp932(absl::string_view csv);

// The form of a body to fill in.
absl::StatusOr<v1::SurveyFile> WriteSurveyFile(const v1::SurveyForm& form, const v1::SurveyRound& round,
                                               const v1::SurveyResponse& response, absl::string_view body_name,
                                               v1::SurveyFile::Format format);

// A form that came back.
class FilledForm {
 public:
  // SURVEY_FILE_OF_NO_FORM, SURVEY_FILE_TOO_LONG; what RowSource fails with.
  static absl::StatusOr<FilledForm> Read(absl::string_view data);

  const rules::FormIdentity& identity() const { return identity_; }

  // Puts what it says into the answers and the remark of `response`, which is by `form`. Adds by cell what is wrong:
  // SURVEY_CELL_MOVED at the first cell that is not where the form has it, and then nothing is read;
  // SURVEY_CELLS_MERGED, SURVEY_CELL_IS_FORMULA, values that do not fit. With `complete`, what stands in the way of
  // handing it in too, as far as it can be said.
  void Take(const v1::SurveyForm& form, bool complete, v1::SurveyResponse& response, Faults& faults) const;

 private:
  absl::Status Keep(RowSource& rows);
  std::string CellName(int row) const;
  std::string TextAt(int row, int column) const;
  bool IsInPlace(const v1::SurveyForm& form, Faults& faults) const;
  void CheckMerged(const v1::SurveyForm& form, Faults& faults) const;
  // The answer in a row; false where it must not be taken.
  bool TakeText(int row, std::string& text, Faults& faults) const;
  bool TakeValue(const v1::SurveyForm::Item& item, int row, std::string& value, Faults& faults) const;
  // Texts that the file could not hold stay as they are stored.
  std::string KeptText(const std::string& stored, std::string text) const;

  rules::FormIdentity identity_;
  std::map<int64_t, FileRow> rows_;
  std::vector<std::string> merged_;
  bool names_sheet_ = false, is_cp932_ = false;
};

}  // namespace tsunagu::registry

#endif  // TSUNAGU_SERVICES_REGISTRY_SURVEY_FILE_H_
