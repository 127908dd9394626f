#include "common/records/verify_access_log.h"

#include <array>
#include <set>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/digest.h"
#include "common/base/status_macros.h"
#include "common/records/access_log_chain.h"

namespace tsunagu::store {
namespace {

using Kind = ChainFinding::Kind;

constexpr int64_t kPage = ChainSource::kPage;
constexpr int64_t kStraysAtOnce = 10'000;

std::string NameOf(absl::string_view id) { return absl::StrCat("id ", absl::BytesToHexString(id)); }

std::set<std::string> NamesIn(const std::string& names) { return absl::StrSplit(names, ' ', absl::SkipEmpty()); }

// The sum of the digests of (row, name) in any order: equal when both sides contain the same.
class Sum {
 public:
  void Add(absl::string_view id, absl::string_view name) {
    const std::string digest = Sha256(absl::StrCat(id, name));  // an id has 16 bytes
    uint64_t carry = 0;
    for (size_t i = 0; i < words_.size(); ++i) {
      uint64_t word = 0;
      for (size_t j = 0; j < 8; ++j) word = word << 8 | static_cast<uint8_t>(digest[8 * i + j]);
      const uint64_t sum = words_[i] + word, with_carry = sum + carry;
      carry = static_cast<uint64_t>(sum < word) + static_cast<uint64_t>(with_carry < sum);
      words_[i] = with_carry;
    }
  }
  bool operator==(const Sum& other) const { return words_ == other.words_; }

 private:
  std::array<uint64_t, 4> words_{};
};

class Verifier {
 public:
  Verifier(Database& database, AccessLogReport& report) : database_(database), report_(report) {}

  absl::StatusOr<AccessLogHead> ReadHead() {
    RETURN_IF_ERROR(Read([&](Session& session) -> absl::Status {
      ASSIGN_OR_RETURN(head_, AccessLogHead::Read(session));
      return absl::OkStatus();
    }));
    return head_;
  }

  absl::StatusOr<std::vector<ChainLink>> ReadLinks(int64_t place) {
    static const auto& sql = *new std::string(
        absl::StrCat("SELECT s.`place`, s.`known_time`, s.`hash`, s.`id`, ", kAccessLogColumns,
                     " FROM `access_log_seal` s LEFT JOIN `access_log` l ON l.`id` = s.`id` WHERE s.`place` > ? "
                     "ORDER BY s.`place` LIMIT ?"));
    std::vector<ChainLink> links;
    std::vector<std::string> names;
    RETURN_IF_ERROR(Read([&](Session& session) {
      links.clear();
      names.clear();
      return session.Query(sql, {place, kPage}, [&](const Row& row) {
        ChainLink& link = links.emplace_back();
        link.place = row.Integer(0);
        link.known_time = row.Integer(1);
        link.hash = row.Bytes(2);
        link.id = row.Bytes(3);
        link.name = NameOf(link.id);
        link.has_row = !row.IsNull(4);
        if (link.has_row) link.content = AccessLogContent(row, 4);
        names.push_back(row.Bytes(4 + kNamesColumn));
        return absl::OkStatus();
      });
    }));
    for (size_t i = 0; i < links.size(); ++i) {
      if (!Counts(links[i].place)) continue;
      for (const std::string& name : NamesIn(names[i])) logged_.Add(links[i].id, name);
    }
    return links;
  }

