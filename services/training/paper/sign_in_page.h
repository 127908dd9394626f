#ifndef TSUNAGU_SERVICES_TRAINING_PAPER_SIGN_IN_PAGE_H_
#define TSUNAGU_SERVICES_TRAINING_PAPER_SIGN_IN_PAGE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/base/deadline.h"
#include "tsunagu/training/v1/course.pb.h"
#include "tsunagu/training/v1/session.pb.h"

namespace tsunagu::training {

// The headings of the workbook by which it is read back: where to sign, and the columns of an import of attendances.
namespace sign_in {
inline constexpr char kSignature[] = "署名", kSubject[] = "科目", kMinutes[] = "出席（分）", kEnrollment[] = "受講申込",
                      kSession[] = "開催回";
}

// Who is expected.
struct Expected {
  std::string enrollment;
  std::string name;
  std::string body;  // as people call it
};

// Both in the order given, numbered from 1; errors as Document::Text and WorkbookFile, DEADLINE_EXCEEDED.
// A PDF with a line for each to sign.
absl::StatusOr<std::string> SignInPdf(const v1::Course& course, const v1::Session& session,
                                      const std::vector<Expected>& expected, Deadline deadline);
// A workbook with a row for each and each lesson. Beside the place to sign stand the columns of an import of
// attendances: whoever fills in the minutes imports the same file.
absl::StatusOr<std::string> SignInWorkbook(const v1::Session& session, const std::vector<Expected>& expected);

}  // namespace tsunagu::training

#endif  // TSUNAGU_SERVICES_TRAINING_PAPER_SIGN_IN_PAGE_H_
