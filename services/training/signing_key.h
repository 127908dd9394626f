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

// Adds the keys that sign certificates: the newest key signs, earlier keys are published until they are retired.
void AddSigningKeys(Service& service);

// Returns all keys, the signing key last.
absl::StatusOr<std::vector<BadgeKey>> ReadSigningKeys(store::View& view);

// Returns the seed of the signing key, which cannot change until the transaction has ended.
absl::StatusOr<std::string> SeedToSignWith(store::Tx& tx);

}  // namespace tsunagu::training

#endif  // TSUNAGU_SERVICES_TRAINING_SIGNING_KEY_H_
