#include "services/peers/registry_places.h"

#include <utility>

#include "absl/functional/function_ref.h"
#include "common/base/status_macros.h"
#include "common/contract/own_id.h"
#include "common/contract/schema.h"
#include "common/rpc/client.h"
#include "services/peers/registry_pages.h"
#include "tsunagu/platform/v1/change.pb.h"
#include "tsunagu/registry/v1/area.pb.h"
#include "tsunagu/registry/v1/region.pb.h"
#include "tsunagu/registry/v1/region_member.pb.h"

namespace tsunagu::peers {
namespace {

namespace registry_v1 = tsunagu::registry::v1;

// Without a token: returns the present place of the feed.
absl::StatusOr<platform::v1::ReadChangesResponse> Changes(rpc::Peer& registry, const rpc::CallOptions& options,
                                                          const std::string& token) {
  platform::v1::ReadChangesRequest request;
  request.set_parent("services/registry");
  for (const char* collection : {"areas", "regions", "regionMembers"}) request.add_collections(collection);
  request.set_resume_token(token);
  request.set_page_size(1000);
  return registry.Unary<platform::v1::ReadChangesResponse>("tsunagu.platform.v1.ChangeService/ReadChanges", request,
                                                           options);
}

template <typename Response, typename Request, typename Record>
absl::Status AddAll(rpc::Peer& registry, const rpc::CallOptions& options, absl::string_view method,
                    const google::protobuf::RepeatedPtrField<Record>& (Response::*rows)() const,
                    access::PlaceGraph& graph, absl::FunctionRef<void(const Record&)> each) {
  Request request;
  request.set_page_size(1000);
  return ReadAll<Response>(registry, options, method, std::move(request), [&](const Response& page) {
    for (const Record& record : (page.*rows)()) {
      graph.Add(contract::Schema::Of(Record::descriptor()), record);
      each(record);
    }
  });
}

}  // namespace

RegistryPlaces::RegistryPlaces(PeerFinder find_peer, std::unique_ptr<const identity::Places> names)
    : LoadedPlaces(std::move(names)), find_peer_(std::move(find_peer)) {}

absl::StatusOr<bool> RegistryPlaces::HasChanged(rpc::Peer& registry, const rpc::CallOptions& options) {
  while (!token_.empty()) {
    const auto page = Changes(registry, options, token_);
    // A token that is not taken any more: the registry was restored, or what we may see there is another thing.
    if (absl::IsInvalidArgument(page.status()) || absl::IsFailedPrecondition(page.status())) break;
    RETURN_IF_ERROR(page.status());
    if (page->changes_size() != 0) break;
    token_ = page->resume_token();
    if (!page->more()) return false;
  }
  return true;
}

std::string RegistryPlaces::DisplayNameOf(absl::string_view place) const {
  MutexLock lock(mutex_);
  const auto area = areas_.find(place);
  if (area != areas_.end()) return area->second.display_name;
  const auto region = regions_.find(place);
  return region != regions_.end() ? region->second : contract::OwnId(place);
}

std::vector<std::string> RegistryPlaces::AreasOn(jp::CivilDay day) const {
  MutexLock lock(mutex_);
  std::vector<std::string> areas;
  for (const auto& [area, known] : areas_) {
    if (known.days.Contains(day)) areas.push_back(area);
  }
  return areas;
}

absl::StatusOr<bool> RegistryPlaces::Load() {
  const PeerAccess access = find_peer_("registry");
  if (access.peer == nullptr) return false;
  rpc::Peer& registry = *access.peer;
  rpc::CallOptions options;
  options.timeout = absl::Seconds(2);
  options.api_key = access.api_key;
  ASSIGN_OR_RETURN(const bool changed, HasChanged(registry, options));
  if (!changed) return false;
  // Reads the feed's place first: changes that are written while pages are read are then found by the next call.
  ASSIGN_OR_RETURN(const platform::v1::ReadChangesResponse now, Changes(registry, options, ""));
  access::PlaceGraph graph;
  std::map<std::string, KnownArea, std::less<>> areas;
  std::map<std::string, std::string, std::less<>> regions;
  const auto know = [&](const registry_v1::Area& area) {
    areas[area.name()] = {area.display_name(), contract::Schema::Of(registry_v1::Area::descriptor()).PeriodOf(area)};
  };
  const auto pass = [](const auto&) {};
  RETURN_IF_ERROR((AddAll<registry_v1::ListAreasResponse, registry_v1::ListAreasRequest, registry_v1::Area>(
      registry, options, "tsunagu.registry.v1.AreaService/ListAreas", &registry_v1::ListAreasResponse::areas, graph,
      know)));
  RETURN_IF_ERROR((AddAll<registry_v1::ListRegionsResponse, registry_v1::ListRegionsRequest, registry_v1::Region>(
      registry, options, "tsunagu.registry.v1.RegionService/ListRegions", &registry_v1::ListRegionsResponse::regions,
      graph, [&](const registry_v1::Region& region) { regions[region.name()] = region.display_name(); })));
  RETURN_IF_ERROR(
      (AddAll<registry_v1::ListRegionMembersResponse, registry_v1::ListRegionMembersRequest, registry_v1::RegionMember>(
          registry, options, "tsunagu.registry.v1.RegionMemberService/ListRegionMembers",
          &registry_v1::ListRegionMembersResponse::region_members, graph, pass)));
  {
    MutexLock lock(mutex_);
    areas_ = std::move(areas);
    regions_ = std::move(regions);
  }
  Replace(std::move(graph));
  token_ = now.resume_token();
  return true;
}

}  // namespace tsunagu::peers
