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

// Returns a file with these bytes.
v1::SurveyFile FileOf(std::string bytes);
// Returns CSV of these rows in the format of FORMAT_CSV and FORMAT_CSV_CP932; no cell can be interpreted as a formula.
std::string CsvOf(absl::Span<const std::vector<std::string>> rows);
// As CsvOf, in CP932.
v1::SurveyFile InCp932(absl::string_view csv);

// The form of a body to fill in.
absl::StatusOr<v1::SurveyFile> WriteSurveyFile(const v1::SurveyForm& form, const v1::SurveyRound& round,
                                               const v1::SurveyResponse& response, absl::string_view body_name,
                                               v1::SurveyFile::Format format);

// A filled-in form.
class FilledForm {
 public:
  // Errors: SURVEY_FILE_OF_NO_FORM, SURVEY_FILE_TOO_LONG; those of RowSource.
  static absl::StatusOr<FilledForm> Read(absl::string_view data);

  const rules::FormIdentity& identity() const { return identity_; }

  // Copies the answers and the remark into `response`, which must be by `form`. Adds faults by cell: SURVEY_CELL_MOVED
  // at the first cell that is not where the form has it, and then nothing is read; SURVEY_CELLS_MERGED;
  // SURVEY_CELL_IS_FORMULA; invalid values. With `complete`, also adds the faults that prevent submission, as far as
  // they can be determined.
  void Take(const v1::SurveyForm& form, bool complete, v1::SurveyResponse& response, Faults& faults) const;

 private:
  absl::Status Keep(RowSource& rows);
  std::string CellName(int row) const;
  std::string TextAt(int row, int column) const;
  bool IsInPlace(const v1::SurveyForm& form, Faults& faults) const;
  void CheckMerged(const v1::SurveyForm& form, Faults& faults) const;
  // Reads the answer in a row; returns false if it must not be used.
  bool TakeText(int row, std::string& text, Faults& faults) const;
  bool TakeValue(const v1::SurveyForm::Item& item, int row, std::string& value, Faults& faults) const;
  // Returns the stored text if the file could not represent it and it was not changed.
  std::string KeptText(const std::string& stored, std::string text) const;

  rules::FormIdentity identity_;
  std::map<int64_t, FileRow> rows_;
  std::vector<std::string> merged_;
  bool names_sheet_ = false, is_cp932_ = false;
};

}  // namespace tsunagu::registry

#endif  // TSUNAGU_SERVICES_REGISTRY_SURVEY_FILE_H_
