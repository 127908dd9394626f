#ifndef TSUNAGU_SERVICES_TRAINING_RULES_NUMBER_H_
#define TSUNAGU_SERVICES_TRAINING_RULES_NUMBER_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace tsunagu::training::rules {

// The largest number of certificates in one fiscal year.
inline constexpr int64_t kMostOfYear = 99'999;

// Returns the number of a certificate, "2026-00012-4": the fiscal year, the serial from 1 to kMostOfYear, and the Luhn
// digit of both.
std::string CertificateNumber(int fiscal_year, int64_t serial);

// Returns whether the text has the form of a number, with the right check digit.
bool IsCertificateNumber(absl::string_view number);

}  // namespace tsunagu::training::rules

#endif  // TSUNAGU_SERVICES_TRAINING_RULES_NUMBER_H_
