#include "tests/faults/storm.h"

#include <memory>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "google/protobuf/message.h"
#include "tests/contracts/contracts.h"
#include "tsunagu/options.pb.h"

namespace tsunagu::faults {
namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::Message;
using google::protobuf::MessageFactory;
using google::protobuf::MethodDescriptor;

std::vector<StormCall> OfServices() {
  return {
      {"registry.v1.AreaService/CreateArea", "registry",
       "area { code: '310000' kind: AREA_KIND_PREFECTURE display_name: '鳥取県' }"},
      {"registry.v1.AreaService/UpdateArea", "registry",
       "area { name: '$CreateArea' kana: 'トットリケン' etag: '1' } update_mask { paths: 'kana' }"},
      {"registry.v1.FacilityService/CreateFacility", "registry", "facility { display_name: '見本' }"},
      {"registry.v1.FacilityService/UpdateFacility", "registry",
       "facility { name: '$CreateFacility' note: '変更' etag: '1' } update_mask { paths: 'note' }"},
      {"registry.v1.FacilityService/EndFacility", "registry",
       "name: '$CreateFacility' end_date { year: 9000 month: 3 day: 31 } etag: '2'"},
      {"registry.v1.ServiceKindService/CreateServiceKind", "registry",
       "service_kind { code: '99' display_name: '見本サービス' }"},
      {"registry.v1.ServiceKindService/UpdateServiceKind", "registry",
       "service_kind { name: '$CreateServiceKind' display_name: '見本' etag: '1' } update_mask { paths: 'display_name' }"},
      {"registry.v1.NurseService/CreateNurse", "registry",
       "nurse { display_name: '見本 花子' licence: LICENCE_NURSE weekly_minutes: 600 home_mesh: '53341188' "
       "commute_limit_metres: 5000 }"},
      {"registry.v1.NurseService/UpdateNurse", "registry",
       "nurse { name: '$CreateNurse' weekly_minutes: 1200 etag: '1' } update_mask { paths: 'weekly_minutes' }"},
      {"registry.v1.NurseService/EndNurse", "registry",
       "name: '$CreateNurse' end_date { year: 9000 month: 3 day: 31 } etag: '2'"},
      {"registry.v1.NurseService/CreateNurse", "registry",
       "nurse { display_name: '見本 次郎' licence: LICENCE_NURSE weekly_minutes: 600 home_mesh: '53341188' "
       "commute_limit_metres: 5000 }",
       1, "", true},
      {"registry.v1.CoordinatorService/CreateCoordinator", "registry",
       "coordinator { display_name: '見本 三郎' home_area: '$CreateArea' }"},
      {"registry.v1.CoordinatorService/UpdateCoordinator", "registry",
       "coordinator { name: '$CreateCoordinator' kana: 'ミホン サブロウ' etag: '1' } update_mask { paths: 'kana' }"},
      {"registry.v1.PlacementService/CreatePlacement", "registry",
       "placement { coordinator: '$CreateCoordinator' body: '$CreateArea' stage: PLACEMENT_STAGE_ACTUAL "
       "valid_from_date { year: 2019 month: 4 day: 1 } }"},
      {"registry.v1.PlacementService/UpdatePlacement", "registry",
       "placement { name: '$CreatePlacement' fte_hundredths: 50 etag: '1' } update_mask { paths: 'fte_hundredths' }"},
      {"registry.v1.PlacementService/EndPlacement", "registry",
       "name: '$CreatePlacement' end_date { year: 9000 month: 3 day: 31 } etag: '2'"},
      {"registry.v1.CoordinatorService/EndCoordinator", "registry",
       "name: '$CreateCoordinator' end_date { year: 9000 month: 3 day: 31 } etag: '2'"},
      {"registry.v1.RegionService/CreateRegion", "registry",
       "region { display_name: '見本圏域' kind: REGION_KIND_OTHER }"},
      {"registry.v1.RegionService/UpdateRegion", "registry",
       "region { name: '$CreateRegion' display_name: '見本圏' etag: '1' } update_mask { paths: 'display_name' }"},
      {"registry.v1.RegionMemberService/CreateRegionMember", "registry",
       "region_member { region: '$CreateRegion' area: '$CreateArea' }"},
      {"registry.v1.RegionMemberService/UpdateRegionMember", "registry",
       "region_member { name: '$CreateRegionMember' valid_from_date { year: 2019 month: 4 day: 1 } etag: '1' } "
       "update_mask { paths: 'valid_from_date' }"},
      {"registry.v1.RegionMemberService/EndRegionMember", "registry",
       "name: '$CreateRegionMember' end_date { year: 9000 month: 3 day: 31 } etag: '2'"},
      {"platform.v1.ErasureService/EraseDataSubject", "registry",
       "parent: 'services/registry' subject: '$CreateNurse'"},
      {"matching.v1.OpeningService/CreateOpening", "matching",
       "opening { facility: 'facilities/a' posts: 1 weekly_minutes: 600 }"},
      {"matching.v1.OpeningService/UpdateOpening", "matching",
       "opening { name: '$CreateOpening' posts: 2 etag: '1' } update_mask { paths: 'posts' }"},
      {"matching.v1.OpeningService/EndOpening", "matching",
       "name: '$CreateOpening' end_date { year: 9000 month: 3 day: 31 } etag: '2'"},
      {"matching.v1.RoundService/CreateRound", "matching", "round { display_name: '見本' seed: 1 }"},
      {"matching.v1.RoundService/SolveRound", "matching",
       "name: '$CreateRound' snapshot { openings { name: 'openings/a' facility: 'facilities/a' latitude_e6: 35495000 "
       "longitude_e6: 134231000 posts: 1 weekly_minutes: 600 } }"},
      {"platform.v1.OperationService/CancelOperation", "matching", "name: '$SolveRound'", 0},
      {"platform.v1.TransferService/ImportRows", "registry",
       "parent: 'services/registry' collection: 'facilities' data: '事業所の名称,取込元のキー\\n見本,a/1\\n見本,a/2\\n'", 2},
      {"platform.v1.TransferService/ImportRows", "matching",
       "parent: 'services/matching' collection: 'openings' data: '事業所,人数,週の勤務分数\\nfacilities/a,1,600\\n'"},
  };
}

std::vector<StormCall> OfAccess(const std::string& service) {
  std::vector<StormCall> calls = {
      {"platform.v1.AccessService/SetRole", "", "role_id: 'reader' role { permissions: 'areas.read' }"},
      {"platform.v1.AccessService/SetPrincipal", "",
       "principal_id: 'robot' principal { grants { role: 'integrator' scope: '*' } }"},
      {"platform.v1.AccessService/CreateApiKey", "", "api_key { principal: 'robot' }", 1, "API_KEY_EXISTS"},
  };
  for (StormCall& call : calls) {
    call.service = service;
    absl::StrAppend(&call.request, " parent: 'services/", service, "'");
  }
  calls.push_back({"platform.v1.AccessService/RevokeApiKey", service, "name: '$CreateApiKey'"});
  return calls;
}

}  // namespace

