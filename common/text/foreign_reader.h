#ifndef TSUNAGU_COMMON_TEXT_FOREIGN_READER_H_
#define TSUNAGU_COMMON_TEXT_FOREIGN_READER_H_

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/contract/schema.h"
#include "common/text/file_format.h"

namespace tsunagu {

// A reader for a foreign layout: it finds columns by their headings, and a column may fill one or more fields of ours.
class ForeignReader : public RowReader {
 public:
  // `columns`: pairs of our field and the heading of its column.
  ForeignReader(const contract::Schema& schema, absl::Span<const std::string> heading,
                std::vector<std::pair<std::string, std::string>> columns);
  const std::vector<const contract::Field*>& fields() const override { return fields_; }
  std::string ColumnOf(absl::string_view field) const override;

 protected:
  // Returns the cell without space around it; empty when the file has no such column. Headings are compared as
  // FoldedHeading does.
  std::string Cell(absl::Span<const std::string> cells, const std::string& column) const;

 private:
  size_t IndexOf(const std::string& column) const;

  const std::vector<std::pair<std::string, std::string>> columns_;
  std::map<std::string, size_t> indexes_;                // by the folded heading
  mutable std::map<std::string, size_t> asked_indexes_;  // by the name that the layout uses
  std::vector<const contract::Field*> fields_;
};

// A reader for a foreign layout with records of type M.
template <typename M>
class ForeignReaderOf : public ForeignReader {
 public:
  ForeignReaderOf(absl::Span<const std::string> heading, std::vector<std::pair<std::string, std::string>> columns)
      : ForeignReader(contract::Schema::Of(M::descriptor()), heading, std::move(columns)) {}
  void Read(absl::Span<const std::string> cells, google::protobuf::Message& record, std::string& id,
            Faults& faults) final {
    ReadRow(cells, static_cast<M&>(record), id, faults);
  }
  std::string ListOf(const google::protobuf::Message& record) const final {
    return ListOfRecord(static_cast<const M&>(record));
  }

 protected:
  // As RowReader::Read.
  virtual void ReadRow(absl::Span<const std::string> cells, M& record, std::string& id, Faults& faults) = 0;
  // As RowReader::ListOf.
  virtual std::string ListOfRecord(const M& /*record*/) const { return ""; }
};

// True when the heading row has such a column.
bool HasColumn(absl::Span<const std::string> heading, absl::string_view column);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_TEXT_FOREIGN_READER_H_
