#include "common/store/journal.h"

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"

namespace tsunagu::store {
namespace {

constexpr absl::string_view kInsert =
    "INSERT INTO `journal` (`id`, `stamp`, `actor`, `on_behalf_of`, `purpose`, `request_id`, `method`, `name`, "
    "`revision`, `contract`, `keys_before`, `keys_after`, `deleted`, `image`, `private_image`) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
constexpr absl::string_view kSelect =
    "SELECT `stamp`, `actor`, `on_behalf_of`, `purpose`, `request_id`, `method`, `revision`, `contract`, `deleted`, "
    "`image`, `private_image` FROM `journal` WHERE `name` = ? AND `revision` < ? ORDER BY `revision` DESC LIMIT ?";

}  // namespace

std::vector<TableDefinition> PlatformTables(Dialect dialect) {
  const bool mysql = dialect == Dialect::kMysql;
  auto ascii = [&](int length) {
    return absl::StrCat("VARCHAR(", length, ")", mysql ? " CHARACTER SET ascii COLLATE ascii_bin" : "");
  };
  const std::string blob = mysql ? "MEDIUMBLOB" : "BLOB";
  const std::string key = mysql ? "BINARY(16) NOT NULL" : "BLOB NOT NULL";
  return {
      {"journal",
       {{"id", key},
        {"stamp", "BIGINT NOT NULL"},
        {"actor", ascii(64)},
        {"on_behalf_of", ascii(64)},
        {"purpose", "VARCHAR(191)"},
        {"request_id", "VARCHAR(96)"},
        {"method", ascii(128)},
        {"name", ascii(191) + " NOT NULL"},
        {"revision", "BIGINT NOT NULL"},
        {"contract", "BIGINT NOT NULL"},
        {"keys_before", "TEXT"},
        {"keys_after", "TEXT"},
        {"deleted", "BIGINT NOT NULL DEFAULT 0"},
        {"image", blob},
        {"private_image", blob}},
       "`id`",
       {{"u_journal_name", true, "`name`, `revision`"}}},
      {"journal_pending", {{"id", key}}, "`id`", {}},
      {"journal_seal",
       {{"place", "BIGINT NOT NULL"}, {"id", key}, {"known_time", "BIGINT NOT NULL"}, {"hash", blob}},
       "`place`",
       {{"u_journal_seal_id", true, "`id`"}}},
      {"requests",
       {{"caller", ascii(64) + " NOT NULL"},
        {"method", ascii(128) + " NOT NULL"},
        {"request_id", "VARCHAR(96) NOT NULL"},
        {"digest", blob},
        {"revisions", "TEXT"},
        {"answer", blob},
        {"expire_time", "BIGINT NOT NULL"}},
       "`caller`, `method`, `request_id`",
       {{"i_requests_expire_time", false, "`expire_time`"}}},
      {"secrets", {{"name", ascii(64) + " NOT NULL"}, {"bytes", blob}}, "`name`", {}},
  };
}

std::string NewKey(int64_t stamp_micros, Entropy& entropy) {
  std::string key;
  for (int shift = 56; shift >= 0; shift -= 8) key.push_back(static_cast<char>(stamp_micros >> shift));
  return key + entropy.Bytes(8);
}

absl::Status AppendToJournal(Tx& tx, const JournalEntry& entry) {
  const std::string id = NewKey(entry.stamp, tx.store().entropy());
  RETURN_IF_ERROR(tx.session()
                      .Execute(kInsert, {Blob{id}, entry.stamp, absl::string_view(entry.actor),
                                         absl::string_view(entry.on_behalf_of), absl::string_view(entry.purpose),
                                         absl::string_view(entry.request_id), absl::string_view(entry.method),
                                         absl::string_view(entry.name), entry.revision, entry.contract,
                                         absl::string_view(entry.keys_before), absl::string_view(entry.keys_after),
                                         static_cast<int64_t>(entry.deleted), Blob{entry.image},
                                         Blob{entry.private_image}})
                      .status());
  return tx.session().Execute("INSERT INTO `journal_pending` (`id`) VALUES (?)", {Blob{id}}).status();
}

absl::Status ReadJournal(View& view, absl::string_view name, int64_t before_revision, int64_t limit,
                         absl::FunctionRef<absl::Status(const JournalEntry&)> each) {
  return view.session().Query(kSelect, {name, before_revision, limit}, [&](const Row& row) {
    JournalEntry entry;
    entry.name = std::string(name);
    entry.stamp = row.Integer(0);
    entry.actor = row.Bytes(1);
    entry.on_behalf_of = row.Bytes(2);
    entry.purpose = row.Bytes(3);
    entry.request_id = row.Bytes(4);
    entry.method = row.Bytes(5);
    entry.revision = row.Integer(6);
    entry.contract = row.Integer(7);
    entry.deleted = row.Integer(8) != 0;
    entry.image = row.Bytes(9);
    entry.private_image = row.Bytes(10);
    return each(entry);
  });
}

}  // namespace tsunagu::store