const std::vector<StormCall>& StormCalls() {
  static const auto& calls = *new std::vector<StormCall>([] {
    std::vector<StormCall> all = OfServices();
    for (const char* service : {"registry", "matching"}) {
      for (StormCall& call : OfAccess(service)) all.push_back(std::move(call));
    }
    return all;
  }());
  return calls;
}

std::vector<std::string> MutatingMethods() {
  std::vector<std::string> methods;
  contracts::ForEachMethod(contracts::OurContracts(), [&](const MethodDescriptor& method) {
    if (!method.options().GetExtension(tsunagu::method).mutating()) return;
    absl::string_view service = method.service()->full_name();
    absl::ConsumePrefix(&service, "tsunagu.");
    const std::string name = absl::StrCat(service, "/", method.name());
    const bool of_all = absl::StartsWith(name, "platform.");
    for (const char* offering : {"registry", "matching"}) {
      if (of_all || absl::StartsWith(name, offering)) methods.push_back(absl::StrCat(name, " ", offering));
    }
  });
  return methods;
}

const MethodDescriptor& MethodOf(const StormCall& call) {
  return *DescriptorPool::generated_pool()->FindMethodByName(
      absl::StrCat("tsunagu.", absl::StrReplaceAll(call.method, {{"/", "."}})));
}

absl::StatusOr<std::string> SendUntyped(process::ServerProcess& server, const StormCall& call, const Message& request) {
  const MethodDescriptor& method = MethodOf(call);
  std::unique_ptr<Message> response(
      MessageFactory::generated_factory()->GetPrototype(method.output_type())->New());
  if (!method.client_streaming()) {
    const absl::Status status =
        server.peer().UnaryUntyped(absl::StrCat("tsunagu.", call.method), request, *response, server.call_options());
    if (!status.ok()) return status;
    return response->SerializeAsString();
  }
  const auto stream = server.Stream(call.method);
  (void)stream->Write(request);
  stream->WritesDone();
  std::string answers;
  for (auto read = stream->Read(*response); read.ok() && *read; read = stream->Read(*response)) {
    absl::StrAppend(&answers, response->SerializeAsString());
  }
  const absl::Status end = stream->Finish();
  if (!end.ok()) return end;
  return answers;
}

}  // namespace tsunagu::faults
