#ifndef TSUNAGU_SERVICES_SUBSIDY_COMMITMENT_H_
#define TSUNAGU_SERVICES_SUBSIDY_COMMITMENT_H_

namespace tsunagu {
class Service;
}

namespace tsunagu::subsidy {

// Adds contracts and own work (委託・直営), and their acts.
void AddCommitments(Service& service);

}  // namespace tsunagu::subsidy

#endif  // TSUNAGU_SERVICES_SUBSIDY_COMMITMENT_H_
