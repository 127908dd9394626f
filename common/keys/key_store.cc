#include "common/keys/key_store.h"

#include <algorithm>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/cipher.h"
#include "common/base/entropy.h"
#include "common/base/error.h"
#include "common/base/failpoint.h"
#include "common/base/status_macros.h"
#include "common/db/migrate.h"

namespace tsunagu::store {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(10);
constexpr absl::string_view kCheckText = "tsunagu";

std::string CheckContext(absl::string_view master_id) { return absl::StrCat("master key check ", master_id); }
std::string WrapContext(absl::string_view key_id, absl::string_view master_id) {
  return absl::StrCat("data key ", key_id, " under ", master_id);
}

const MasterKey* FindMaster(absl::Span<const MasterKey> masters, absl::string_view id) {
  for (const MasterKey& master : masters) {
    if (master.id() == id) return &master;
  }
  return nullptr;
}

absl::Status Wrong(absl::string_view master_id) {
  return Fail("MASTER_KEY_WRONG"_reason, {{"key", std::string(master_id)}});
}

}  // namespace

std::string ChainMark(absl::string_view chain) { return absl::StrCat("chain ", chain); }

absl::Status ForgetChainMarks(Database& keys) {
  ASSIGN_OR_RETURN(const FoundTable marks, keys.Describe("marks"));
  if (!marks.exists()) return absl::OkStatus();
  return keys.Write(Deadline::After(kPatience), [](Session& session) {
    return session.Execute("DELETE FROM `marks` WHERE `name` LIKE 'chain %'", {}).status();
  });
}

std::string Wrap(const MasterKey& master, absl::string_view id, absl::string_view bytes) {
  return Encrypt(master.bytes, WrapContext(id, master.id()), bytes);
}

absl::StatusOr<std::string> Unwrap(absl::Span<const MasterKey> masters, const KeyStore::WrappedKey& key) {
  const MasterKey* master = FindMaster(masters, key.master);
  if (master == nullptr) return Wrong(key.master);
  absl::StatusOr<std::string> bytes = Decrypt(master->bytes, WrapContext(key.id, key.master), key.wrapped);
  if (!bytes.ok() || bytes->size() != kCipherKeyBytes) return Fail("SEALED_DATA_DAMAGED"_reason);
  return bytes;
}

KeyStore::KeyStore(std::unique_ptr<Database> database, const Clock& clock)
    : database_(std::move(database)), clock_(clock) {}

std::vector<TableDefinition> KeyStore::Tables(Dialect dialect) {
  const ColumnTypes types(dialect);
  const auto ascii = [&](int length) { return types.Ascii(length) + " NOT NULL"; };
  const std::string blob = types.Blob(), time = "BIGINT NOT NULL";
  return {
      {"master_keys",
       {{"id", ascii(16)},
        {"check_value", blob},
        {"add_time", time},
        {"retire_time", "BIGINT NOT NULL DEFAULT 0"},
        {"wraps", "BIGINT NOT NULL DEFAULT 0"}},
       "`id`",
       {}},
      {"data_keys",
       {{"id", ascii(16)}, {"master", ascii(16)}, {"wrapped", blob}, {"create_time", time}},
       "`id`",
       {{"i_data_keys_master", false, "`master`, `id`"}}},
      {"marks", {{"name", ascii(128)}, {"place", time}, {"hash", blob}}, "`name`", {}},
      {"named_keys", {{"name", ascii(64)}, {"id", ascii(16)}}, "`name`", {}},
      {"erased_keys",
       {{"id", ascii(16)}, {"erase_time", time}},
       "`id`",
       {{"i_erased_keys_erase_time", false, "`erase_time`"}}},
  };
}

SchemaDefinition KeyStore::Schema(Dialect dialect) { return {"keys", Tables(dialect), {}}; }

absl::StatusOr<MigrationPlan> KeyStore::Plan() { return PlanMigration(*database_, Schema(database_->dialect())); }

Deadline KeyStore::Patience() const { return Deadline::After(kPatience); }

absl::Status KeyStore::Read(absl::FunctionRef<absl::Status(Session&)> body) {
  return database_->Read(Patience(), body);
}

absl::Status KeyStore::Write(absl::FunctionRef<absl::Status(Session&)> body) {
  return database_->Write(Patience(), body);
}

