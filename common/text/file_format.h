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
  // The fields that the file contains: an update leaves the others as they are.
  virtual const std::vector<const contract::Field*>& fields() const = 0;
  // The indexes, from 0, of unknown columns, whose cells are ignored. A foreign layout expects columns that it does not
  // use, and returns none.
  virtual const std::vector<size_t>& left_out() const {
    static const auto& none = *new std::vector<size_t>;
    return none;
  }
  // Fills `record`, and `id` when the file gives one. For a resource under a parent, `id` is the parent's id and a
  // slash ("c1/"), followed by the record's own id when the file gives it. Faults and warnings carry the heading of
  // their column.
  virtual void Read(absl::Span<const std::string> cells, google::protobuf::Message& record, std::string& id,
                    Faults& faults) = 0;
  // Returns the heading of `field` in this file ("parent": the heading of the parent's column); the field's name when
  // there is none.
  virtual std::string ColumnOf(absl::string_view field) const = 0;
  // Returns the list of the source to which `record` belongs: a file that is one complete list tells nothing about the
  // other lists.
  virtual std::string ListOf(const google::protobuf::Message& /*record*/) const { return ""; }
};

// Returns null when `heading` is not of this layout.
using FileFormatFactory =
    std::function<absl::StatusOr<std::unique_ptr<RowReader>>(absl::Span<const std::string> heading)>;

// How a row matches the heading that the contract defines: one column per field, headed by its name or its Japanese
// name, compared as FoldedHeading does, in any order. A resource whose id the caller chooses has the column
// <resource>_id. A resource under a parent has a column with the parent's name or id, headed by the parent's kind
// (course).
struct ContractMatch {
  std::unique_ptr<RowReader> reader;  // null when it does not match, because of `faults`
  int known = 0;                      // number of columns that match
  Faults faults;                      // MISSING_COLUMNS, DUPLICATE_FIELD; with one of them, UNKNOWN_COLUMNS too
};
ContractMatch MatchContract(const contract::Schema& schema, absl::Span<const std::string> heading);

// The heading and the cells for export. With Japanese headings and enum names, or those of the contract.
std::vector<std::string> ContractHeading(const contract::Schema& schema, Language language);
std::vector<std::string> ContractCells(const contract::Schema& schema, const google::protobuf::Message& record,
                                       Language language);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_TEXT_FILE_FORMAT_H_
