#include "common/text/page_token.h"

#include <algorithm>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/entropy.h"
#include "common/base/error.h"
#include "common/text/page_token.pb.h"

namespace tsunagu::contract {
namespace {

constexpr size_t kSignatureBytes = 32;
constexpr size_t kMaxTokenBytes = 16 * 1024;

std::string Sign(const SigningKey& key, absl::string_view content, const PageCall& call) {
  std::string signed_bytes = "tsunagu page token 1";
  // Lengths separate the parts, so that two different calls never give the same bytes.
  for (absl::string_view part :
       {content, absl::string_view(call.caller), absl::string_view(call.method), absl::string_view(call.filter),
        absl::string_view(call.order_by), absl::string_view(call.rest)}) {
    absl::StrAppend(&signed_bytes, "\n", part.size(), ":", part);
  }
  return HmacSha256(key.bytes, signed_bytes);
}

absl::Status Invalid() { return FailAt("page_token", "INVALID_PAGE_TOKEN"_reason); }

OrderValue ValueOf(const LastRowValue& value) {
  switch (value.value_case()) {
    case LastRowValue::kNumber:
      return int64_t{value.number()};
    case LastRowValue::kText:
      return value.text();
    case LastRowValue::VALUE_NOT_SET:
      break;
  }
  return absl::monostate();
}

}  // namespace

std::string SignPageToken(const PageCall& call, absl::Span<const OrderValue> last_row, absl::Time now,
                          const SigningKey& key) {
  PageTokenContent content;
  content.set_key_id(key.id);
  content.set_expire_micros(absl::ToUnixMicros(now + kPageTokenLife));
  for (const OrderValue& value : last_row) {
    LastRowValue& added = *content.add_last_row();
    if (const int64_t* number = absl::get_if<int64_t>(&value)) added.set_number(*number);
    if (const std::string* text = absl::get_if<std::string>(&value)) added.set_text(*text);
  }
  const std::string bytes = content.SerializeAsString();
  return absl::WebSafeBase64Escape(absl::StrCat(bytes, Sign(key, bytes, call)));
}

absl::StatusOr<std::vector<OrderValue>> OpenPageToken(absl::string_view token, const PageCall& call, absl::Time now,
                                                      absl::Span<const SigningKey> keys) {
  std::string bytes;
  if (token.size() > kMaxTokenBytes || !absl::WebSafeBase64Unescape(token, &bytes) || bytes.size() < kSignatureBytes) {
    return Invalid();
  }
  const std::string signature = bytes.substr(bytes.size() - kSignatureBytes);
  bytes.resize(bytes.size() - kSignatureBytes);
  PageTokenContent content;
  if (!content.ParseFromString(bytes)) return Invalid();
  const auto key =
      std::find_if(keys.begin(), keys.end(), [&](const SigningKey& one) { return one.id == content.key_id(); });
  if (key == keys.end() || !EqualInConstantTime(Sign(*key, bytes, call), signature)) return Invalid();
  if (absl::ToUnixMicros(now) >= content.expire_micros()) {
    return FailAt("page_token", "PAGE_TOKEN_EXPIRED"_reason);
  }
  std::vector<OrderValue> last_row;
  for (const LastRowValue& value : content.last_row()) last_row.push_back(ValueOf(value));
  return last_row;
}

}  // namespace tsunagu::contract
