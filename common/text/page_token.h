#ifndef TSUNAGU_COMMON_TEXT_PAGE_TOKEN_H_
#define TSUNAGU_COMMON_TEXT_PAGE_TOKEN_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/text/order.h"

namespace tsunagu::contract {

// A signing key of the service: 32 random bytes. The replicas of a service share its keys.
struct SigningKey {
  std::string id;
  std::string bytes;
};

// The call to which a page token belongs. Every other call refuses the token.
struct PageCall {
  std::string caller;    // the principal's id
  std::string method;    // "/tsunagu.registry.v1.AreaService/ListAreas"
  std::string filter;    // as sent
  std::string order_by;  // as sent
  std::string rest;      // everything else in the request that selects rows: parent, as_known_at
};

constexpr absl::Duration kPageTokenLife = absl::Hours(24);

// Returns text for a URL (letters, digits, - and _) that leads to the rows after `last_row` (see After() in order.h).
// It is signed with HMAC-SHA-256, not encrypted: `last_row` holds ids and sortable columns only, which are never
// personal.
std::string SignPageToken(const PageCall& call, absl::Span<const OrderValue> last_row, absl::Time now,
                          const SigningKey& key);

// Returns the last row. `keys` are the current key and the older keys that are still accepted. Errors, at the field
// "page_token": INVALID_PAGE_TOKEN when none of `keys` signed it for this call, PAGE_TOKEN_EXPIRED 24 hours after it
// was made.
absl::StatusOr<std::vector<OrderValue>> OpenPageToken(absl::string_view token, const PageCall& call, absl::Time now,
                                                      absl::Span<const SigningKey> keys);

}  // namespace tsunagu::contract

#endif  // TSUNAGU_COMMON_TEXT_PAGE_TOKEN_H_
