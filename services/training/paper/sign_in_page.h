#ifndef TSUNAGU_SERVICES_TRAINING_PAPER_SIGN_IN_PAGE_H_
#define TSUNAGU_SERVICES_TRAINING_PAPER_SIGN_IN_PAGE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/base/deadline.h"
#include "tsunagu/training/v1/course.pb.h"
#include "tsunagu/training/v1/session.pb.h"

namespace tsunagu::training {

// The headings of the workbook, which are needed to read it back: the place to sign, and the columns of an import of
// attendances.
namespace sign_in {
inline constexpr char kSignature[] = "署名", kSubject[] = "科目", kMinutes[] = "出席（分）", kEnrollment[] = "受講申込",
                      kSession[] = "開催回";
}

// A learner who is expected at the session.
struct Expected {
  std::string enrollment;
  std::string name;
  std::string body;  // display name
};

// Both list the learners in the given order, numbered from 1. Errors: those of Document::Text and WorkbookFile,
// DEADLINE_EXCEEDED.
// Returns a PDF with a line for each learner to sign.
absl::StatusOr<std::string> SignInPdf(const v1::Course& course, const v1::Session& session,
                                      const std::vector<Expected>& expected, Deadline deadline);
// Returns a workbook with a row for each learner and lesson. Beside the place to sign are the columns of an import of
// attendances: the same file can be imported after the minutes have been filled in.
absl::StatusOr<std::string> SignInWorkbook(const v1::Session& session, const std::vector<Expected>& expected);

}  // namespace tsunagu::training

#endif  // TSUNAGU_SERVICES_TRAINING_PAPER_SIGN_IN_PAGE_H_
