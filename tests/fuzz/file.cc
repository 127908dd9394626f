// Arbitrary files of any format, whose heading is searched for and whose rows become records. The result does
// not depend on how a file is cut into pieces; the size of messages is bounded, and every text is well-formed.
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/contract/schema.h"
#include "common/jp/cp932.h"
#include "common/text/heading.h"
#include "common/text/row_source.h"
#include "tests/fuzz/fuzz.h"
#include "tsunagu/registry/v1/nurse.pb.h"

namespace tsunagu::fuzz {
namespace {

using contract::Schema;

constexpr int kMostRows = 50;

const Schema& Nurses() { return Schema::Of(registry::v1::Nurse::descriptor()); }

void CheckFault(const Fault& fault) {
  Require(Reason::Find(fault.reason()).none() == false, "reasons are declared", fault.reason());
  Require(fault.field().size() <= 1003, "what is at fault is named briefly");
  for (const auto& [key, value] : fault.args())
    Require(value.size() <= 1003 && jp::IsUtf8(value), "so is what it held", value);
}

void CheckFaults(const std::vector<Fault>& faults) {
  Require(faults.size() <= 2 * Faults::kMost, "faults are bounded");
  for (const Fault& fault : faults) CheckFault(fault);
}

// What was read, as text: two readings of one file are equal if and only if these texts are.
std::string Said(const absl::Status& status) {
  const Fault fault = FaultOf(status);
  Require(fault.reason() != "INTERNAL", "a refusal says what is wrong");
  CheckFault(fault);
  CheckFaults({fault.faults().begin(), fault.faults().end()});
  return fault.ShortDebugString();
}

class Reading {
 public:
  // Returns false if nothing more can be read.
  bool Take(FileRow row) {
    if (reader_ == nullptr) {
      auto reader = search_.Take(row);
      if (!reader.ok()) return Refuse(reader.status());
      reader_ = *std::move(reader);
      if (reader_ == nullptr) return true;
      width_ = WidthOf(row.cells);
      CheckFaults(search_.warnings().all());
      absl::StrAppend(&said_, row.line, " ", search_.warnings().all().size(), "\n");
      return true;
    }
    if (!row.fault.ok() || ++rows_ > kMostRows) return true;
    row.cells.resize(width_);
    const std::unique_ptr<google::protobuf::Message> record = Nurses().New();
    std::string id;
    Faults faults;
    reader_->Read(row.cells, *record, id, faults);
    CheckFaults(faults.all());
    absl::StrAppend(&said_, row.line, " ", id, record->ShortDebugString(), " ", faults.all().size(), "\n");
    return true;
  }
  bool Refuse(const absl::Status& status) {
    if (!status.ok()) absl::StrAppend(&said_, Said(status));
    return status.ok();
  }
  std::string Finish() {
    if (reader_ == nullptr && said_.empty()) Refuse(search_.NotFound());
    return said_;
  }

 private:
  const std::vector<FileFormatFactory> formats_{};
  HeadingSearch search_{Nurses(), formats_, false};
  std::unique_ptr<RowReader> reader_;
  size_t width_ = 0;
  int rows_ = 0;
  std::string said_;
};

std::string Read(absl::string_view bytes, size_t piece) {
  const auto source = FoundOutRows(contract::Encoding::kAuto, "");
  Reading reading;
  const auto take_all = [&] {
    while (true) {
      auto row = source->Next();
      if (!row.ok()) return reading.Refuse(row.status());
      if (!row->has_value()) return true;
      for (const std::string& cell : (*row)->cells) Require(jp::IsUtf8(cell), "cells are UTF-8", cell);
      if (!reading.Take(**std::move(row))) return false;
    }
  };
  for (size_t from = 0; from < bytes.size(); from += piece) {
    // Reads the rows before a fault of the file, whichever piece has it.
    const absl::Status fed = source->Feed(bytes.substr(from, piece));
    if (!take_all() || !reading.Refuse(fed)) return reading.Finish();
  }
  const absl::Status finished = source->Finish();
  if (take_all() && reading.Refuse(finished)) return reading.Finish();
  return reading.Finish();
}

}  // namespace
}  // namespace tsunagu::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tsunagu::fuzz;
  Input input(data, size);
  const size_t piece = static_cast<size_t>(input.Byte()) + 1;
  const std::string whole = Read(input.Rest(), input.Rest().size() + 1);
  const std::string cut = Read(input.Rest(), piece);
  Require(whole == cut, "the same, wherever the pieces are cut", absl::StrCat(whole, "\n", cut));
  return 0;
}
