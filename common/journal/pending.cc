#include "common/journal/pending.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/digest.h"
#include "common/base/status_macros.h"
#include "common/journal/follow_chain.h"
#include "common/journal/journal.h"
#include "common/journal/signed_table.h"

namespace tsunagu::store {
namespace {

constexpr int64_t kMostRows = 40'000;  // an atomic import has 10,000

absl::StatusOr<std::vector<PendingRow>> ReadRows(Session& session, int64_t limit) {
  static const auto& sql = *new std::string(
      absl::StrCat("SELECT p.`id`, p.`tx`, b.`id`, w.`id`, p.`mac`, ", JournalColumns(),
                   " FROM `journal_pending` p JOIN `journal` j ON j.`id` = p.`id` "
                   "LEFT JOIN `journal` b ON b.`name` = j.`name` AND b.`revision` = j.`revision` - 1 "
                   "LEFT JOIN `journal_pending` w ON w.`id` = b.`id` ORDER BY p.`tx`, p.`id` LIMIT ?"));
  std::vector<PendingRow> rows;
  RETURN_IF_ERROR(session.Query(sql, {limit}, [&](const Row& row) {
    PendingRow& pending = rows.emplace_back();
    pending.id = row.Bytes(0);
    pending.tx = row.IsNull(1) ? pending.id : row.Bytes(1);  // from before transactions were recorded
    pending.predecessor = row.Bytes(2);
    pending.predecessor_sealed = row.IsNull(3);
    pending.mac = row.Bytes(4);
    pending.content = ContentOf(row, 5);
    return absl::OkStatus();
  }));
  return rows;
}

}  // namespace

absl::StatusOr<std::vector<PendingRow>> ReadPending(Session& session, int64_t limit) {
  while (true) {
    ASSIGN_OR_RETURN(std::vector<PendingRow> rows, ReadRows(session, limit));
    if (static_cast<int64_t>(rows.size()) < limit || limit >= kMostRows) return rows;
    const std::string cut = rows.back().tx;  // its other rows may lie beyond the limit
    while (!rows.empty() && rows.back().tx == cut) rows.pop_back();
    if (!OrderForSealing(rows).empty()) return rows;
    limit *= 8;
  }
}

std::vector<std::string> RemoveForged(absl::string_view key, std::vector<PendingRow>& rows) {
  std::vector<std::string> forged;
  const auto end = std::remove_if(rows.begin(), rows.end(), [&](const PendingRow& row) {
    if (EqualInConstantTime(row.mac, WaitingMac(key, "journal", row.content))) return false;
    forged.push_back(row.id);
    return true;
  });
  rows.erase(end, rows.end());
  // Rows that come after a forged row no longer wait for it.
  for (PendingRow& row : rows) {
    row.predecessor_sealed |= std::find(forged.begin(), forged.end(), row.predecessor) != forged.end();
  }
  return forged;
}

absl::Status SignPending(Database& database, absl::string_view key) {
  constexpr int64_t kPage = 500;
  static const auto& sql = *new std::string(
      absl::StrCat("SELECT p.`id`, ", JournalColumns(),
                   " FROM `journal_pending` p JOIN `journal` j ON j.`id` = p.`id` WHERE p.`mac` IS NULL LIMIT ?"));
  for (int64_t read = kPage; read == kPage;) {
    RETURN_IF_ERROR(database.Write(PageDeadline(), [&](Session& session) -> absl::Status {
      std::vector<std::pair<std::string, std::string>> macs;
      RETURN_IF_ERROR(session.Query(sql, {kPage}, [&](const Row& row) {
        macs.emplace_back(row.Bytes(0), WaitingMac(key, "journal", ContentOf(row, 1)));
        return absl::OkStatus();
      }));
      read = static_cast<int64_t>(macs.size());
      for (const auto& [id, mac] : macs) {
        RETURN_IF_ERROR(
            session.Execute("UPDATE `journal_pending` SET `mac` = ? WHERE `id` = ?", {Blob{mac}, Blob{id}}).status());
      }
      return absl::OkStatus();
    }));
  }
  return absl::OkStatus();
}

std::vector<PendingRow> OrderForSealing(std::vector<PendingRow> rows) {
  std::vector<PendingRow> ordered;
  std::set<std::string> taken;
  for (bool progress = true; progress && !rows.empty();) {
    progress = false;
    std::vector<PendingRow> later;
    for (size_t begin = 0, end = 0; begin < rows.size(); begin = end) {
      std::set<std::string> own;
      bool ready = true;
      for (; end < rows.size() && rows[end].tx == rows[begin].tx; ++end) {
        const PendingRow& row = rows[end];
        ready &= row.predecessor.empty() || row.predecessor_sealed || taken.count(row.predecessor) != 0 ||
                 own.count(row.predecessor) != 0;
        own.insert(row.id);
      }
      if (ready) {
        taken.merge(own);
        progress = true;
      }
      std::vector<PendingRow>& into = ready ? ordered : later;
      for (size_t i = begin; i < end; ++i) into.push_back(std::move(rows[i]));
    }
    rows = std::move(later);
  }
  return ordered;
}

}  // namespace tsunagu::store
