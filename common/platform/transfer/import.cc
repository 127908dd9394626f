#include "common/platform/transfer/import.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/access/actor.h"
#include "common/base/failpoint.h"
#include "common/base/status_macros.h"
#include "common/contract/schema.h"
#include "common/records/store.h"
#include "common/records/table.h"
#include "common/service/service.h"

namespace tsunagu {
namespace {

namespace v1 = platform::v1;

constexpr size_t kChunkRows = 500, kDryRows = 10'000;
constexpr int64_t kAtomicRows = 10'000;
constexpr size_t kMostBytes = 8 << 20;  // of the cells of a chunk, and therefore of an all-or-nothing file

contract::Encoding EncodingOf(v1::TextEncoding encoding) {
  switch (encoding) {
    case v1::TEXT_ENCODING_UTF8:
      return contract::Encoding::kUtf8;
    case v1::TEXT_ENCODING_CP932:
      return contract::Encoding::kCp932;
    default:
      return contract::Encoding::kAuto;
  }
}

std::unique_ptr<RowSource> SourceOf(const v1::ImportRowsRequest& request) {
  switch (request.format()) {
    case v1::FILE_FORMAT_CSV:
      return CsvRows(EncodingOf(request.encoding()));
    case v1::FILE_FORMAT_XLSX:
      return WorkbookRows(request.sheet());
    default:
      return FoundOutRows(EncodingOf(request.encoding()), request.sheet());
  }
}

}  // namespace

absl::Status NotImportable(const Service& service, const std::string& collection) {
  if (collection.empty()) return FailAt("collection", "FIELD_REQUIRED"_reason);
  std::vector<std::string> allowed;
  for (const auto& [name, resource] : service.resources()) {
    if (resource.table->schema().rule().importable()) allowed.push_back(name);
  }
  return FailAt("collection", "NOT_IMPORTABLE"_reason,
                {{"resource", collection}, {"allowed", absl::StrJoin(allowed, ", ")}});
}

Import::Import(Service& service, rpc::Call& call) : service_(service), call_(call), sight_(call, service.store()) {}

absl::Status Import::Begin(const v1::ImportRowsRequest& request) {
  options_ = request;
  options_.clear_data();
  resource_ = service_.Find(request.collection());
  if (resource_ == nullptr || !resource_->table->schema().rule().importable()) {
    return NotImportable(service_, request.collection());
  }
  const std::string permission = absl::StrCat(request.collection(), ".write");
  if (!call_.principal.May(permission)) return Fail("PERMISSION_DENIED"_reason, {{"permission", permission}});
  const std::string read = absl::StrCat(request.collection(), ".read");
  if (request.full() && !call_.principal.May(read)) return Fail("PERMISSION_DENIED"_reason, {{"permission", read}});
  if (options_.request_id().empty()) {
    options_.set_request_id(NewId(service_.store().clock().Now(), service_.store().entropy()));
  }
  summary_.set_dry_run(request.dry_run());
  source_ = SourceOf(request);
  search_.emplace(resource_->table->schema(), resource_->formats, request.strict());
  return absl::OkStatus();
}

absl::Status Import::Push(const v1::ImportRowsRequest& request) {
  if (source_ == nullptr) RETURN_IF_ERROR(Begin(request));
  return source_->Feed(request.data());
}

absl::Status Import::Close() {
  if (source_ == nullptr) return FailAt("collection", "FIELD_REQUIRED"_reason);
  complete_ = true;
  return source_->Finish();
}

absl::StatusOr<bool> Import::Next(v1::ImportRowsResponse& response) {
  if (answers_.empty() && !concluded_) RETURN_IF_ERROR(Advance());
  if (answers_.empty()) {
    if (concluded_ && !refusal_.ok()) return refusal_;
    return false;
  }
  response = std::move(answers_.front());
  answers_.pop_front();
  return true;
}

// Reads until there is an answer, at most one chunk, or until more of the file is needed.
absl::Status Import::Advance() {
  while (answers_.empty()) {
    ASSIGN_OR_RETURN(absl::optional<FileRow> row, source_->Next());
    if (!row) return complete_ ? Conclude() : absl::OkStatus();
    RETURN_IF_ERROR(reader_ == nullptr ? TakeHeading(*row) : TakeRow(*std::move(row)));
  }
  return absl::OkStatus();
}

absl::Status Import::Conclude() {
  if (reader_ == nullptr) return search_->NotFound();
  RETURN_IF_ERROR(StoreChunk());
  WarnWithoutKeys();
  if (options_.full()) RETURN_IF_ERROR(TellMissing());
  v1::ImportRowsResponse last;
  last.set_row_count(summary_.row_count());
  *last.mutable_summary() = summary_;
  answers_.push_back(std::move(last));
  concluded_ = true;
  return absl::OkStatus();
}

absl::Status Import::TakeRow(FileRow row) {
  summary_.set_row_count(summary_.row_count() + 1);
  chunk_.push_back(Parse(std::move(row)));
  if (options_.atomic() && (summary_.row_count() > kAtomicRows || chunk_bytes_.size() > kMostBytes)) {
    return Fail("ATOMIC_IMPORT_TOO_LARGE"_reason, {{"max_rows", absl::StrCat(kAtomicRows)}});
  }
  // The writes of a dry run are visible only to rows of the same chunk, so its chunks are large.
  const size_t most = options_.dry_run() ? kDryRows : kChunkRows;
  const bool is_full = chunk_.size() >= most || chunk_bytes_.size() >= kMostBytes;
  return !options_.atomic() && is_full ? StoreChunk() : absl::OkStatus();
}

// Returns how many rows of the chunk may be new people, whose keys are made before the transaction.
int Import::NewPeople() const {
  return resource_->table->NeedsFreshKey() && !options_.dry_run() ? static_cast<int>(chunk_.size()) : 0;
}

absl::Status Import::StoreChunk() {
  if (chunk_.empty()) return absl::OkStatus();
  identity::Actor actor = ActorOf(call_);
  actor.request_id = absl::StrCat(options_.request_id(), "/", ++chunks_);
  actor.scope = call_.principal.ScopeFor(absl::StrCat(options_.collection(), ".write"));
  if (resource_->ask) RETURN_IF_ERROR(AskFirst(actor));
  service::ImportChunk result;
  const absl::Status stored = service_.store().Change(
      actor, call_.deadline,
      {absl::StrCat(options_.SerializeAsString(), chunk_bytes_), options_.dry_run(), NewPeople()}, result,
      [&](store::Tx& tx) -> absl::Status {
        result.Clear();
        for (const std::string& name : assumed_) tx.Assume(name);
        RETURN_IF_ERROR(FindAhead(tx));
        for (ParsedRow& row : chunk_) RETURN_IF_ERROR(Upsert(tx, row, result));
        const bool all_or_nothing = options_.atomic() && !options_.dry_run();
        return all_or_nothing && result.refused_count() > 0 ? Fail("ATOMIC_IMPORT_REFUSED"_reason) : absl::OkStatus();
      });
  Failpoint("import.after_chunk");
  if (ReasonOf(stored) == "ATOMIC_IMPORT_REFUSED"_reason) {
    refusal_ = stored;
    result.clear_created_count();
    result.clear_updated_count();
    result.clear_unchanged_count();
  } else {
    RETURN_IF_ERROR(stored);
  }
  if (options_.dry_run()) assumed_.insert(result.created().begin(), result.created().end());
  summary_.set_created_count(summary_.created_count() + result.created_count());
  summary_.set_updated_count(summary_.updated_count() + result.updated_count());
  summary_.set_unchanged_count(summary_.unchanged_count() + result.unchanged_count());
  summary_.set_warned_count(summary_.warned_count() + result.warned_count());
  summary_.set_refused_count(summary_.refused_count() + result.refused_count());
  CountNotWanted(result);
  for (v1::RowOutcome& row : *result.mutable_rows()) {
    answers_.emplace_back().mutable_row()->Swap(&row);
    answers_.back().set_row_count(summary_.row_count());
  }
  if (answers_.empty()) answers_.emplace_back().set_row_count(summary_.row_count());  // progress
  chunk_.clear();
  chunk_bytes_.clear();
  return absl::OkStatus();
}

}  // namespace tsunagu
