#ifndef TSUNAGU_SERVICES_TRAINING_SIGNING_KEY_H_
#define TSUNAGU_SERVICES_TRAINING_SIGNING_KEY_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/training/badge.h"

namespace tsunagu {
class Service;
namespace store {
class Tx;
class View;
}  // namespace store
}  // namespace tsunagu

namespace tsunagu::training {

// Keys that sign certificates: the newest signs, those before it are published until they are retired.
void AddSigningKeys(Service& service);

// All of them, the one that signs last.
absl::StatusOr<std::vector<BadgeKey>> ReadSigningKeys(store::View& view);

// The seed of the one that signs. Stays so until the transaction has ended.
absl::StatusOr<std::string> SeedToSignWith(store::Tx& tx);

}  // namespace tsunagu::training

#endif  // TSUNAGU_SERVICES_TRAINING_SIGNING_KEY_H_
