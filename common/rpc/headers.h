#ifndef TSUNAGU_COMMON_RPC_HEADERS_H_
#define TSUNAGU_COMMON_RPC_HEADERS_H_

#include <map>

#include "absl/strings/string_view.h"
#include "common/rpc/call.h"
#include "grpcpp/support/string_ref.h"

namespace tsunagu::rpc {

inline constexpr char kCorrelationHeader[] = "tsunagu-correlation-id";

using Metadata = std::multimap<grpc::string_ref, grpc::string_ref>;

// The maximum length of a purpose in characters: that of the columns that store it.
inline constexpr size_t kLongestPurpose = 191;

// Returns the size of names and values together, in bytes.
size_t SizeOf(const Metadata& metadata);

Headers ReadHeaders(const Metadata& metadata);

// Returns the language that an accept-language header prefers ("en;q=0.5, ja"); English unless that is Japanese.
Language ParseLanguage(absl::string_view accept_language);

}  // namespace tsunagu::rpc

#endif  // TSUNAGU_COMMON_RPC_HEADERS_H_
