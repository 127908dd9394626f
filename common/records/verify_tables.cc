#include "common/records/verify_tables.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <unordered_map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/journal/follow_chain.h"
#include "common/journal/signed_table.h"
#include "common/records/expected_row.h"
#include "common/records/store.h"

namespace tsunagu::store {
namespace {

using Kind = TableFinding::Kind;

constexpr int64_t kPage = 500;
constexpr int kMostLooks = 20;  // attempts for a row that keeps changing

// Some ids of a table: those after `after` up to `last` (empty: to the end), or only one.
struct Range {
  std::string after, last;
  bool one = false;

  absl::string_view where() const {
    if (one) return "`id` = ?";
    return last.empty() ? "`id` > ?" : "`id` > ? AND `id` <= ?";
  }
  std::vector<Value> parameters() const {
    std::vector<Value> values;
    if (!one) values.push_back(absl::string_view(after));
    if (!last.empty()) values.push_back(absl::string_view(last));
    return values;
  }
};

// What was read of a range of one table.
struct Look {
  std::map<std::string, ExpectedRow> expected;  // by id
  JournalEntry above;                        // the ancestor of the records read last, when it decides who may see them
  std::map<std::string, int64_t> revisions;  // of the existing rows
  std::map<std::string, std::vector<TableFinding>> findings;  // by id
};

class TableVerifier {
 public:
  TableVerifier(Table& table, Store& store, bool has_keys, TablesReport& report)
      : table_(table),
        database_(store.database()),
        keyring_(has_keys ? &store.keyring() : nullptr),
        has_keys_(has_keys),
        report_(report),
        prefix_(table.NameOf("")),
        sides_(SideTablesOf(table.shape())) {}

  absl::Status Run() {
    Range range;
    std::string after_name = prefix_;
    for (bool more = true; more;) {
      Look look;
      std::string last_name;
      RETURN_IF_ERROR(database_.Read(PageDeadline(), [&](Session& session) -> absl::Status {
        look = Look();
        ASSIGN_OR_RETURN(last_name, ReadPage(session, after_name, look));
        more = !last_name.empty();
        range.last = more && !look.expected.empty() ? look.expected.rbegin()->first : "";
        // Only other collections: rows that are in the table meanwhile are compared with the next page.
        return more && look.expected.empty() ? absl::OkStatus() : Compare(session, range, look);
      }));
      Count(look);
      for (const auto& [id, findings] : look.findings) RETURN_IF_ERROR(LookAgain(id));
      if (!range.last.empty()) range.after = range.last;
      after_name = last_name;
    }
    return absl::OkStatus();
  }

  // Row and journal are written in one transaction, but read by several statements. They belong together only when the
  // row was the same before and after all of them.
  absl::StatusOr<bool> LookOnce(Session& session, const std::string& id, Look& look) {
    const Range range{"", id, true};
    ASSIGN_OR_RETURN(const int64_t before, RevisionOf(session, id));
    std::vector<JournalEntry> newest;
    RETURN_IF_ERROR(ReadJournal(
        session, table_.NameOf(id), INT64_MAX, 1, absl::nullopt,
        [&](const JournalEntry& entry) {
          newest.push_back(entry);
          return absl::OkStatus();
        },
        SealCheck::kLeave));
    for (const JournalEntry& entry : newest) RETURN_IF_ERROR(Expect(session, entry, look));
    RETURN_IF_ERROR(Compare(session, range, look));
    ASSIGN_OR_RETURN(const int64_t behind, RevisionOf(session, id));
    const auto seen = look.revisions.find(id);
    return before == behind && (seen == look.revisions.end() ? 0 : seen->second) == before;
  }

 private:
  // Reads the next page of expected rows; returns the last name in it, or no name at the end. Names are in the order of
  // their ids; names of collections above and below are between them.
  absl::StatusOr<std::string> ReadPage(Session& session, const std::string& after_name, Look& look) {
    const std::string end = absl::StrCat(prefix_.substr(0, prefix_.size() - 1), "0");  // '0' follows '/'
    std::vector<JournalEntry> entries;
    RETURN_IF_ERROR(ReadNewest(
        session, after_name, end, kPage, absl::nullopt,
        [&](const JournalEntry& entry) {
          entries.push_back(entry);
          return absl::OkStatus();
        },
        SealCheck::kLeave));
    if (has_keys_ && table_.schema().rule().personal()) {
      std::vector<absl::string_view> encrypted;
      for (const JournalEntry& entry : entries) encrypted.push_back(entry.private_image);
      RETURN_IF_ERROR(keyring_->Prepare(encrypted));
    }
    for (const JournalEntry& entry : entries) RETURN_IF_ERROR(Expect(session, entry, look));
    return static_cast<int64_t>(entries.size()) == kPage ? entries.back().name : std::string();
  }

