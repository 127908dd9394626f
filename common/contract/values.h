#ifndef TSUNAGU_COMMON_CONTRACT_VALUES_H_
#define TSUNAGU_COMMON_CONTRACT_VALUES_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "google/protobuf/descriptor.h"

// How single values are spelled in filters, order, JSON and CSV. Errors have no field yet.
namespace tsunagu::contract {

// "2019-08-01", exactly; years 0001 to 9999 (jp::ParseDay is lenient). MALFORMED_VALUE, DATE_DOES_NOT_EXIST.
absl::StatusOr<absl::CivilDay> ParseIsoDate(absl::string_view text);

// RFC 3339 with up to nine decimals and Z or an offset: "2019-08-01T09:30:00+09:00". MALFORMED_VALUE.
absl::StatusOr<absl::Time> ParseRfc3339(absl::string_view text);

// An optional minus and digits, nothing else. MALFORMED_VALUE, also outside int64.
absl::StatusOr<int64_t> ParseInteger(absl::string_view text);

// Seconds with up to nine decimals and an s, within 10,000 years: "-3.5s". MALFORMED_VALUE.
absl::StatusOr<absl::Duration> ParseSeconds(absl::string_view text);

// The names of an enum, for {allowed}, without the one for "unspecified". Cut at about 600 bytes.
std::string EnumNames(const google::protobuf::EnumDescriptor& type);

// A name that a caller sent, fit to be repeated in an error: cut after 64 characters, control characters as "?".
std::string Clip(absl::string_view name);

}  // namespace tsunagu::contract

#endif  // TSUNAGU_COMMON_CONTRACT_VALUES_H_
