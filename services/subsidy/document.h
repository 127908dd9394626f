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

// Of the three duties, nobody has two in one application.
enum class Duty { kFile, kDecide, kPay };

// A document that is about to be written below an application: what its rule reads, works out, and makes of the
// application and of the budget line in the same transaction.
class Document {
 public:
  // Reads the application above `name`, which stays as it is: whoever makes a record under it waits.
  // DUTIES_OF_ONE_PERSON unless an override lets it pass.
  static absl::StatusOr<Document> Open(store::Tx& tx, absl::string_view name, Duty duty, jp::CivilDay today);

  // Lets pass what was `refused`, if its maker has an override; the document uses it up.
  absl::Status Excuse(store::Tx& tx, absl::Status refused, jp::CivilDay today);
  // Its name; empty: none is needed.
  std::string override_used() const { return override_ ? override_->name() : ""; }

  const v1::Application& application() const { return before_; }
  v1::Application& after() { return after_; }
  const v1::Programme& programme() const { return programme_; }
  rules::Standing standing() const;
  // Which of the application's documents it is.
  int number() const { return before_.document_count() + 1; }
  // Who records it.
  const std::string& maker() const { return maker_; }

  // Adds faults of its day: to come, or before the application's last one where that matters.
  static void CheckDay(const google::type::Date& date, absl::optional<jp::CivilDay> not_before, jp::CivilDay today,
                       absl::string_view field, Faults& faults);
  absl::optional<jp::CivilDay> last_day() const;

  // Takes a step: the application's state and yen, and the postings of `line`; none where it is empty, because another
  // body keeps the accounts, or they are closed. What rules::Post refuses.
  absl::Status Take(store::Tx& tx, const rules::Step& step, jp::CivilDay day, const std::string& line);

  // Takes a payment that the line of the grant can no more make: it is let go there, and paid from a line of a later
  // year.
  absl::Status TakeLate(store::Tx& tx, const rules::Step& step, jp::CivilDay day, const std::string& later_line);

  // Writes what has become of application and line; the document is the cause.
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
