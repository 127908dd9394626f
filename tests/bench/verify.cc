#include <memory>

#include "absl/strings/str_cat.h"
#include "common/base/clock.h"
#include "common/base/digest.h"
#include "common/db/open.h"
#include "common/journal/journal.h"
#include "common/journal/verify_journal.h"
#include "tests/bench/measure.h"
#include "tests/bench/raw.h"

namespace tsunagu::bench {
namespace {

std::unique_ptr<store::Database> Open(const std::string& location) {
  auto database = store::Open(location);
  Require(database.ok(), location);
  return *std::move(database);
}

}  // namespace

double VerifyRate(const std::string& location) {
  const auto database = Open(location);
  const Stopwatch watch;
  const auto report = store::VerifyJournal(*database, "registry", {}, "", nullptr);
  Require(report.ok() && report->findings.empty(), "the journal does not verify");
  return static_cast<double>(report->sealed) / absl::ToDoubleSeconds(watch.Elapsed());
}

double ReadAndHashRate(const std::string& location) {
  const auto database = Open(location);
  const std::string sql = absl::StrCat("SELECT s.`place`, ", store::JournalColumns(),
                                       " FROM `journal_seal` s JOIN `journal` j ON j.`id` = s.`id` WHERE s.`place` > ? "
                                       "ORDER BY s.`place` LIMIT 1000");
  const Stopwatch watch;
  int64_t rows = 0, place = 0;
  for (int64_t read = 1000; read == 1000;) {
    read = 0;
    const absl::Status status = database->Read(Deadline::After(absl::Minutes(1)), [&](store::Session& session) {
      return session.Query(sql, {place}, [&](const store::Row& row) {
        place = row.Integer(0);
        Require(!Sha256(store::ContentOf(row, 1)).empty(), "no hash");
        ++read;
        return absl::OkStatus();
      });
    });
    Require(status.ok(), "the journal cannot be read");
    rows += read;
  }
  return static_cast<double>(rows) / absl::ToDoubleSeconds(watch.Elapsed());
}

}  // namespace tsunagu::bench
