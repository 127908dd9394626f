#include "common/journal/journal.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/failpoint.h"
#include "common/base/status_macros.h"
#include "common/db/parameters.h"
#include "common/journal/chain.h"
#include "common/journal/seal.h"
#include "common/journal/signed_table.h"

namespace tsunagu::store {
namespace {

struct Column {
  const char* name;
  bool integer;
};
// In the order in which the chain hashes them. Never changed; columns are only added, with a new format number.
constexpr Column kColumns[kJournalColumns] = {
    {"id", false},           {"tx", false},      {"stamp", true},       {"actor", false},
    {"on_behalf_of", false}, {"purpose", false}, {"request_id", false}, {"method", false},
    {"name", false},         {"revision", true}, {"contract", true},    {"keys_before", false},
    {"keys_after", false},   {"deleted", true},  {"image", false},      {"private_image", false}};

constexpr size_t kRowsAStatement = 16;

// Statements that insert `rows` rows at once.
struct Statements {
  explicit Statements(size_t rows)
      : journal(absl::StrCat(
            "INSERT INTO `journal` (",
            absl::StrJoin(kColumns, ", ",
                          [](std::string* out, const Column& one) { absl::StrAppend(out, "`", one.name, "`"); }),
            ") VALUES ", Marks(rows, kJournalColumns))),
        pending(absl::StrCat("INSERT INTO `journal_pending` (`id`, `tx`, `mac`) VALUES ", Marks(rows, 3))) {}