absl::Status KeyStore::Admit(absl::Span<const MasterKey> masters) {
  std::vector<std::pair<std::string, std::string>> known;
  std::vector<std::string> used;
  RETURN_IF_ERROR(Read([&](Session& session) {
    known.clear();
    used.clear();
    RETURN_IF_ERROR(session.Query("SELECT `id`, `check_value` FROM `master_keys`", {}, [&](const Row& row) {
      known.emplace_back(row.Bytes(0), row.Bytes(1));
      return absl::OkStatus();
    }));
    return session.Query("SELECT DISTINCT `master` FROM `data_keys`", {}, [&](const Row& row) {
      used.push_back(row.Bytes(0));
      return absl::OkStatus();
    });
  }));
  for (const std::string& id : used) {
    if (FindMaster(masters, id) == nullptr) return Wrong(id);
  }
  for (const auto& [id, check] : known) {
    const MasterKey* master = FindMaster(masters, id);
    if (master == nullptr) continue;  // replaced long ago
    const auto text = Decrypt(master->bytes, CheckContext(id), check);
    if (!text.ok() || *text != kCheckText) return Wrong(id);
    if (id == masters.front().id()) return absl::OkStatus();
  }
  const MasterKey& newest = masters.front();
  const std::string id = newest.id(), check = Encrypt(newest.bytes, CheckContext(id), kCheckText);
  const absl::Status added = Write([&](Session& session) {
    return session
        .Execute("INSERT INTO `master_keys` (`id`, `check_value`, `add_time`) VALUES (?, ?, ?)",
                 {absl::string_view(id), Blob{check}, absl::ToUnixMicros(clock_.Now())})
        .status();
  });
  return absl::IsAlreadyExists(added) ? absl::OkStatus() : added;  // another replica was first
}

absl::StatusOr<std::vector<KeyStore::DataKey>> KeyStore::Make(const MasterKey& master, int count) {
  std::vector<DataKey> keys;
  const std::string master_id = master.id();
  RETURN_IF_ERROR(Write([&](Session& session) -> absl::Status {
    keys.clear();
    // This also takes a lock: a rotation that begins waits for this transaction, and then sees these keys.
    ASSIGN_OR_RETURN(const int64_t valid,
                     session.Execute("UPDATE `master_keys` SET `wraps` = `wraps` + ? WHERE `id` = ? AND "
                                     "`retire_time` = 0",
                                     {int64_t{count}, absl::string_view(master_id)}));
    if (valid == 0) return Fail("MASTER_KEY_RETIRED"_reason, {{"key", master_id}});
    const int64_t now = absl::ToUnixMicros(clock_.Now());
    for (int i = 0; i < count; ++i) {
      DataKey& key = keys.emplace_back();
      key.id = absl::BytesToHexString(Entropy::System().Bytes(8));
      key.bytes = Entropy::System().Bytes(kCipherKeyBytes);
      const std::string wrapped = Wrap(master, key.id, key.bytes);
      RETURN_IF_ERROR(
          session
              .Execute("INSERT INTO `data_keys` (`id`, `master`, `wrapped`, `create_time`) VALUES (?, ?, ?, ?)",
                       {absl::string_view(key.id), absl::string_view(master_id), Blob{wrapped}, now})
              .status());
    }
    return absl::OkStatus();
  }));
  return keys;
}

absl::StatusOr<std::vector<KeyStore::WrappedKey>> KeyStore::FindMany(absl::Span<const std::string> ids) {
  constexpr size_t kAtOnce = 100;
  static const auto& sql = *new std::string([] {
    std::string text = "SELECT `id`, `master`, `wrapped` FROM `data_keys` WHERE `id` IN (?";
    for (size_t i = 1; i < kAtOnce; ++i) text += ", ?";
    return text + ")";
  }());
  std::vector<WrappedKey> found;
  RETURN_IF_ERROR(Read([&](Session& session) -> absl::Status {
    found.clear();
    for (size_t i = 0; i < ids.size(); i += kAtOnce) {
      std::vector<Value> values;
      // One statement for any number of ids: the last id fills the remaining parameters.
      for (size_t j = i; j < i + kAtOnce; ++j) values.push_back(absl::string_view(ids[std::min(j, ids.size() - 1)]));
      RETURN_IF_ERROR(session.Query(sql, values, [&](const Row& row) {
        found.push_back({row.Bytes(0), row.Bytes(1), row.Bytes(2)});
        return absl::OkStatus();
      }));
    }
    return absl::OkStatus();
  }));
  return found;
}