  // Finds rows outside the chain, and those from before it, page by page, so that no statement takes too long.
  absl::Status FindStrays() {
    report_.before = 0;
    std::string after;
    for (int64_t read = kStraysAtOnce; read == kStraysAtOnce;) {
      std::vector<std::string> unsealed;
      std::string last;
      RETURN_IF_ERROR(Read([&](Session& session) {
        unsealed.clear();
        read = 0;
        return session.Query(
            "SELECT l.`id`, s.`place`, p.`id` FROM (SELECT `id` FROM `access_log` WHERE `id` > ? ORDER BY `id` LIMIT "
            "?) "
            "l LEFT JOIN `access_log_seal` s ON s.`id` = l.`id` LEFT JOIN `access_log_pending` p ON p.`id` = l.`id` "
            "ORDER BY l.`id`",
            {Blob{after}, kStraysAtOnce}, [&](const Row& row) {
              ++read;
              last = row.Bytes(0);
              const bool before = last <= head_.before_id;
              const bool sealed = before ? !row.IsNull(1) : row.Integer(1) > 0;
              if (!sealed && row.IsNull(2)) unsealed.push_back(last);
              return absl::OkStatus();
            });
      }));
      for (const std::string& id : unsealed) {
        if (id <= head_.before_id) {
          ++report_.before;
        } else {
          Find(Kind::kNeverSealed, id);
        }
      }
      after = std::move(last);
    }
    return Read([&](Session& session) -> absl::Status {
      if (report_.before != head_.before_rows) report_.chain.findings.push_back({Kind::kBeforeDiffers, 0, "", 0});
      report_.chain.waiting = 0;
      return session.Query(
          "SELECT p.`id`, l.`id` FROM `access_log_pending` p LEFT JOIN `access_log` l ON l.`id` = p.`id`", {},
          [&](const Row& row) {
            ++report_.chain.waiting;
            if (row.IsNull(1)) Find(Kind::kPendingWithoutRow, row.Bytes(0));
            return absl::OkStatus();
          });
    });
  }

  // Compares the index from records to rows with the rows.
  absl::Status CompareNames() {
    RETURN_IF_ERROR(WalkNames("", [&](const IndexRow& row) {
      if (!row.place.empty() && row.has_row) indexed_.Add(row.id, row.name);
      if (row.place.empty() && !row.has_row) differing_.insert(row.id);
      return absl::OkStatus();
    }));
    if (!(indexed_ == logged_)) RETURN_IF_ERROR(FindDifferingNames());
    for (const ChainFinding& finding : report_.chain.findings) explained_.insert(finding.name);
    for (const std::string& id : differing_) {
      if (explained_.count(NameOf(id)) == 0) Find(Kind::kNamesDiffer, id);
    }
    return absl::OkStatus();
  }

 private:
  struct IndexRow {
    std::string name, id;
    std::string place;  // empty when the row of the log has no place, or one after the head
    bool has_row = false;
    std::string names;  // of the row, when requested
  };

  // Later rows are left to the next run, because their two sides are not read at the same time.
  bool Counts(int64_t place) const { return place <= head_.chain.place; }

  absl::Status Read(absl::FunctionRef<absl::Status(Session&)> body) { return database_.Read(PageDeadline(), body); }

  void Find(Kind kind, absl::string_view id) { report_.chain.findings.push_back({kind, 0, NameOf(id), 0}); }

  // Walks the whole index, by name and id; `more` is empty, or a further column.
  absl::Status WalkNames(absl::string_view more, absl::FunctionRef<absl::Status(const IndexRow&)> each) {
    const std::string select = absl::StrCat(
        "SELECT n.`name`, n.`id`, s.`place`, l.`stamp`", more,
        " FROM `access_log_names` n LEFT JOIN `access_log_seal` s ON s.`id` = n.`id` LEFT JOIN `access_log` "
        "l ON l.`id` = n.`id` WHERE ");
    // First the rest of one name, then the names after it: both are ranges of the primary key.
    const std::string same = absl::StrCat(select, "n.`name` = ? AND n.`id` > ? ORDER BY n.`id` LIMIT ?");
    const std::string behind = absl::StrCat(select, "n.`name` > ? ORDER BY n.`name`, n.`id` LIMIT ?");
    std::string name, id;
    bool within = false;  // the rows of `name` may not all have been read
    while (true) {
      std::vector<IndexRow> rows;
      RETURN_IF_ERROR(Read([&](Session& session) {
        rows.clear();
        const std::vector<Value> parameters = within ? std::vector<Value>{absl::string_view(name), Blob{id}, kPage}
                                                     : std::vector<Value>{absl::string_view(name), kPage};
        return session.Query(within ? same : behind, parameters, [&](const Row& row) {
          const bool sealed = !row.IsNull(2) && Counts(row.Integer(2));
          rows.push_back({row.Bytes(0), row.Bytes(1), sealed ? absl::StrCat(row.Integer(2)) : "", !row.IsNull(3),
                          more.empty() ? "" : row.Bytes(4)});
          return absl::OkStatus();
        });
      }));
      for (const IndexRow& row : rows) RETURN_IF_ERROR(each(row));
      const bool full = static_cast<int64_t>(rows.size()) == kPage;
      if (!full && !within) return absl::OkStatus();
      within = full;
      if (full) {
        name = rows.back().name;
        id = rows.back().id;
      }
    }
  }

