#ifndef TSUNAGU_COMMON_CONTRACT_VALUES_H_
#define TSUNAGU_COMMON_CONTRACT_VALUES_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "google/protobuf/descriptor.h"

// How single values are written in filters, order, JSON and CSV. The errors name no field.
namespace tsunagu::contract {

// Reads "2019-08-01", in exactly this form; years 0001 to 9999 (jp::ParseDay is lenient). Errors: MALFORMED_VALUE,
// DATE_DOES_NOT_EXIST.
absl::StatusOr<absl::CivilDay> ParseIsoDate(absl::string_view text);

// Reads RFC 3339 with up to nine decimals and Z or an offset: "2019-08-01T09:30:00+09:00". Errors: MALFORMED_VALUE.
absl::StatusOr<absl::Time> ParseRfc3339(absl::string_view text);

// Reads an optional minus and digits, nothing else. Errors: MALFORMED_VALUE, also for a number outside int64.
absl::StatusOr<int64_t> ParseInteger(absl::string_view text);

// Reads seconds with up to nine decimals and an s, within 10,000 years: "-3.5s". Errors: MALFORMED_VALUE.
absl::StatusOr<absl::Duration> ParseSeconds(absl::string_view text);

// Returns the value names of an enum, for {allowed}, without the "unspecified" one. Cut at about 600 bytes.
std::string EnumNames(const google::protobuf::EnumDescriptor& type);

// Makes a name that a caller sent fit for an error text: cut after 64 characters, control characters replaced by "?".
std::string Clip(absl::string_view name);

}  // namespace tsunagu::contract

#endif  // TSUNAGU_COMMON_CONTRACT_VALUES_H_