  absl::Status Expect(Session& session, const JournalEntry& entry, Look& look) {
    absl::StatusOr<std::string> id = table_.schema().IdOf(entry.name);
    if (!id.ok()) return absl::OkStatus();  // in a collection above or below this one
    ASSIGN_OR_RETURN(ExpectedRow row, ExpectedRow::Of(table_, entry, has_keys_));
    const auto [owner, above] = table_.AccessOwner(entry.name);
    if (owner != &table_ && look.above.name != above) {
      RETURN_IF_ERROR(ReadJournal(
          session, above, INT64_MAX, 1, absl::nullopt,
          [&](const JournalEntry& newest) {
            look.above = newest;
            return absl::OkStatus();
          },
          SealCheck::kLeave));
    }
    if (owner != &table_ && look.above.name == above) row.Inherit(look.above);
    look.expected.emplace(*std::move(id), std::move(row));
    return absl::OkStatus();
  }

  void Find(Look& look, const std::string& id, Kind kind, std::vector<std::string> parts = {}) const {
    const auto row = look.revisions.find(id);
    look.findings[id].push_back(
        {kind, table_.NameOf(id), row == look.revisions.end() ? 0 : row->second, std::move(parts)});
  }

  absl::Status CompareRow(const Row& row, Look& look) {
    const std::string id = row.Bytes(0);
    const int64_t revision = row.Integer(1);
    look.revisions[id] = revision;
    const auto found = look.expected.find(id);
    if (found == look.expected.end() || found->second.deleted()) {
      Find(look, id, Kind::kRowAdded);
      return absl::OkStatus();
    }
    if (revision < found->second.revision()) {
      Find(look, id, Kind::kRowSetBack);
      return absl::OkStatus();
    }
    ASSIGN_OR_RETURN(std::vector<std::string> differing, found->second.Differences(row));
    if (!differing.empty()) Find(look, id, Kind::kRowDiffers, std::move(differing));
    return absl::OkStatus();
  }

  // Returns whether a finding about the row already explains its side rows.
  static bool Explained(const Look& look, const std::string& id) {
    const auto found = look.findings.find(id);
    if (found == look.findings.end()) return false;
    const Kind kind = found->second.front().kind;
    return kind == Kind::kRowAdded || kind == Kind::kRowRemoved || kind == Kind::kRowSetBack;
  }

  absl::Status CompareSide(Session& session, const Range& range, const SideTable& side, Look& look) {
    std::unordered_map<std::string, std::vector<std::string>> missing;
    for (const auto& [id, row] : look.expected) {
      if (row.KnowsSide(side) && !Explained(look, id)) missing.emplace(id, row.SideValues(side));
    }
    std::set<std::string> differing;
    const std::string sql =
        absl::StrCat("SELECT `id`, `", side.key, side.dated ? "`, `valid_from`, `valid_to" : "", "` FROM `",
                     table_.shape().table(), "_", side.suffix, "` WHERE ", range.where());
    RETURN_IF_ERROR(session.Query(sql, range.parameters(), [&](const Row& row) {
      const std::string id = row.Bytes(0);
      const auto known = missing.find(id);
      if (known == missing.end()) {
        // Belongs to a record that cannot be compared, or whose row has a finding; otherwise to no record.
        if (look.expected.count(id) == 0 && look.revisions.count(id) == 0) differing.insert(id);
        return absl::OkStatus();
      }
      std::vector<std::string>& values = known->second;
      const std::string is = side.dated ? DatedKey(row.Bytes(1), row.Bytes(2), row.Bytes(3)) : row.Bytes(1);
      const auto value = std::find(values.begin(), values.end(), is);
      value == values.end() ? static_cast<void>(differing.insert(id)) : static_cast<void>(values.erase(value));
      return absl::OkStatus();
    }));
    for (const auto& [id, values] : missing) {
      if (!values.empty()) differing.insert(id);
    }
    for (const std::string& id : differing) {
      Find(look, id, Kind::kSideDiffers, {absl::StrCat(table_.shape().table(), "_", side.suffix)});
    }
    return absl::OkStatus();
  }

  absl::Status Compare(Session& session, const Range& range, Look& look) {
    const std::string sql =
        absl::StrCat("SELECT ", table_.shape().columns(), " FROM `", table_.shape().table(), "` WHERE ", range.where());
    RETURN_IF_ERROR(session.Query(sql, range.parameters(), [&](const Row& row) { return CompareRow(row, look); }));
    for (const auto& [id, row] : look.expected) {
      if (!row.deleted() && look.revisions.count(id) == 0) Find(look, id, Kind::kRowRemoved);
    }
    for (const SideTable& side : sides_) RETURN_IF_ERROR(CompareSide(session, range, side, look));
    return absl::OkStatus();
  }

  void Count(const Look& look) {
    report_.rows += static_cast<int64_t>(look.revisions.size());
    for (const auto& [id, row] : look.expected) {
      report_.newer += row.newer();
      report_.closed += row.closed();
    }
  }

  absl::StatusOr<int64_t> RevisionOf(Session& session, absl::string_view id) {
    int64_t revision = 0;
    const std::string sql = absl::StrCat("SELECT `revision` FROM `", table_.shape().table(), "` WHERE `id` = ?");
    RETURN_IF_ERROR(session.Query(sql, {id}, [&](const Row& row) {
      revision = row.Integer(0);
      return absl::OkStatus();
    }));
    return revision;
  }

