// Asks another service about a chunk's rows before they are written.
#include <deque>

#include "common/access/actor.h"
#include "common/base/status_macros.h"
#include "common/contract/mask.h"
#include "common/contract/schema.h"
#include "common/platform/transfer/import.h"
#include "common/records/table.h"
#include "common/service/service.h"

namespace tsunagu {

absl::Status Import::AskFirst(const identity::Actor& actor) {
  const contract::Schema& schema = resource_->table->schema();
  google::protobuf::FieldMask mask;
  for (const contract::Field* field : reader_->fields()) mask.add_paths(field->name());
  std::vector<Record> records;  // before and after, alternating
  std::vector<ParsedRow*> rows;
  RETURN_IF_ERROR(service_.Read(actor, call_.deadline, [&](store::View& view) -> absl::Status {
    records.clear();
    rows.clear();
    for (ParsedRow& row : chunk_) {
      if (row.record == nullptr || row.not_wanted) continue;
      ASSIGN_OR_RETURN(Record before, FindExisting(view, row));
      Record after(schema.New());
      after->CopyFrom(before != nullptr ? *before : *row.record);
      if (before != nullptr) RETURN_IF_ERROR(contract::ApplyMask(schema, mask, *row.record, *after));
      records.push_back(std::move(before));
      records.push_back(std::move(after));
      rows.push_back(&row);
    }
    return absl::OkStatus();
  }));
  std::deque<Faults> found(rows.size());
  std::vector<Wanted<google::protobuf::Message>> wanted;
  std::vector<Record> sent;
  for (size_t i = 0; i < rows.size(); ++i) {
    wanted.push_back({records[2 * i].get(), records[2 * i + 1].get(), &found[i]});
    sent.emplace_back(schema.New())->CopyFrom(*records[2 * i + 1]);
  }
  RETURN_IF_ERROR(resource_->ask(call_, wanted));
  for (size_t i = 0; i < rows.size(); ++i) {
    rows[i]->filled = contract::CopyFilled(*sent[i], *records[2 * i + 1], *rows[i]->record);
    AddNew(found[i], rows[i]->faults);
  }
  return absl::OkStatus();
}

}  // namespace tsunagu
