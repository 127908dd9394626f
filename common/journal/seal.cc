#include "common/journal/seal.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/db/parameters.h"
#include "common/journal/follow_chain.h"

namespace tsunagu::store {
namespace {

// Two statements to prepare, whatever the number of rows.
constexpr size_t kRowsAStatement = 16;

std::string InsertSql(size_t rows) {
  return absl::StrCat("INSERT INTO `journal_seal` (`place`, `id`, `known_time`, `hash`) VALUES ", Marks(rows, 4));
}

}  // namespace

absl::StatusOr<std::string> HashAt(Database& database, absl::string_view table, int64_t place) {
  const std::string sql = absl::StrCat("SELECT `hash` FROM `", table, "` WHERE `place` = ?");
  std::string hash;
  RETURN_IF_ERROR(database.Read(PageDeadline(), [&](Session& session) {
    hash.clear();
    return session.Query(sql, {place}, [&](const Row& row) {
      hash = row.Bytes(0);
      return absl::OkStatus();
    });
  }));
  return hash;
}

absl::Status WriteSeals(Session& session, absl::Span<const Seal> seals, int64_t known_time) {
  static const auto& one = *new std::string(InsertSql(1));
  static const auto& many = *new std::string(InsertSql(kRowsAStatement));
  while (!seals.empty()) {
    const size_t count = seals.size() >= kRowsAStatement ? kRowsAStatement : 1;
    std::vector<Value> values;
    for (const Seal& seal : seals.first(count)) {
      values.insert(values.end(), {seal.place, Blob{seal.id}, known_time, Blob{seal.hash}});
    }
    RETURN_IF_ERROR(session.Execute(count == 1 ? one : many, values).status());
    seals.remove_prefix(count);
  }
  return absl::OkStatus();
}

}  // namespace tsunagu::store
