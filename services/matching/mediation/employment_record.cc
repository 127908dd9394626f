#include "services/matching/mediation/employment_record.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/records/tx.h"
#include "common/service/service.h"
#include "common/work/outbox.h"
#include "tsunagu/registry/v1/nurse_employment.pb.h"

namespace tsunagu::matching {

absl::Status TellOfEmployment(Service& service, store::Tx& tx, const v1::Proposal& proposal, bool ends_search) {
  if (!proposal.registry_told()) return absl::OkStatus();
  registry::v1::RecordNurseEmploymentRequest request;
  registry::v1::NurseEmployment& employment = *request.mutable_nurse_employment();
  employment.set_name(
      absl::StrCat(proposal.nurse(), "/nurseEmployments/", absl::StripPrefix(proposal.name(), "proposals/")));
  employment.set_facility(proposal.facility());
  *employment.mutable_start_date() = proposal.start_date();
  if (proposal.has_leave_date()) *employment.mutable_end_date() = proposal.leave_date();
  employment.set_source(proposal.name());
  request.set_ends_search(ends_search);
  return service.outbox().Add(tx, proposal.name(), "registry",
                              "tsunagu.registry.v1.NurseEmploymentService/RecordNurseEmployment", request);
}

}  // namespace tsunagu::matching
