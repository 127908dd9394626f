#include "common/journal/verify_journal.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/journal/journal.h"
#include "common/journal/sealer.h"

namespace tsunagu::store {
namespace {

using Kind = ChainFinding::Kind;

constexpr int64_t kStraysAtOnce = 10'000;

absl::StatusOr<std::vector<ChainLink>> ReadLinks(Database& database, int64_t place) {
  static const auto& sql = *new std::string(
      absl::StrCat("SELECT s.`place`, s.`known_time`, s.`hash`, s.`id`, ", JournalColumns(),
                   " FROM `journal_seal` s LEFT JOIN `journal` j ON j.`id` = s.`id` WHERE s.`place` > ? "
                   "ORDER BY s.`place` LIMIT ?"));
  std::vector<ChainLink> links;
  RETURN_IF_ERROR(database.Read(PageDeadline(), [&](Session& session) {
    links.clear();
    return session.Query(sql, {place, ChainSource::kPage}, [&](const Row& row) {
      ChainLink& link = links.emplace_back();
      link.place = row.Integer(0);
      link.known_time = row.Integer(1);
      link.hash = row.Bytes(2);
      link.id = row.Bytes(3);
      link.has_row = !row.IsNull(4);
      if (link.has_row) {
        link.name = row.Bytes(4 + 8);
        link.revision = row.Integer(4 + 9);
        link.content = ContentOf(row, 4);
      } else {
        link.name = absl::StrCat("id ", absl::BytesToHexString(link.id));
      }
      return absl::OkStatus();
    });
  }));
  return links;
}

// Finds rows outside the chain, page by page, so that no statement takes too long.
absl::Status FindStrays(Database& database, JournalReport& report) {
  std::string after;
  for (int64_t read = kStraysAtOnce; read == kStraysAtOnce;) {
    std::vector<ChainFinding> found;
    std::string last;
    RETURN_IF_ERROR(database.Read(PageDeadline(), [&](Session& session) {
      found.clear();
      read = 0;
      return session.Query(
          "SELECT j.`id`, j.`name`, j.`revision`, s.`id`, p.`id` FROM (SELECT `id`, `name`, `revision` FROM `journal` "
          "WHERE `id` > ? ORDER BY `id` LIMIT ?) j LEFT JOIN `journal_seal` s ON s.`id` = j.`id` AND s.`place` > 0 "
          "LEFT "
          "JOIN `journal_pending` p ON p.`id` = j.`id` ORDER BY j.`id`",
          {Blob{after}, kStraysAtOnce}, [&](const Row& row) {
            ++read;
            last = row.Bytes(0);
            if (row.IsNull(3) && row.IsNull(4)) found.push_back({Kind::kNeverSealed, 0, row.Bytes(1), row.Integer(2)});
            return absl::OkStatus();
          });
    }));
    report.findings.insert(report.findings.end(), found.begin(), found.end());
    after = std::move(last);
  }
  return database.Read(PageDeadline(), [&](Session& session) -> absl::Status {
    report.waiting = 0;
    return session.Query("SELECT p.`id`, j.`name` FROM `journal_pending` p LEFT JOIN `journal` j ON j.`id` = p.`id`",
                         {}, [&](const Row& row) {
                           ++report.waiting;
                           if (row.IsNull(1)) {
                             report.findings.push_back({Kind::kPendingWithoutRow, 0,
                                                        absl::StrCat("id ", absl::BytesToHexString(row.Bytes(0))), 0});
                           }
                           return absl::OkStatus();
                         });
  });
}

}  // namespace

absl::StatusOr<JournalReport> VerifyJournal(Database& database, absl::string_view service,
                                            const std::vector<Checkpoint>& checkpoints, absl::string_view public_key,
                                            const std::function<void(int64_t place)>& progress) {
  ChainSource source;
  source.name = std::string(service);
  source.start = ChainStart(service);
  RETURN_IF_ERROR(database.Read(PageDeadline(), [&](Session& session) -> absl::Status {
    ASSIGN_OR_RETURN(source.head, JournalHead::Read(session));
    return absl::OkStatus();
  }));
  source.read = [&](int64_t place) { return ReadLinks(database, place); };
  source.progress = progress;
  ASSIGN_OR_RETURN(JournalReport report, FollowChain(source, checkpoints, public_key));
  RETURN_IF_ERROR(FindStrays(database, report));
  return report;
}

}  // namespace tsunagu::store
