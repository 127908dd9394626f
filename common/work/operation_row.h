#ifndef TSUNAGU_COMMON_WORK_OPERATION_ROW_H_
#define TSUNAGU_COMMON_WORK_OPERATION_ROW_H_

#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/base/digest.h"
#include "common/identity/actor.h"
#include "common/journal/signed_table.h"
#include "common/work/operations.h"

// The row of an operation, for Operations and OperationLease.
namespace tsunagu {

inline constexpr absl::string_view kRunning = "RUNNING", kSucceeded = "SUCCEEDED", kFailed = "FAILED";
inline constexpr absl::string_view kOperationColumns =
    "SELECT `id`, `method`, `principal`, `on_behalf_of`, `purpose`, `request`, `state`, `percent`, `epoch`, `cancel`, "
    "`result`, `create_time`, `end_time`, `mac` FROM `operations` ";

// The program executes these rows on behalf of people, so it must have written them itself.
inline const store::SignedTable& OperationTable() {
  using Kind = store::SignedTable::Kind;
  static const auto& table = *new store::SignedTable(
      "operations", 1, {{"id"}, {"method"}, {"principal"}, {"on_behalf_of"}, {"purpose"}, {"request", Kind::kBytes}},
      "id");
  return table;
}

struct Operations::Row {
  std::string id, method, principal, on_behalf_of, purpose, request, state;
  int64_t percent = 0, epoch = 0;
  bool cancel = false;
  std::string
      result;  // the encrypted response, or the fault; while it runs, the traceparent of the call that started it
  int64_t create_time = 0, end_time = 0;
  std::string mac;

  bool IsGenuine(const std::string& key) const {
    return EqualInConstantTime(
        mac, OperationTable().Mac(key, Signed(id, method, principal, on_behalf_of, purpose, request)));
  }
  // Returns the values that are signed.
  static std::vector<store::Value> Signed(absl::string_view id, absl::string_view method, absl::string_view principal,
                                          absl::string_view on_behalf_of, absl::string_view purpose,
                                          absl::string_view request) {
    return {id, method, principal, on_behalf_of, purpose, store::Blob{request}};
  }
  static Row Of(const store::Row& row) {
    return {row.Bytes(0),  row.Bytes(1),    row.Bytes(2),    row.Bytes(3),   row.Bytes(4),
            row.Bytes(5),  row.Bytes(6),    row.Integer(7),  row.Integer(8), row.Integer(9) != 0,
            row.Bytes(10), row.Integer(11), row.Integer(12), row.Bytes(13)};
  }
};

// Returns the context for which a column is encrypted.
inline std::string ContextOfOperation(absl::string_view id, absl::string_view column) {
  return absl::StrCat("operations ", id, " ", column);
}

// The person for whom the work is done; callers take turns.
inline const std::string& CallerOf(const std::string& principal, const std::string& on_behalf_of) {
  return on_behalf_of.empty() ? principal : on_behalf_of;
}

// The actor with which the service itself reads and stores operations.
inline identity::Actor OperationsActor() { return {"system", "", "", "operations", "", identity::Scope::Everything()}; }

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_WORK_OPERATION_ROW_H_