absl::StatusOr<absl::optional<KeyStore::WrappedKey>> KeyStore::Find(absl::string_view id) {
  absl::optional<WrappedKey> found;
  RETURN_IF_ERROR(Read([&](Session& session) {
    found.reset();
    return session.Query("SELECT `master`, `wrapped` FROM `data_keys` WHERE `id` = ?", {id}, [&](const Row& row) {
      found = WrappedKey{std::string(id), row.Bytes(0), row.Bytes(1)};
      return absl::OkStatus();
    });
  }));
  return found;
}

absl::StatusOr<std::string> KeyStore::Named(absl::string_view name, absl::string_view fresh) {
  std::string id;
  auto read = [&] {
    return Read([&](Session& session) {
      return session.Query("SELECT `id` FROM `named_keys` WHERE `name` = ?", {name}, [&](const Row& row) {
        id = row.Bytes(0);
        return absl::OkStatus();
      });
    });
  };
  RETURN_IF_ERROR(read());
  if (!id.empty() || fresh.empty()) return id;
  const absl::Status added = Write([&](Session& session) {
    return session.Execute("INSERT INTO `named_keys` (`name`, `id`) VALUES (?, ?)", {name, fresh}).status();
  });
  if (!added.ok() && !absl::IsAlreadyExists(added)) return added;
  RETURN_IF_ERROR(read());  // another replica may have been first
  return id;
}

absl::StatusOr<absl::optional<KeyStore::Mark>> KeyStore::FindMark(absl::string_view name) {
  absl::optional<Mark> mark;
  RETURN_IF_ERROR(Read([&](Session& session) {
    mark.reset();
    return session.Query("SELECT `place`, `hash` FROM `marks` WHERE `name` = ?", {name}, [&](const Row& row) {
      mark = Mark{row.Integer(0), row.Bytes(1)};
      return absl::OkStatus();
    });
  }));
  return mark;
}

absl::Status KeyStore::SetMark(absl::string_view name, const Mark& mark) {
  const absl::Status written = Write([&](Session& session) -> absl::Status {
    ASSIGN_OR_RETURN(const int64_t matched,
                     session.Execute("UPDATE `marks` SET `place` = ?, `hash` = ? WHERE `name` = ?",
                                     {mark.place, Blob{mark.hash}, name}));
    if (matched == 1) return absl::OkStatus();
    return session
        .Execute("INSERT INTO `marks` (`name`, `place`, `hash`) VALUES (?, ?, ?)", {name, mark.place, Blob{mark.hash}})
        .status();
  });
  return absl::IsAlreadyExists(written) ? absl::OkStatus() : written;  // another replica has set the first one
}

absl::Status KeyStore::Erase(absl::string_view id) {
  const int64_t now = absl::ToUnixMicros(clock_.Now());
  const absl::Status erased = Write([&](Session& session) -> absl::Status {
    // Overwrites the bytes first, so that they are gone from the page itself, then deletes the row.
    const std::string nothing(kCipherNonceBytes + kCipherKeyBytes + kCipherTagBytes, '\0');
    RETURN_IF_ERROR(
        session.Execute("UPDATE `data_keys` SET `wrapped` = ? WHERE `id` = ?", {Blob{nothing}, id}).status());
    RETURN_IF_ERROR(session.Execute("DELETE FROM `data_keys` WHERE `id` = ?", {id}).status());
    return session.Execute("INSERT INTO `erased_keys` (`id`, `erase_time`) VALUES (?, ?)", {id, now}).status();
  });
  Failpoint("keys.after_erase");
  if (!erased.ok() && !absl::IsAlreadyExists(erased)) return erased;
  // SQLite's log still contains the old page until it is written back; readers may delay that.
  if (database_->dialect() == Dialect::kSqlite) (void)database_->Define("PRAGMA wal_checkpoint(TRUNCATE)");
  return absl::OkStatus();
}

absl::StatusOr<bool> KeyStore::WasErased(absl::string_view id) {
  bool erased = false;
  RETURN_IF_ERROR(Read([&](Session& session) {
    return session.Query("SELECT 1 FROM `erased_keys` WHERE `id` = ?", {id}, [&](const Row&) {
      erased = true;
      return absl::OkStatus();
    });
  }));
  return erased;
}

absl::StatusOr<std::vector<std::string>> KeyStore::ErasedSince(absl::Time time) {
  std::vector<std::string> ids;
  RETURN_IF_ERROR(Read([&](Session& session) {
    ids.clear();
    return session.Query("SELECT `id` FROM `erased_keys` WHERE `erase_time` >= ?", {absl::ToUnixMicros(time)},
                         [&](const Row& row) {
                           ids.push_back(row.Bytes(0));
                           return absl::OkStatus();
                         });
  }));
  return ids;
}

}  // namespace tsunagu::store
