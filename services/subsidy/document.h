#ifndef TSUNAGU_SERVICES_SUBSIDY_DOCUMENT_H_
#define TSUNAGU_SERVICES_SUBSIDY_DOCUMENT_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "common/base/error.h"
#include "common/jp/civil_day.h"
#include "common/records/tx.h"
#include "google/type/date.pb.h"
#include "services/subsidy/charge.h"
#include "services/subsidy/rules/application.h"
#include "tsunagu/subsidy/v1/application.pb.h"
#include "tsunagu/subsidy/v1/override.pb.h"
#include "tsunagu/subsidy/v1/programme.pb.h"

namespace tsunagu::subsidy {

// The three duties. Nobody may have two of them in one application.
enum class Duty { kFile, kDecide, kPay };

// A document that is about to be written below an application: what its rule reads and computes, and its effects on the
// application and on the budget line in the same transaction.
class Document {
 public:
  // Reads the application above `name` and locks it: other writers of records under it wait. Errors:
  // DUTIES_OF_ONE_PERSON unless an override permits it.
  static absl::StatusOr<Document> Open(store::Tx& tx, absl::string_view name, Duty duty, jp::CivilDay today);

  // Permits what was `refused` if its maker has an override, which the document uses up.
  absl::Status Excuse(store::Tx& tx, absl::Status refused, jp::CivilDay today);
  // Returns the name of the override; empty: none was needed.
  std::string override_used() const { return override_ ? override_->name() : ""; }

  const v1::Application& application() const { return before_; }
  v1::Application& after() { return after_; }
  const v1::Programme& programme() const { return programme_; }
  rules::Standing standing() const;
  // Returns the number of the document within the application.
  int number() const { return before_.document_count() + 1; }
  // Returns who records the document.
  const std::string& maker() const { return maker_; }

  // Adds faults in the day of the document: it is in the future, or before `not_before`.
  static void CheckDay(const google::type::Date& date, absl::optional<jp::CivilDay> not_before, jp::CivilDay today,
                       absl::string_view field, Faults& faults);
  absl::optional<jp::CivilDay> last_day() const;

  // Applies a step: changes the application's state and yen, and posts to `line`. `line` is empty if another body keeps
  // the accounts, or they are closed; then nothing is posted. Errors: those of rules::Post.
  absl::Status Take(store::Tx& tx, const rules::Step& step, jp::CivilDay day, const std::string& line);

  // Applies a payment that the line of the grant can no longer make: the commitment is released there, and the payment
  // is made from a line of a later year.
  absl::Status TakeLate(store::Tx& tx, const rules::Step& step, jp::CivilDay day, const std::string& later_line);

  // Writes the application and the line with the document as cause.
  absl::Status Write(store::Tx& tx, const std::string& cause) const;

 private:
  void Stand(const rules::Step& step, jp::CivilDay day);
  rules::Balances::Decision Balance() const;

  v1::Application before_, after_;
  v1::Programme programme_;
  std::string maker_;
  std::vector<Charge> charges_;
  absl::optional<v1::Override> override_;
};

// Adds FIELD_REQUIRED at the field unless it is given.
void Require(bool given, absl::string_view field, Faults& faults);

}  // namespace tsunagu::subsidy

#endif  // TSUNAGU_SERVICES_SUBSIDY_DOCUMENT_H_
