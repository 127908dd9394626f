#ifndef TSUNAGU_COMMON_WORK_OUTBOX_ROW_H_
#define TSUNAGU_COMMON_WORK_OUTBOX_ROW_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/journal/signed_table.h"
#include "common/work/outbox.h"

// The row of a call in the outbox, for its two files.
namespace tsunagu {
namespace store {
class Parts;
}

inline constexpr absl::string_view kWaiting = "WAITING", kRefused = "REFUSED", kExpired = "EXPIRED";
inline constexpr absl::string_view kOutboxColumns =
    "o.`id`, o.`resource`, o.`service`, o.`method`, o.`request`, o.`principal`, o.`purpose`, o.`state`, o.`attempts`, "
    "o.`reason`, o.`create_time`, o.`first_time`, o.`next_time`";

// The program makes these calls on behalf of people, so it must have written the rows itself.
inline const store::SignedTable& OutboxTable() {
  using Kind = store::SignedTable::Kind;
  static const auto& table = *new store::SignedTable("outbox", 1,
                                                     {{"id"},
                                                      {"tx", Kind::kBytes},
                                                      {"resource"},
                                                      {"service"},
                                                      {"method"},
                                                      {"request", Kind::kBytes},
                                                      {"principal"},
                                                      {"purpose"}},
                                                     "id");
  return table;
}

struct Outbox::Row {
  std::string id, resource, service, method, request, principal, purpose, state, reason;
  int64_t attempts = 0, create_time = 0, first_time = 0, next_time = 0;

  // Reads a row that has kOutboxColumns from `first` on.
  static Row Of(const store::Row& row, int first = 0) {
    Row r;
    std::string* texts[] = {&r.id, &r.resource, &r.service, &r.method, &r.request, &r.principal, &r.purpose, &r.state};
    for (int i = 0; i < 8; ++i) *texts[i] = row.Bytes(first + i);
    r.attempts = row.Integer(first + 8);
    r.reason = row.Bytes(first + 9);
    r.create_time = row.Integer(first + 10);
    r.first_time = row.Integer(first + 11);
    r.next_time = row.Integer(first + 12);
    return r;
  }
};

// The encrypted part of a call.
struct OwedCall {
  std::string trace;  // traceparent of the call whose change required it, or empty
  std::string request;
};
absl::StatusOr<std::string> EncryptCall(store::Parts& parts, absl::string_view id, const OwedCall& call);
absl::StatusOr<OwedCall> DecryptCall(store::Parts& parts, absl::string_view id, absl::string_view encrypted);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_WORK_OUTBOX_ROW_H_
