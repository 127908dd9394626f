#include "common/records/blobs.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/records/store.h"
#include "common/records/subjects.h"
#include "common/records/table.h"

namespace tsunagu::store {
namespace {

std::string TableName(const contract::Schema& owner) {
  return absl::StrCat(absl::AsciiStrToLower(owner.word()), "_parts");
}
std::string IdColumn(const contract::Schema& owner) { return absl::StrCat(absl::AsciiStrToLower(owner.word()), "_id"); }

}  // namespace

void Blobs::AddTable(Store& store, const contract::Schema& owner) {
  const ColumnTypes types(store.database().dialect());
  const std::string id = IdColumn(owner);
  store.AddPlain({TableName(owner),
                  {{id, types.Ascii(64) + " NOT NULL"},
                   {"kind", types.Ascii(16) + " NOT NULL"},
                   {"part", "BIGINT NOT NULL"},
                   {"first_name", types.Ascii(191) + " NOT NULL"},
                   {"bytes", types.Blob()}},
                  absl::StrCat("`", id, "`, `kind`, `part`"),
                  {}});
}

Blobs::Blobs(View& view, const contract::Schema& owner, std::string id, std::string subject)
    : view_(view),
      table_(TableName(owner)),
      id_column_(IdColumn(owner)),
      id_(std::move(id)),
      subject_(std::move(subject)) {}

absl::StatusOr<Blobs> Blobs::Find(View& view, Table& table, absl::string_view owner) {
  const contract::Schema& schema = table.schema();
  ASSIGN_OR_RETURN(const Record record, table.Get(view, owner));
  ASSIGN_OR_RETURN(std::string id, schema.IdOf(owner));
  std::string subject;
  if (schema.rule().personal()) {
    subject = record->GetReflection()->GetString(*record, schema.Find(schema.rule().data_subject())->descriptor);
  }
  return Blobs(view, schema, std::move(id), std::move(subject));
}

std::string Blobs::ContextOf(absl::string_view name, int64_t part) const {
  return absl::StrCat(table_, " ", id_, " ", name, " ", part);
}

absl::Status Blobs::Write(Tx& tx, absl::string_view name, const Part& part) const {
  Keyring& keyring = tx.parts().keyring();
  std::string key_id = keyring.service_key();
  if (!subject_.empty()) {
    ASSIGN_OR_RETURN(key_id, KeyIdOfSubject(tx, subject_));
  }
  ASSIGN_OR_RETURN(const std::string encrypted, keyring.Encrypt(key_id, ContextOf(name, part.number), part.bytes));
  const std::string sql = absl::StrCat("INSERT INTO `", table_, "` (`", id_column_,
                                       "`, `kind`, `part`, `first_name`, `bytes`) VALUES (?, ?, ?, ?, ?)");
  return tx.session()
      .Execute(sql, {absl::string_view(id_), name, part.number, absl::string_view(part.first), Blob{encrypted}})
      .status();
}

absl::Status Blobs::Select(absl::string_view name, absl::string_view condition, std::vector<Value> more,
                           Each each) const {
  const std::string sql = absl::StrCat("SELECT `bytes`, `part` FROM `", table_, "` WHERE `", id_column_,
                                       "` = ? AND `kind` = ? AND ", condition);
  std::vector<Value> values = {absl::string_view(id_), name};
  values.insert(values.end(), more.begin(), more.end());
  return view_.session().Query(sql, values, [&](const Row& row) -> absl::Status {
    ASSIGN_OR_RETURN(const absl::optional<std::string> bytes,
                     view_.parts().keyring().Decrypt(ContextOf(name, row.Integer(1)), row.Bytes(0)));
    return bytes.has_value() ? each(*bytes) : Fail("SUBJECT_ERASED"_reason);
  });
}

absl::Status Blobs::Read(absl::string_view name, int64_t from, int64_t until, Each each) const {
  return Select(name, "`part` >= ? AND `part` < ? ORDER BY `part`", {from, until}, each);
}

absl::Status Blobs::ReadAt(absl::string_view name, absl::string_view key, Each each) const {
  // MySQL cannot compare an ASCII column with other text, and no part begins with such a key.
  if (!std::all_of(key.begin(), key.end(), absl::ascii_isascii)) return absl::OkStatus();
  return Select(name, "`first_name` <= ? ORDER BY `part` DESC LIMIT 1", {key}, each);
}

}  // namespace tsunagu::store
