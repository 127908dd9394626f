#include "common/service/resource.h"

#include <utility>

#include "common/records/table.h"

namespace tsunagu {

Resource& Resource::SetRule(std::function<absl::Status(const store::Proposal&)> rule) {
  table->SetRule(std::move(rule));
  return *this;
}

Resource& Resource::SetReceived(std::function<void(google::protobuf::Message&)> complete) {
  table->when_received = std::move(complete);
  return *this;
}

Resource& Resource::SetSighting(std::string key,
                                std::function<bool(const google::protobuf::Message&, jp::CivilDay)> lasts) {
  table->sighting = store::Table::Sighting{std::move(key), std::move(lasts)};
  return *this;
}

Resource& Resource::SetErased(std::function<void(google::protobuf::Message&)> adjust) {
  table->when_erased = std::move(adjust);
  return *this;
}

}  // namespace tsunagu