  absl::Status LookAgain(const std::string& id) {
    for (int i = 0; i < kMostLooks; ++i) {
      Look look;
      bool still = false;
      RETURN_IF_ERROR(database_.Read(PageDeadline(), [&](Session& session) -> absl::Status {
        look = Look();
        ASSIGN_OR_RETURN(still, LookOnce(session, id, look));
        return absl::OkStatus();
      }));
      if (!still) continue;
      for (auto& [same, findings] : look.findings) {
        for (TableFinding& finding : findings) report_.Add(std::move(finding));
      }
      return absl::OkStatus();
    }
    ++report_.busy;
    return absl::OkStatus();
  }

  Table& table_;
  Database& database_;
  Keyring* const keyring_;  // null when there are no keys
  const bool has_keys_;
  TablesReport& report_;
  const std::string prefix_;  // of the names here and of the side tables: "facilities/"
  const std::vector<SideTable> sides_;
};

// For each key, the count of the counter and the count of the records.
struct Counted {
  std::map<std::string, int64_t> said, there;
};

absl::StatusOr<Counted> ReadCounted(Session& session, const Table& table, const RecordCounter& counter) {
  Counted counted;
  RETURN_IF_ERROR(session.Query("SELECT `guard_key`, `count` FROM `guards` WHERE `kind` = ?",
                                {absl::string_view(counter.kind)}, [&](const Row& row) {
                                  counted.said[row.Bytes(0)] = row.Integer(1);
                                  return absl::OkStatus();
                                }));
  const std::string column = counter.field.empty() ? "id" : counter.field;
  RETURN_IF_ERROR(
      session.Query(absl::StrCat("SELECT `", column, "` FROM `", table.shape().table(), "`"), {}, [&](const Row& row) {
        const std::string value = row.Bytes(0);
        ++counted.there[counter.field.empty() ? "" : value.substr(0, value.find('-'))];
        return absl::OkStatus();
      }));
  return counted;
}

std::set<std::string> KeysThatDiffer(const Counted& counted) {
  std::set<std::string> keys;
  for (const auto* from : {&counted.said, &counted.there}) {
    for (const auto& [key, count] : *from) keys.insert(key);
  }
  const auto of = [](const std::map<std::string, int64_t>& counts, const std::string& key) {
    const auto found = counts.find(key);
    return found == counts.end() ? int64_t{0} : found->second;
  };
  for (auto key = keys.begin(); key != keys.end();) {
    key = of(counted.said, *key) == of(counted.there, *key) ? keys.erase(key) : std::next(key);
  }
  return keys;
}

// Rows that a server writes meanwhile are signed in the same statement.
absl::Status VerifySigned(Store& store, TablesReport& report) {
  for (const SignedTable* table : store.signed_tables()) {
    ASSIGN_OR_RETURN(const std::vector<std::string> forged,
                     table->FindForged(store.database(), store.RowKey(), TablesReport::kMostKept));
    for (const std::string& name : forged) report.Add({Kind::kRowForged, name, 0, {table->table()}});
  }
  return absl::OkStatus();
}

}  // namespace

void TablesReport::Add(TableFinding finding) {
  ++found;
  if (findings.size() < kMostKept) findings.push_back(std::move(finding));
}

absl::StatusOr<std::vector<TableFinding>> VerifyRecord(Session& session, Table& table, Store& store,
                                                       absl::string_view id) {
  TablesReport report;
  Look look;
  ASSIGN_OR_RETURN(const bool still,
                   TableVerifier(table, store, true, report).LookOnce(session, std::string(id), look));
  if (!still) return Fail("ETAG_MISMATCH"_reason);
  return std::move(look.findings[std::string(id)]);
}

absl::Status VerifyCounters(Store& store, absl::Span<const RecordCounter> counters, TablesReport& report) {
  for (const RecordCounter& counter : counters) {
    if (counter.service != store.service()) continue;
    const Table& table = *store.FindTable(counter.collection);
    Counted counted;
    RETURN_IF_ERROR(store.database().Read(PageDeadline(), [&](Session& session) {
      return session.Snapshot([&]() -> absl::Status {  // a server may count in between
        ASSIGN_OR_RETURN(counted, ReadCounted(session, table, counter));
        return absl::OkStatus();
      });
    }));
    for (const std::string& key : KeysThatDiffer(counted)) {
      report.Add({Kind::kCounterDiffers, RecordCounter::NameOf(counter.kind, key), 0, {"guards"}});
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<TablesReport> VerifyTables(Store& store, bool has_keys) {
  TablesReport report;
  if (has_keys && store.HasSecret("rows")) RETURN_IF_ERROR(VerifySigned(store, report));
  for (const auto& table : store.tables()) {
    RETURN_IF_ERROR(TableVerifier(*table, store, has_keys, report).Run());
  }
  return report;
}

}  // namespace tsunagu::store