  // Called only when the sums differ: finds the differing rows.
  absl::Status FindDifferingNames() {
    RETURN_IF_ERROR(WalkNames(", l.`names`", [&](const IndexRow& row) {
      if (!row.place.empty() && row.has_row && NamesIn(row.names).count(row.name) == 0) differing_.insert(row.id);
      return absl::OkStatus();
    }));
    int64_t place = 0;
    for (bool more = true; more;) {
      RETURN_IF_ERROR(Read([&](Session& session) { return FindMissingNames(session, place, more); }));
    }
    return absl::OkStatus();
  }

  absl::Status FindMissingNames(Session& session, int64_t& place, bool& more) {
    std::vector<std::pair<std::string, std::string>> rows;
    int64_t reached = place;
    RETURN_IF_ERROR(session.Query(
        "SELECT s.`place`, l.`id`, l.`names` FROM `access_log_seal` s JOIN `access_log` l ON l.`id` = s.`id` WHERE "
        "s.`place` > ? ORDER BY s.`place` LIMIT ?",
        {place, kPage}, [&](const Row& row) {
          reached = row.Integer(0);
          if (Counts(reached)) rows.emplace_back(row.Bytes(1), row.Bytes(2));
          return absl::OkStatus();
        }));
    for (const auto& [id, names] : rows) {
      for (const std::string& name : NamesIn(names)) {
        bool found = false;
        RETURN_IF_ERROR(session.Query("SELECT 1 FROM `access_log_names` WHERE `name` = ? AND `id` = ?",
                                      {absl::string_view(name), Blob{id}}, [&](const Row&) {
                                        found = true;
                                        return absl::OkStatus();
                                      }));
        if (!found) differing_.insert(id);
      }
    }
    more = static_cast<int64_t>(rows.size()) == kPage;
    place = reached;
    return absl::OkStatus();
  }

  Database& database_;
  AccessLogReport& report_;
  AccessLogHead head_;
  Sum logged_, indexed_;
  std::set<std::string> differing_;  // ids of rows
  std::set<std::string> explained_;  // names of findings
};

}  // namespace

absl::StatusOr<AccessLogReport> VerifyAccessLog(Database& database, absl::string_view service,
                                                const std::vector<Checkpoint>& checkpoints,
                                                absl::string_view public_key) {
  AccessLogReport report;
  Verifier verifier(database, report);
  ASSIGN_OR_RETURN(const AccessLogHead head, verifier.ReadHead());
  ChainSource source;
  source.name = AccessLogChainName(service);
  source.start = AccessLogStart(service, head);
  source.head = head.chain;
  source.read = [&](int64_t place) { return verifier.ReadLinks(place); };
  ASSIGN_OR_RETURN(report.chain, FollowChain(source, checkpoints, public_key));
  RETURN_IF_ERROR(verifier.FindStrays());
  RETURN_IF_ERROR(verifier.CompareNames());
  return report;
}

}  // namespace tsunagu::store
