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

// A key of the service that signs; 32 random bytes. Keys are shared by the replicas of a service.
struct SigningKey {
  std::string id;
  std::string bytes;
};

// The call that a page token belongs to. A token made for one is refused for every other.
struct PageCall {
  std::string caller;    // who asks: the principal's id
  std::string method;    // "/tsunagu.registry.v1.AreaService/ListAreas"
  std::string filter;    // as sent
  std::string order_by;  // as sent
  std::string rest;      // whatever else of the request selects rows: parent, as_known_at
};

constexpr absl::Duration kPageTokenLife = absl::Hours(24);

// Text for a URL (letters, digits, - and _) that leads to the rows after `position` (see After() in order.h). Signed
// with HMAC-SHA-256, not encrypted: `position` holds ids and sortable columns only, which are never personal.
std::string SignPageToken(const PageCall& call, absl::Span<const OrderValue> position, absl::Time now,
                          const SigningKey& key);

// The position. `keys` are the current key and older ones whose tokens still count.
// Errors, at the field "page_token": INVALID_PAGE_TOKEN when none of `keys` signed it for this call,
// PAGE_TOKEN_EXPIRED 24 hours after it was made.
absl::StatusOr<std::vector<OrderValue>> OpenPageToken(absl::string_view token, const PageCall& call, absl::Time now,
                                                      absl::Span<const SigningKey> keys);

}  // namespace tsunagu::contract

#endif  // TSUNAGU_COMMON_TEXT_PAGE_TOKEN_H_
