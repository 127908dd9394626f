#include "services/subsidy/claim_layout.h"

#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"
#include "common/base/status_macros.h"
#include "common/contract/schema.h"
#include "common/text/cell_values.h"
#include "common/text/columns.h"
#include "tsunagu/subsidy/v1/allotment.pb.h"
#include "tsunagu/subsidy/v1/amount.pb.h"

namespace tsunagu::subsidy {
namespace {

using contract::Field;
using contract::Schema;

constexpr char kClaim[] = "claim";

// The column of one number.
struct Number {
  size_t place;
  std::string heading, item, input;
};

bool IsWord(absl::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '_' || c == '-';
  });
}

absl::optional<Number> NumberAt(size_t place, const std::string& heading) {
  const size_t dot = heading.find('.');
  if (dot == std::string::npos) return absl::nullopt;
  Number number{place, heading, heading.substr(0, dot), heading.substr(dot + 1)};
  const bool is_number = IsWord(number.item) && IsWord(number.input) && absl::ascii_islower(number.input[0]);
  if (!is_number) return absl::nullopt;  // "3.5" is not accepted either
  return number;
}

class ClaimReader : public RowReader {
 public:
  // `places`: the indexes of the columns that `rest` reads.
  ClaimReader(const Schema& schema, std::unique_ptr<RowReader> rest, std::vector<size_t> places,
              std::vector<Number> numbers)
      : claim_(*schema.Find(kClaim)), rest_(std::move(rest)), places_(std::move(places)), numbers_(std::move(numbers)) {
    fields_ = rest_->fields();
    fields_.push_back(&claim_);
    for (const size_t place : rest_->left_out()) left_out_.push_back(places_[place]);
  }

  std::string layout() const override { return "claim-columns"; }
  const std::vector<const Field*>& fields() const override { return fields_; }
  const std::vector<size_t>& left_out() const override { return left_out_; }

  void Read(absl::Span<const std::string> cells, google::protobuf::Message& record, std::string& id,
            Faults& faults) override {
    std::vector<std::string> of_rest;
    for (const size_t place : places_) of_rest.push_back(cells[place]);
    rest_->Read(of_rest, record, id, faults);
    v1::Claim claim;
    for (const Number& number : numbers_) AddNumber(cells[number.place], number, claim, faults);
    if (claim.items().empty()) return;
    record.GetReflection()->MutableMessage(&record, claim_.descriptor)->CopyFrom(claim);
  }

  // The cell of a fault in the claim depends on the row: such a fault keeps its path.
  std::string ColumnOf(absl::string_view field) const override {
    return field.substr(0, field.find_first_of(".[")) == kClaim ? std::string(field) : rest_->ColumnOf(field);
  }

 private:
  static void AddNumber(const std::string& cell, const Number& number, v1::Claim& claim, Faults& faults) {
    static const Field& yen = *Schema::Of(v1::Allotment::descriptor()).Find("yen");
    if (TrimmedCell(cell).empty()) return;
    v1::Allotment read;  // from a cell with yen in any notation
    ReadCell(cell, yen, number.heading, read, faults);
    const FieldRule& rule = yen.rule;
    if (read.yen() < rule.min() || read.yen() > rule.max()) {  // reported here, where the cell is known
      faults.Add(number.heading, "OUT_OF_RANGE"_reason,
                 {{"min", absl::StrCat(rule.min())}, {"max", absl::StrCat(rule.max())}});
      read.clear_yen();
    }
    auto& items = *claim.mutable_items();
    auto item = std::find_if(items.begin(), items.end(), [&](const auto& one) { return one.code() == number.item; });
    v1::Claim::Item& into = item != items.end() ? *item : *claim.add_items();
    into.set_code(number.item);
    v1::Claim::Entry& entry = *into.add_entries();
    entry.set_input(number.input);
    entry.set_value(read.yen());
  }

  const Field& claim_;
  const std::unique_ptr<RowReader> rest_;
  const std::vector<size_t> places_;
  const std::vector<Number> numbers_;
  std::vector<const Field*> fields_;
  std::vector<size_t> left_out_;
};

}  // namespace

FileFormatFactory ClaimLayout(const google::protobuf::Descriptor* message) {
  const Schema& schema = Schema::Of(message);
  return [&schema](absl::Span<const std::string> heading) -> absl::StatusOr<std::unique_ptr<RowReader>> {
    std::vector<size_t> places;
    std::vector<std::string> rest;
    std::vector<Number> numbers;
    std::set<std::string> seen;
    Faults faults;
    for (size_t place = 0; place < heading.size(); ++place) {
      absl::optional<Number> number = NumberAt(place, std::string(absl::StripAsciiWhitespace(heading[place])));
      if (number) {
        if (!seen.insert(number->heading).second) faults.Add(number->heading, "DUPLICATE_FIELD"_reason);
        numbers.push_back(*std::move(number));
      } else {
        places.push_back(place);
        rest.push_back(heading[place]);
      }
    }
    if (numbers.empty()) return nullptr;
    ContractMatch match = MatchContract(schema, rest);
    if (match.reader == nullptr && match.known == 0) return nullptr;  // a file of another kind
    if (match.reader == nullptr) return match.faults.ToStatus();
    const auto& known = match.reader->fields();
    const bool has_claim =
        std::any_of(known.begin(), known.end(), [](const Field* one) { return one->name() == kClaim; });
    if (has_claim) faults.Add(match.reader->ColumnOf(kClaim), "DUPLICATE_FIELD"_reason);
    RETURN_IF_ERROR(faults.ToStatus());
    return std::make_unique<ClaimReader>(schema, std::move(match.reader), std::move(places), std::move(numbers));
  };
}

}  // namespace tsunagu::subsidy
