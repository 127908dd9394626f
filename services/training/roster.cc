#include "services/training/roster.h"

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/access/actor.h"
#include "common/base/status_macros.h"
#include "common/jp/civil_day.h"
#include "common/records/records.h"
#include "common/rpc/bind.h"
#include "common/service/service.h"
#include "services/peers/registry_places.h"
#include "tsunagu/training/v1/certificate.pb.h"
#include "tsunagu/training/v1/curriculum.pb.h"
#include "tsunagu/training/v1/learner.pb.h"
#include "tsunagu/training/v1/roster.pb.h"

namespace tsunagu::training {
namespace {

using contract::Where;
using Request = v1::ReadRosterRequest;

enum class Told { kNothing, kOffice, kName };

Told ToldOf(v1::Learner::Consent consent, Request::Audience audience) {
  switch (consent) {
    case v1::Learner::CONSENT_NAME:
      return Told::kName;
    case v1::Learner::CONSENT_OFFICE:
      return Told::kOffice;
    case v1::Learner::CONSENT_MUNICIPALITIES:
      return audience == Request::AUDIENCE_MUNICIPALITIES ? Told::kName : Told::kNothing;
    default:
      return Told::kNothing;
  }
}

class Roster : public rpc::Source<v1::RosterEntry> {
 public:
  explicit Roster(std::vector<v1::RosterEntry> entries) : entries_(std::move(entries)) {}
  absl::StatusOr<bool> Next(v1::RosterEntry& entry) override {
    if (next_ == entries_.size()) return false;
    entry = std::move(entries_[next_++]);
    return true;
  }

 private:
  std::vector<v1::RosterEntry> entries_;
  size_t next_ = 0;
};

absl::StatusOr<std::unique_ptr<Roster>> ReadRoster(Service& service, const peers::RegistryPlaces& places,
                                                   const rpc::Call& call, const Request& request) {
  if (call.headers.purpose.empty()) return Fail("PURPOSE_REQUIRED"_reason);
  const jp::CivilDay day = request.has_as_of_date() ? jp::DayOf(request.as_of_date()) : service.Today();
  Where wanted = Where("state", v1::Certificate::STATE_ISSUED) && Where::AtMost("completion_date", jp::FormatIso(day));
  if (!request.curriculum().empty()) wanted = wanted && Where("curriculum", request.curriculum());
  identity::Actor actor = ActorOf(call);
  actor.scope = identity::Scope::Everything();  // consent decides, not the nominating body
  std::vector<v1::RosterEntry> entries;
  std::vector<std::string> named;
  RETURN_IF_ERROR(service.Read(actor, call.deadline, [&](store::View& view) -> absl::Status {
    entries.clear();
    named.clear();
    std::map<std::string, std::string> titles;  // of curricula, each read once
    const store::Records<v1::Learner> learners(view);
    return store::Records<v1::Certificate>(view).ForEach(
        wanted, [&](const v1::Certificate& certificate) -> absl::Status {
          if (certificate.has_expiry_date() && jp::DayOf(certificate.expiry_date()) < day) return absl::OkStatus();
          ASSIGN_OR_RETURN(const v1::Learner learner, learners.Get(certificate.learner()));
          const Told told = ToldOf(learner.consent(), request.audience());
          if (told == Told::kNothing) return absl::OkStatus();
          if (told == Told::kName && certificate.holder().empty()) return absl::OkStatus();  // her data was erased
          std::string& title = titles[certificate.curriculum()];
          if (title.empty()) {
            ASSIGN_OR_RETURN(const auto curriculum, store::Records<v1::Curriculum>(view).Get(certificate.curriculum()));
            title = curriculum.display_name();
          }
          v1::RosterEntry& entry = entries.emplace_back();
          entry.set_office(learner.office());
          entry.set_body(certificate.body());
          entry.set_body_name(places.DisplayNameOf(certificate.body()));
          entry.set_curriculum_title(title);
          *entry.mutable_completion_date() = certificate.completion_date();
          if (certificate.has_expiry_date()) *entry.mutable_expiry_date() = certificate.expiry_date();
          if (told != Told::kName) return absl::OkStatus();
          entry.set_holder(certificate.holder());
          entry.set_certificate_number(certificate.number());
          named.push_back(certificate.name());
          return absl::OkStatus();
        });
  }));
  if (!named.empty()) RETURN_IF_ERROR(service.LogAccess(call, named));
  return std::make_unique<Roster>(std::move(entries));
}

}  // namespace

void AddRoster(Service& service, const peers::RegistryPlaces& places) {
  rpc::Binder(service.module(), "tsunagu.training.v1.RosterService")
      .ServerStream("ReadRoster", [&service, &places](rpc::Call& call, const Request& request) {
        return ReadRoster(service, places, call, request);
      });
}

}  // namespace tsunagu::training
