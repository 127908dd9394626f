#ifndef TSUNAGU_COMMON_TEXT_FILE_FORMAT_H_
#define TSUNAGU_COMMON_TEXT_FILE_FORMAT_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/base/error.h"
#include "google/protobuf/message.h"

namespace tsunagu {

namespace contract {
class Field;
class Schema;
}  // namespace contract

// Reads the rows of one file in one layout.
class RowReader {
 public:
  virtual ~RowReader() = default;
  // "contract", or the name of a foreign layout.
  virtual std::string layout() const = 0;
  // Fields of the record that the file speaks of: an update leaves the others as they are.
  virtual const std::vector<const contract::Field*>& fields() const = 0;
  // Places in the heading, from 0, of columns that are not known and whose cells are not looked at. A layout of others
  // has columns that say nothing to us, and names none.
  virtual const std::vector<size_t>& left_out() const {
    static const auto& none = *new std::vector<size_t>;
    return none;
  }
  // Fills `record`, and `id` where the file gives one; of a resource that lies under another, that of its parent with a
  // slash ("c1/"), and behind it its own where the file gives that. Faults and warnings carry the heading of their
  // column.
  virtual void Read(absl::Span<const std::string> cells, google::protobuf::Message& record, std::string& id,
                    Faults& faults) = 0;
  // The heading under which `field` stands in this file ("parent": the parent's); the field's name where it has none.
  virtual std::string ColumnOf(absl::string_view field) const = 0;
  // Which of its source's lists `record` stands in: a file that is a whole list says nothing of the others.
  virtual std::string ListOf(const google::protobuf::Message& /*record*/) const { return ""; }
};

// Null when `heading` is not of this layout.
using FileFormatFactory =
    std::function<absl::StatusOr<std::unique_ptr<RowReader>>(absl::Span<const std::string> heading)>;

// How a row fits as the heading of the layout that the contract itself gives: one column per field, headed by its name
// or its Japanese name, compared as FoldedHeading does, in any order; a resource whose id the caller chooses has the
// column <resource>_id, and one that lies under another a column with the parent's name or id, headed by what the
// parent is (course).
struct ContractMatch {
  std::unique_ptr<RowReader> reader;  // null where it does not fit, for `faults`
  int known = 0;                      // columns that fit
  Faults faults;                      // MISSING_COLUMNS, DUPLICATE_FIELD; then UNKNOWN_COLUMNS too
};
ContractMatch MatchContract(const contract::Schema& schema, absl::Span<const std::string> heading);

// The same, outwards. Japanese headings and enum names, or those of the contract.
std::vector<std::string> ContractHeading(const contract::Schema& schema, Language language);
std::vector<std::string> ContractCells(const contract::Schema& schema, const google::protobuf::Message& record,
                                       Language language);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_TEXT_FILE_FORMAT_H_
