// The results for a whole file: which rows it skips, and for a whole list, which records are missing from it.
#include "absl/hash/hash.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/access/actor.h"
#include "common/base/status_macros.h"
#include "common/contract/schema.h"
#include "common/platform/transfer/import.h"
#include "common/records/table.h"
#include "common/service/service.h"
#include "common/text/where.h"

namespace tsunagu {
namespace {

using google::protobuf::Message;

constexpr int kMostNotWanted = 100;     // values that are listed
constexpr int64_t kMostMissing = 1000;  // records that are named; all are counted
constexpr int64_t kPage = 500;

void CountOne(const std::string& value, int64_t rows,
              google::protobuf::RepeatedPtrField<platform::v1::NotWanted>& counted) {
  for (platform::v1::NotWanted& one : counted) {
    if (one.value() == value) return one.set_row_count(one.row_count() + rows);
  }
  if (counted.size() >= kMostNotWanted) return;
  platform::v1::NotWanted& fresh = *counted.Add();
  fresh.set_value(value);
  fresh.set_row_count(rows);
}

}  // namespace

void Import::PassOver(const ParsedRow& row, service::ImportChunk& chunk) const {
  chunk.set_not_wanted_count(chunk.not_wanted_count() + 1);
  for (const Fault& fault : row.faults) {
    if (ReasonOf(fault) == "NOT_WANTED"_reason) CountOne(fault.args().at("value"), 1, *chunk.mutable_not_wanted());
  }
}

void Import::CountNotWanted(const service::ImportChunk& chunk) {
  summary_.set_not_wanted_count(summary_.not_wanted_count() + chunk.not_wanted_count());
  for (const platform::v1::NotWanted& one : chunk.not_wanted()) {
    CountOne(one.value(), one.row_count(), *summary_.mutable_not_wanted());
  }
}

void Import::WarnWithoutKeys() {
  if (has_keys_ || summary_.created_count() == 0) return;
  const contract::Schema& schema = resource_->table->schema();
  const std::string& key = schema.rule().import_key();
  const std::string column = key.empty() ? absl::StrCat(absl::AsciiStrToLower(schema.word()), "_id") : key;
  const Fault fault = MakeFault("", "ROWS_WITHOUT_KEY"_reason, {{"column", column}});
  platform::v1::RowOutcome::RowFault& warning = *summary_.add_warnings();
  warning.set_reason(ReasonWord(fault));
  warning.set_text(Text(fault, call_.headers.language));
}

// The text before the slash of the import key is the source: wamnet/A0000046006.
std::string Import::ListOf(const Message& record) const {
  const std::string& key_field = resource_->table->schema().rule().import_key();
  const std::string key = key_field.empty() ? "" : TextField(record, key_field);
  const size_t slash = key.find('/');
  return absl::StrCat(key.empty() ? "id" : "key", "\n", slash == std::string::npos ? "" : key.substr(0, slash), "\n",
                      reader_->ListOf(record));
}

absl::Status Import::TellMissingOf(const std::vector<Record>& page) {
  const contract::Schema& schema = resource_->table->schema();
  const contract::Field* called = schema.Find("display_name");
  const bool says_what = called != nullptr && called->rule.privacy() == PRIVACY_UNSPECIFIED;
  for (const Record& record : page) {
    if (lists_.count(ListOf(*record)) == 0) continue;
    ASSIGN_OR_RETURN(const std::string id, schema.IdOf(schema.NameIn(*record)));
    const std::string key = KeyOf(*record, schema.rule().id_field().empty() ? id : "");
    if (seen_.contains(absl::Hash<std::string>()(key)) || seen_.contains(absl::Hash<std::string>()("id " + id)))
      continue;
    summary_.set_missing_count(summary_.missing_count() + 1);
    if (summary_.missing_count() > kMostMissing) continue;
    platform::v1::ImportRowsResponse& answer = answers_.emplace_back();
    answer.set_row_count(summary_.row_count());
    answer.mutable_missing()->set_name(schema.NameIn(*record));
    if (says_what) answer.mutable_missing()->set_display_name(TextField(*record, called->name()));
  }
  return absl::OkStatus();
}

absl::Status Import::TellMissing() {
  store::Table& table = *resource_->table;
  identity::Actor actor = ActorOf(call_);
  actor.scope = call_.principal.ScopeFor(absl::StrCat(options_.collection(), ".read"));
  const contract::Where where =
      table.schema().has_period() ? contract::Where::ActiveOn(service_.Today()) : contract::Where();
  std::string after;
  while (true) {
    std::vector<Record> page;
    RETURN_IF_ERROR(service_.Read(actor, call_.deadline, [&](store::View& view) -> absl::Status {
      page.clear();
      store::Table::Query query;
      RETURN_IF_ERROR(table.Narrow(where, query));
      if (!after.empty()) query.after = {after};
      query.limit = kPage;
      query.page = true;
      return table.List(view, query, [&](store::Record record) {
        page.push_back(std::move(record));
        return absl::OkStatus();
      });
    }));
    RETURN_IF_ERROR(TellMissingOf(page));
    if (static_cast<int64_t>(page.size()) < kPage) return absl::OkStatus();
    ASSIGN_OR_RETURN(after, table.schema().IdOf(table.schema().NameIn(*page.back())));
  }
}

}  // namespace tsunagu