  const std::string journal, pending;
};

// The end of the chain, as far as a new row needs it.
struct End {
  int64_t place = 0, known_time = 0;
  std::string hash;
  bool rows_wait = false;  // and must be sealed first
};

absl::StatusOr<End> ReadEnd(Session& session) {
  End end;
  RETURN_IF_ERROR(
      session.Query("SELECT `place`, `known_time`, `hash`, EXISTS (SELECT 1 FROM `journal_pending`) FROM "
                    "`journal_head` WHERE `id` = 1",
                    {}, [&](const Row& row) {
                      end = {row.Integer(0), row.Integer(1), row.Bytes(2), row.Integer(3) != 0};
                      return absl::OkStatus();
                    }));
  return end;
}

// `columns` are those of all rows, one row after another.
absl::Status SealAtOnce(Session& session, End end, absl::Span<const Value> columns, JournalGroup& group) {
  const End before = end;
  if (group.known_time == 0) group.known_time = std::max(group.now, end.known_time + 1);
  end.known_time = group.known_time;
  std::vector<Seal> seals;
  for (; !columns.empty(); columns.remove_prefix(kJournalColumns)) {
    end.hash = SealHash(end.hash, ++end.place, end.known_time, RowContent(columns.first(kJournalColumns)));
    seals.push_back({end.place, absl::get<Blob>(columns[0]).bytes, end.hash});
  }
  RETURN_IF_ERROR(WriteSeals(session, seals, end.known_time));
  Failpoint("journal.before_head");
  ASSIGN_OR_RETURN(const int64_t matched,
                   session.Execute("UPDATE `journal_head` SET `place` = ?, `known_time` = ?, `hash` = ? WHERE `id` = 1 "
                                   "AND `place` = ?",
                                   {end.place, end.known_time, Blob{end.hash}, before.place}));
  group.place = end.place;
  return matched == 1 ? absl::OkStatus() : absl::InternalError("the end of the journal has moved");
}

// Puts the rows on the waiting list, signed: the sealer accepts only rows that the program has written.
absl::Status Wait(Session& session, const std::string& sql, absl::Span<const JournalRow> rows,
                  absl::Span<const Value> columns, const JournalGroup& group) {
  std::vector<std::string> macs;
  macs.reserve(rows.size());
  std::vector<Value> values;
  for (const JournalRow& row : rows) {
    macs.push_back(WaitingMac(group.key, "journal", RowContent(columns.first(kJournalColumns))));
    columns.remove_prefix(kJournalColumns);
    values.insert(values.end(), {Blob{row.id}, Blob{group.id}, Blob{macs.back()}});
  }
  return session.Execute(sql, values).status();
}

JournalEntry EntryOf(const Row& row, int first) {
  JournalEntry entry;
  entry.stamp = row.Integer(first + 2);
  entry.actor = row.Bytes(first + 3);
  entry.on_behalf_of = row.Bytes(first + 4);
  entry.purpose = row.Bytes(first + 5);
  entry.request_id = row.Bytes(first + 6);
  entry.method = row.Bytes(first + 7);
  entry.name = row.Bytes(first + 8);
  entry.revision = row.Integer(first + 9);
  entry.contract = row.Integer(first + 10);
  entry.keys_before = row.Bytes(first + 11);
  entry.keys_after = row.Bytes(first + 12);
  entry.deleted = row.Integer(first + 13) != 0;
  entry.image = row.Bytes(first + 14);
  entry.private_image = row.Bytes(first + 15);
  return entry;
}

// Columns after those of the journal: the row's seal, and the hash of the previous place.
constexpr absl::string_view kSealColumns = ", s.`place`, s.`known_time`, s.`hash`, b.`hash`";
constexpr absl::string_view kSealBefore = "LEFT JOIN `journal_seal` b ON b.`place` = s.`place` - 1 ";

// A row without a place cannot be compared, nor can the first row, whose previous hash comes from the service's name
// alone.
absl::Status CompareWithSeal(const Row& row) {
  constexpr int kPlace = kJournalColumns;
  if (row.IsNull(kPlace) || row.Integer(kPlace) == 1) return absl::OkStatus();
  const std::string hash =
      SealHash(row.Bytes(kPlace + 3), row.Integer(kPlace), row.Integer(kPlace + 1), ContentOf(row, 0));
  return hash == row.Bytes(kPlace + 2) ? absl::OkStatus() : ForgedRow("journal");
}

}  // namespace

std::vector<TableDefinition> JournalTables(Dialect dialect) {
  const ColumnTypes types(dialect);
  const std::string tx = types.Bytes(16), key = tx + " NOT NULL";
  return {
      {"journal",
       {{"id", key},
        {"tx", tx},
        {"stamp", "BIGINT NOT NULL"},
        {"actor", types.Ascii(64)},
        {"on_behalf_of", types.Ascii(64)},
        {"purpose", "VARCHAR(191)"},
        {"request_id", "VARCHAR(96)"},
        {"method", types.Ascii(128)},
        {"name", types.Ascii(191) + " NOT NULL"},
        {"revision", "BIGINT NOT NULL"},
        {"contract", "BIGINT NOT NULL"},
        {"keys_before", "TEXT"},
        {"keys_after", "TEXT"},
        {"deleted", "BIGINT NOT NULL DEFAULT 0"},
        {"image", types.Blob()},
        {"private_image", types.Blob()}},
       "`id`",
       {{"u_journal_name", true, "`name`, `revision`"}}},
      {"journal_pending",
       {{"id", key}, {"tx", tx}, {"mac", types.Bytes(32)}},
       "`id`",
       {{"i_journal_pending_tx", false, "`tx`, `id`"}}},
      {"journal_seal",
       {{"place", "BIGINT NOT NULL"}, {"id", key}, {"known_time", "BIGINT NOT NULL"}, {"hash", types.Blob()}},
       "`place`",
       {{"u_journal_seal_id", true, "`id`"}, {"i_journal_seal_known_time", false, "`known_time`, `place`"}}},
      // One row: the end of the chain, the sealer, and the first place that is kept.
      {"journal_head",
       {{"id", "BIGINT NOT NULL"},
        {"place", "BIGINT NOT NULL"},
        {"known_time", "BIGINT NOT NULL"},
        {"hash", types.Blob()},
        {"epoch", "BIGINT NOT NULL"},
        {"holder", types.Ascii(64)},
        {"lease_time", "BIGINT NOT NULL"},
        {"kept_from", "BIGINT NOT NULL"}},
       "`id`",
       {}},
  };
}

std::string NewRowId(int64_t stamp_micros, Entropy& entropy) {
  std::string key;
  for (int shift = 56; shift >= 0; shift -= 8) key.push_back(static_cast<char>(stamp_micros >> shift));
  return key + entropy.Bytes(8);
}

int64_t StampOf(absl::string_view row_id) {
  uint64_t stamp = 0;
  for (const char byte : row_id.substr(0, 8)) stamp = (stamp << 8) | static_cast<unsigned char>(byte);
  return static_cast<int64_t>(stamp);
}

absl::Status AppendToJournal(Session& session, JournalGroup& group, absl::Span<const JournalRow> rows) {
  // Two forms of each statement, so that few have to be prepared.
  static const auto& many = *new Statements(kRowsAStatement);
  static const auto& one = *new Statements(1);
  while (!rows.empty()) {
    const size_t count = rows.size() >= kRowsAStatement ? kRowsAStatement : 1;
    const Statements& statements = count == 1 ? one : many;
    std::vector<Value> journal;
    for (const auto& [id, entry] : rows.first(count)) {
      journal.insert(
          journal.end(),
          {Blob{id}, Blob{group.id}, entry.stamp, absl::string_view(entry.actor), absl::string_view(entry.on_behalf_of),
           absl::string_view(entry.purpose), absl::string_view(entry.request_id), absl::string_view(entry.method),
           absl::string_view(entry.name), entry.revision, entry.contract, absl::string_view(entry.keys_before),
           absl::string_view(entry.keys_after), static_cast<int64_t>(entry.deleted), Blob{entry.image},
           Blob{entry.private_image}});
    }
    const absl::Span<const JournalRow> written = rows.first(count);
    rows.remove_prefix(count);
    RETURN_IF_ERROR(session.Execute(statements.journal, journal).status());
    // The writers of a SQLite file are serialized anyway.
    if (session.dialect() == Dialect::kSqlite) {
      ASSIGN_OR_RETURN(End end, ReadEnd(session));
      if (!end.rows_wait) {
        RETURN_IF_ERROR(SealAtOnce(session, std::move(end), journal, group));
        continue;
      }
    }
    RETURN_IF_ERROR(Wait(session, statements.pending, written, journal, group));
  }
  return absl::OkStatus();
}

absl::Status ReadJournal(Session& session, absl::string_view name, int64_t before_revision, int64_t limit,
                         absl::optional<int64_t> known_place, absl::FunctionRef<absl::Status(const JournalEntry&)> each,
                         SealCheck check) {
  const bool seals = check == SealCheck::kCompare;
  std::string sql = absl::StrCat("SELECT ", JournalColumns(), seals ? kSealColumns : "", " FROM `journal` j ",
                                 known_place ? "JOIN `journal_seal` s ON s.`id` = j.`id` AND s.`place` <= ? "
                                 : seals     ? "LEFT JOIN `journal_seal` s ON s.`id` = j.`id` "
                                             : "",
                                 seals ? kSealBefore : "",
                                 "WHERE j.`name` = ? AND j.`revision` < ? ORDER BY j.`revision` DESC LIMIT ?");
  std::vector<Value> parameters;
  if (known_place) parameters.push_back(*known_place);
  parameters.insert(parameters.end(), {name, before_revision, limit});
  return session.Query(sql, parameters, [&](const Row& row) -> absl::Status {
    if (seals) RETURN_IF_ERROR(CompareWithSeal(row));
    return each(EntryOf(row, 0));
  });
}

absl::Status ReadNewest(Session& session, absl::string_view after_name, absl::string_view before_name, int64_t limit,
                        absl::optional<int64_t> known_place, absl::FunctionRef<absl::Status(const JournalEntry&)> each,
                        SealCheck check) {
  const bool seals = check == SealCheck::kCompare;
  const std::string sql = absl::StrCat(
      "SELECT ", JournalColumns(), seals ? kSealColumns : "",
      " FROM (SELECT k.`name`, MAX(k.`revision`) AS `revision` FROM `journal` k ",
      known_place ? "JOIN `journal_seal` s ON s.`id` = k.`id` AND s.`place` <= ? " : "",
      "WHERE k.`name` > ? AND k.`name` < ? GROUP BY k.`name` ORDER BY k.`name` LIMIT ?) n JOIN `journal` j ON "
      "j.`name` = n.`name` AND j.`revision` = n.`revision` ",
      seals ? "LEFT JOIN `journal_seal` s ON s.`id` = j.`id` " : "", seals ? kSealBefore : "", "ORDER BY n.`name`");
  std::vector<Value> parameters;
  if (known_place) parameters.push_back(*known_place);
  parameters.insert(parameters.end(), {after_name, before_name, limit});
  return session.Query(sql, parameters, [&](const Row& row) -> absl::Status {
    if (seals) RETURN_IF_ERROR(CompareWithSeal(row));
    return each(EntryOf(row, 0));
  });
}

absl::StatusOr<absl::optional<int64_t>> SettledPlace(Session& session) {
  absl::optional<int64_t> place;
  RETURN_IF_ERROR(session.Query("SELECT `place` FROM `journal_head` WHERE NOT EXISTS (SELECT 1 FROM `journal_pending`)",
                                {}, [&](const Row& row) {
                                  place = row.Integer(0);
                                  return absl::OkStatus();
                                }));
  return place;
}

absl::Status ReadSealed(Session& session, int64_t place, int64_t limit,
                        absl::FunctionRef<absl::Status(const SealedEntry&)> each) {
  static const auto& sql = *new std::string(absl::StrCat(
      "SELECT ", JournalColumns(), kSealColumns, " FROM `journal_seal` s JOIN `journal` j ON j.`id` = s.`id` ",
      kSealBefore, "WHERE s.`place` > ? ORDER BY s.`place` LIMIT ?"));
  return session.Query(sql, {place, limit}, [&](const Row& row) -> absl::Status {
    RETURN_IF_ERROR(CompareWithSeal(row));
    constexpr int kPlace = kJournalColumns;
    return each({row.Integer(kPlace), row.Bytes(kPlace + 2), row.Integer(kPlace + 1), EntryOf(row, 0)});
  });
}

const std::string& JournalColumns() {
  static const auto& columns = *new std::string(absl::StrJoin(
      kColumns, ", ", [](std::string* out, const Column& one) { absl::StrAppend(out, "j.`", one.name, "`"); }));
  return columns;
}

std::string ContentOf(const Row& row, int first) {
  static const auto& integers = *new std::array<bool, kJournalColumns>([] {
    std::array<bool, kJournalColumns> all{};
    for (int i = 0; i < kJournalColumns; ++i) all[i] = kColumns[i].integer;
    return all;
  }());
  return RowContent(row, first, integers);
}

}  // namespace tsunagu::store
