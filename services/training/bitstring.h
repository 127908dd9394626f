#ifndef TSUNAGU_SERVICES_TRAINING_BITSTRING_H_
#define TSUNAGU_SERVICES_TRAINING_BITSTRING_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

// The list of W3C's Bitstring Status List: a bit for each certificate, index 0 the leftmost, packed with gzip.
namespace tsunagu::training {

// Packs at least 131,072 bits, so that a short list does not identify anybody.
std::string PackBits(const std::vector<int64_t>& set);
// Returns the bits; absent if the input is not gzip, is cut off, or unpacks to more than 16 MiB.
absl::optional<std::string> UnpackBits(absl::string_view packed);
// Returns false for an index beyond the end.
bool HasBit(absl::string_view bits, int64_t index);

}  // namespace tsunagu::training

#endif  // TSUNAGU_SERVICES_TRAINING_BITSTRING_H_
