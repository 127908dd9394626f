#ifndef TSUNAGU_SERVICES_TRAINING_ROLES_H_
#define TSUNAGU_SERVICES_TRAINING_ROLES_H_

#include "absl/types/span.h"
#include "common/access/shipped_role.h"

namespace tsunagu::training {

// Returns the permissions of a prefecture's roles in training.
absl::Span<const access::ShippedRole> Roles();

}  // namespace tsunagu::training

#endif  // TSUNAGU_SERVICES_TRAINING_ROLES_H_
