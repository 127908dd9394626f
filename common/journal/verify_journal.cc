#include "common/journal/verify_journal.h"

#include <map>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/journal/journal.h"
#include "common/journal/sealer.h"

namespace tsunagu::store {
namespace {

using Kind = ChainFinding::Kind;

constexpr int64_t kPage = 1000;

// The time limit is for one page; the whole takes as long as it takes.
Deadline PageDeadline() { return Deadline::After(absl::Minutes(1)); }

absl::StatusOr<std::vector<ChainLink>> ReadLinks(Database& database, int64_t place) {
  static const auto& sql = *new std::string(
      absl::StrCat("SELECT s.`place`, s.`known_time`, s.`hash`, s.`id`, ", JournalColumns(),
                   " FROM `journal_seal` s LEFT JOIN `journal` j ON j.`id` = s.`id` WHERE s.`place` > ? "
                   "ORDER BY s.`place` LIMIT ?"));
  std::vector<ChainLink> links;
  RETURN_IF_ERROR(database.Read(PageDeadline(), [&](Session& session) {
    links.clear();
    return session.Query(sql, {place, kPage}, [&](const Row& row) {
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

// Rows that stand beside the chain.
absl::Status FindStrays(Database& database, JournalReport& report) {
  return database.Read(PageDeadline(), [&](Session& session) -> absl::Status {
    RETURN_IF_ERROR(session.Query(
        "SELECT j.`name`, j.`revision` FROM `journal` j LEFT JOIN `journal_seal` s ON s.`id` = j.`id` AND s.`place` > 0 "
        "LEFT JOIN `journal_pending` p ON p.`id` = j.`id` WHERE s.`id` IS NULL AND p.`id` IS NULL",
        {}, [&](const Row& row) {
          report.findings.push_back({Kind::kNeverSealed, 0, row.Bytes(0), row.Integer(1)});
          return absl::OkStatus();
        }));
    report.waiting = 0;
    return session.Query(
        "SELECT p.`id`, j.`name` FROM `journal_pending` p LEFT JOIN `journal` j ON j.`id` = p.`id`", {},
        [&](const Row& row) {
          ++report.waiting;
          if (row.IsNull(1)) {
            report.findings.push_back(
                {Kind::kPendingWithoutRow, 0, absl::StrCat("id ", absl::BytesToHexString(row.Bytes(0))), 0});
          }
          return absl::OkStatus();
        });
  });
}

// Those of a service by place. What was signed by somebody else is a finding.
std::multimap<int64_t, Checkpoint> Genuine(absl::string_view service, const std::vector<Checkpoint>& all,
                                           absl::string_view public_key, JournalReport& report) {
  std::multimap<int64_t, Checkpoint> genuine;
  for (const Checkpoint& one : all) {
    if (one.service != service) continue;
    if (one.Verify() && (public_key.empty() || one.public_key == public_key)) {
      report.keys.insert(one.public_key);
      genuine.emplace(one.place, one);
    } else {
      report.findings.push_back({Kind::kCheckpointForged, one.place, "", 0});
    }
  }
  report.checkpoints = static_cast<int64_t>(genuine.size());
  return genuine;
}

}  // namespace

absl::StatusOr<JournalReport> VerifyJournal(Database& database, absl::string_view service,
                                            const std::vector<Checkpoint>& checkpoints,
                                            absl::string_view public_key,
                                            const std::function<void(int64_t place)>& progress) {
  JournalReport report;
  const auto genuine = Genuine(service, checkpoints, public_key, report);
  // Read first: the chain may grow while we follow it, but what the head says by now has to be there.
  JournalHead head;
  RETURN_IF_ERROR(database.Read(PageDeadline(), [&](Session& session) -> absl::Status {
    ASSIGN_OR_RETURN(head, JournalHead::Read(session));
    return absl::OkStatus();
  }));
  ChainVerifier verifier(service);
  auto next = genuine.begin();
  bool head_seen = head.place == 0 && head.hash == verifier.hash();
  while (true) {
    ASSIGN_OR_RETURN(std::vector<ChainLink> links, ReadLinks(database, verifier.place()));
    for (ChainLink& link : links) {
      // To settle moves the head's time on without a row.
      head_seen |= link.place == head.place && link.hash == head.hash && link.known_time <= head.known_time;
      for (; next != genuine.end() && next->first <= link.place; ++next) {
        if (next->first == link.place && next->second.hash == link.hash) continue;
        report.findings.push_back({Kind::kCheckpointDiffers, next->first, "", 0});
      }
      ++report.sealed;
      verifier.Add(std::move(link));
    }
    if (progress) progress(verifier.place());
    if (links.size() < kPage) break;
  }
  for (; next != genuine.end(); ++next) report.findings.push_back({Kind::kCheckpointDiffers, next->first, "", 0});
  RETURN_IF_ERROR(FindStrays(database, report));
  for (ChainFinding& finding : verifier.Finish()) {
    head_seen |= finding.place == head.place;  // has a name already
    report.findings.push_back(std::move(finding));
  }
  if (!head_seen) report.findings.push_back({Kind::kHeadDiffers, head.place, "", 0});
  return report;
}

}  // namespace tsunagu::store
