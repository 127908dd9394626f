#include "services/training/sign_in_layout.h"

#include <memory>
#include <string>

#include "common/base/error.h"
#include "common/contract/schema.h"
#include "common/text/columns.h"
#include "common/text/foreign_reader.h"
#include "services/training/paper/sign_in_page.h"
#include "tsunagu/training/v1/attendance.pb.h"

namespace tsunagu::training {
namespace {

using contract::Schema;

class SignInReader : public ForeignReaderOf<v1::Attendance> {
 public:
  explicit SignInReader(absl::Span<const std::string> heading)
      : ForeignReaderOf(
            heading, {{"session", sign_in::kSession}, {"subject", sign_in::kSubject}, {"minutes", sign_in::kMinutes}}) {
  }
  std::string layout() const override { return "sign-in-sheet"; }
  std::string ColumnOf(absl::string_view field) const override {
    return field == "parent" ? sign_in::kEnrollment : ForeignReader::ColumnOf(field);
  }

 private:
  void ReadRow(absl::Span<const std::string> cells, v1::Attendance& attendance, std::string& id,
               Faults& faults) override {
    const Schema& schema = Schema::Of(v1::Attendance::descriptor());
    const auto under = schema.IdUnder(Cell(cells, sign_in::kEnrollment), "");
    if (under.ok()) {
      id = *under;
    } else {
      faults.Add(sign_in::kEnrollment, "MALFORMED_NAME"_reason, {{"pattern", schema.parent()->pattern()}});
    }
    if (Cell(cells, sign_in::kMinutes).empty()) faults.Add(sign_in::kMinutes, "MINUTES_BLANK"_reason);
    for (const contract::Field* field : fields()) {
      const std::string column = ColumnOf(field->name());
      ReadCell(Cell(cells, column), *field, column, attendance, faults);
    }
  }
};

}  // namespace

FileFormatFactory SignInLayout() {
  return [](absl::Span<const std::string> heading) -> absl::StatusOr<std::unique_ptr<RowReader>> {
    for (const char* column :
         {sign_in::kSignature, sign_in::kEnrollment, sign_in::kSession, sign_in::kSubject, sign_in::kMinutes}) {
      if (!HasColumn(heading, column)) return nullptr;
    }
    return std::make_unique<SignInReader>(heading);
  };
}

}  // namespace tsunagu::training
