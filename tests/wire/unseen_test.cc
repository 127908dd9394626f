// An error about a record that the caller may not see states that there is one, and nothing more.
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/contract/own_id.h"
#include "common/jp/civil_day.h"
#include "grpcpp/generic/generic_stub.h"
#include "tests/wire/day.h"
#include "tests/wire/suite_test_base.h"
#include "tsunagu/registry/v1/coordinator.pb.h"
#include "tsunagu/registry/v1/placement.pb.h"

namespace tsunagu::wire {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class UnseenTest : public SuiteTest {
 protected:
  void SetUp() override {
    SuiteTest::SetUp();
    if (IsSkipped()) return;
    CreateAreas();
    // Places and ends, and reads no placement.
    SetRole("placer", {"placements.write", "areas.read", "coordinators.read", "rows.*"});
    SetRole("reader", {"placements.read"});
  }

  std::string CreateCoordinator(const char* area) {
    registry_v1::CreateCoordinatorRequest request;
    request.mutable_coordinator()->set_display_name("見本 花子");
    request.mutable_coordinator()->set_home_area(area);
    return admin().Call<registry_v1::Coordinator>("registry.v1.CoordinatorService/CreateCoordinator", request)->name();
  }
  static registry_v1::CreatePlacementRequest Placing(const std::string& person, const char* from, const char* to) {
    registry_v1::CreatePlacementRequest request;
    registry_v1::Placement& placement = *request.mutable_placement();
    placement.set_coordinator(person);
    placement.set_body("areas/312011");
    placement.set_stage(registry_v1::PLACEMENT_STAGE_ACTUAL);
    *placement.mutable_valid_from_date() = Day(from);
    if (*to != 0) *placement.mutable_valid_to_date() = Day(to);
    return request;
  }
  std::string Place(const std::string& person, const char* from, const char* to) {
    const auto placed = admin().Call<registry_v1::Placement>(kCreatePlacement, Placing(person, from, to));
    EXPECT_EQ(Said(placed), "OK");
    return placed->name();
  }

  // Returns everything in an error answer, in both languages: the text, the details, and the trailing metadata.
  std::string Told(const Caller& caller, const std::string& method, const google::protobuf::Message& request) {
    std::string told;
    for (const Language language : {Language::kJapanese, Language::kEnglish}) {
      grpc::ClientContext context;
      caller.In(language).options().ApplyTo(context);
      grpc::Slice slice(request.SerializeAsString());
      grpc::ByteBuffer sent(&slice, 1), received;
      grpc::GenericStub stub(server().channel());
      grpc::CompletionQueue queue;
      const auto call = stub.PrepareUnaryCall(&context, absl::StrCat("/tsunagu.", method), sent, &queue);
      call->StartCall();
      grpc::Status status;
      call->Finish(&received, &status, nullptr);
      void* tag = nullptr;
      bool ok = false;
      queue.Next(&tag, &ok);
      EXPECT_FALSE(status.ok()) << method;
      absl::StrAppend(&told, status.error_message(), "\n", status.error_details(), "\n");
      for (const auto& [key, value] : context.GetServerTrailingMetadata()) {
        absl::StrAppend(&told, absl::string_view(key.data(), key.size()),
                        absl::string_view(value.data(), value.size()));
      }
    }
    return told;
  }
  // The rows that a dry run refuses or warns about, in both languages.
  static std::string ToldByImport(const Caller& caller, const std::string& collection, const std::string& file) {
    std::string told;
    for (const Language language : {Language::kJapanese, Language::kEnglish}) {
      const auto stream = caller.In(language).Stream("platform.v1.TransferService/ImportRows");
      platform_v1::ImportRowsRequest request;
      request.set_parent("services/registry");
      request.set_collection(collection);
      request.set_dry_run(true);
      request.set_data(file);
      stream->Write(request);
      stream->WritesDone();
      platform_v1::ImportRowsResponse response;
      for (auto more = stream->Read(response); more.ok() && *more; more = stream->Read(response)) {
        absl::StrAppend(&told, response.SerializeAsString());
        response.Clear();
      }
      EXPECT_EQ(Said(stream->Finish()), "OK");
    }
    return told;
  }

  static constexpr char kCreatePlacement[] = "registry.v1.PlacementService/CreatePlacement";
};
WIRE_TEST_ON_BOTH(UnseenTest);

constexpr char kUnseenJa[] = "閲覧できる範囲の外にあります", kUnseenEn[] = "which you may not see";

// Scope does not limit areas; the permission does. What she may not read is not there, whether it is or not.
TEST_P(UnseenTest, AReferenceIsLookedUpWithThePermissionToReadIt) {
  const std::string person = CreateCoordinator("areas/312011");
  SetRole("blind", {"placements.write", "coordinators.read"});
  const Caller blind = CallerWith("blind", {"blind@*"});
  for (const char* area : {"areas/312011", "areas/319999"}) {
    registry_v1::CreatePlacementRequest request = Placing(person, "2040-04-01", "");
    request.mutable_placement()->set_body(area);
    EXPECT_EQ(Said(blind.Call<registry_v1::Placement>(kCreatePlacement, request)),
              "INVALID_ARGUMENT INVALID_REQUEST placement.body:REFERENCE_NOT_FOUND")
        << area;
  }
}

TEST_P(UnseenTest, AnOverlapIsToldWithoutTheOthersNameOnEveryWayIn) {
  const std::string person = CreateCoordinator("areas/312011");
  const std::string early = Place(person, "2040-04-01", "2050-09-30"), late = Place(person, "2051-04-01", "");
  registry_v1::UpdatePlacementRequest update;
  update.mutable_placement()->set_name(late);
  *update.mutable_placement()->mutable_valid_from_date() = Day("2050-09-30");
  update.mutable_update_mask()->add_paths("valid_from_date");
  registry_v1::EndPlacementRequest end;
  end.set_name(early);
  *end.mutable_end_date() = Day("2051-04-01");
  const std::string file =
      absl::StrCat("コーディネーター,配置団体,段階,開始日\n", person, ",areas/312011,実績,2052-04-01\n");

  const auto told_by_every_way = [&](const Caller& caller) {
    return std::vector<std::pair<std::string, std::string>>{
        {early, Told(caller, kCreatePlacement, Placing(person, "2040-04-01", "2040-04-01"))},
        {early, Told(caller, "registry.v1.PlacementService/UpdatePlacement", update)},
        {late, Told(caller, "registry.v1.PlacementService/EndPlacement", end)},
        {late, ToldByImport(caller, "placements", file)}};
  };
  const Caller sees_none = CallerWith("sees-none", {"placer@areas/310000"});
  const Caller sees_others = CallerWith("sees-others", {"placer@areas/310000", "reader@areas/313025"});
  for (const Caller& caller : {sees_none, sees_others}) {
    for (const auto& [hidden, told] : told_by_every_way(caller)) {
      EXPECT_THAT(told, AllOf(HasSubstr("PERIODS_OVERLAP_UNSEEN"), HasSubstr(kUnseenJa), HasSubstr(kUnseenEn)));
      EXPECT_THAT(told, Not(HasSubstr(contract::OwnId(hidden))));
    }
  }
  const Caller sees = CallerWith("sees", {"placer@areas/310000", "reader@areas/312011"});
  for (const auto& [seen, told] : told_by_every_way(sees)) {
    EXPECT_THAT(told, AllOf(HasSubstr("PERIODS_OVERLAP"), Not(HasSubstr("UNSEEN")), HasSubstr(seen)));
  }
}

TEST_P(UnseenTest, ARepeatedIdentifierIsToldWithoutTheOthersName) {
  registry_v1::Facility facility = AFacility("まつえ", "areas/322016");
  facility.add_identifiers("office/3210000016/63");
  Create("hidden", facility);
  const std::string file = "事業所の名称,所在地域,識別番号\nとっとり,areas/312011,office/3210000016/63\n";
  SetRole("clerk", {"facilities.*", "areas.read", "rows.*"});
  EXPECT_THAT(ToldByImport(CallerWith("tottori", {"clerk@areas/310000"}), "facilities", file),
              AllOf(HasSubstr("REPEATED_IDENTIFIER_UNSEEN"), HasSubstr(kUnseenEn), Not(HasSubstr("hidden"))));
  EXPECT_THAT(ToldByImport(CallerWith("both", {"clerk@areas/310000", "clerk@areas/320005"}), "facilities", file),
              AllOf(HasSubstr("REPEATED_IDENTIFIER"), Not(HasSubstr("UNSEEN")), HasSubstr("facilities/hidden")));
}

TEST_P(UnseenTest, ATakenValueIsToldWithoutWhoHasIt) {
  registry_v1::Facility facility = AFacility("まつえ", "areas/322016");
  facility.set_source_key("wamnet/A1");
  Create("hidden", facility);
  registry_v1::CreateFacilityRequest request;
  *request.mutable_facility() = facility;
  request.mutable_facility()->set_area("areas/312011");
  const Caller officer = CallerWith("officer", {"municipality-officer@areas/312011"});
  EXPECT_THAT(Told(officer, "registry.v1.FacilityService/CreateFacility", request),
              AllOf(HasSubstr("KEY_UNAVAILABLE"), Not(HasSubstr("hidden"))));
}

TEST_P(UnseenTest, AReferenceToWhatIsHiddenReadsAsOneToNothing) {
  const std::string hidden = CreateCoordinator("areas/322016"), absent = "coordinators/absent";
  const Caller officer = CallerWith("officer", {"placer@areas/312011"});
  const auto told = [&](const std::string& person) {
    return absl::StrReplaceAll(Told(officer, kCreatePlacement, Placing(person, "2040-04-01", "")), {{person, "x"}});
  };
  // The lengths of the names are told, in the framing of the details: only the texts are compared byte by byte.
  const std::string there = told(hidden), nowhere = told(absent);
  EXPECT_THAT(there, HasSubstr("REFERENCE_NOT_FOUND"));
  EXPECT_EQ(there.substr(0, there.find('\n')), nowhere.substr(0, nowhere.find('\n')));
  EXPECT_THAT(there, AllOf(HasSubstr("参照先が見つかりません: x"), HasSubstr("was not found: x")));
  EXPECT_THAT(nowhere, AllOf(HasSubstr("参照先が見つかりません: x"), HasSubstr("was not found: x")));
}

// A fault about a reference that was there before would name, to somebody who may not read it, what a record refers to.
TEST_P(UnseenTest, WhatARecordRefersToAlreadyIsNotLookedUpAgain) {
  Create("matsue", AFacility("まつえ", "areas/322016"));
  Create("hamada", AFacility("はまだ", "areas/322016"));
  registry_v1::Nurse nurse = ANurse("見本 花子", "areas/312011");
  nurse.add_wishes("facilities/matsue");
  nurse = Create(nurse);
  SetRole("nurse-clerk", {"nurses.read", "nurses.write", "facilities.read", "areas.read"});
  const Caller clerk = CallerWith("clerk", {"nurse-clerk@areas/312011"});
  const auto update = [&](const char* path) {
    registry_v1::UpdateNurseRequest request;
    request.mutable_nurse()->set_name(nurse.name());
    request.mutable_nurse()->set_seeking(true);
    request.mutable_nurse()->add_wishes("facilities/hamada");
    request.mutable_update_mask()->add_paths(path);
    return request;
  };
  const std::string method = "registry.v1.NurseService/UpdateNurse";
  EXPECT_EQ(Said(clerk.Call<registry_v1::Nurse>(method, update("seeking"))), "OK");
  EXPECT_EQ(Said(clerk.Call<registry_v1::Nurse>(method, update("wishes"))),
            "INVALID_ARGUMENT INVALID_REQUEST nurse.wishes[0]:REFERENCE_NOT_FOUND");
  EXPECT_THAT(Told(clerk, method, update("wishes")), Not(HasSubstr("matsue")));
  EXPECT_THAT(GetNurse(reader(), nurse.name())->wishes(), testing::ElementsAre("facilities/matsue"));

  // She lives in another prefecture; the body where she is placed ends it all the same.
  const std::string placed = Place(CreateCoordinator("areas/322016"), "2040-04-01", "");
  registry_v1::EndPlacementRequest end;
  end.set_name(placed);
  *end.mutable_end_date() = Day("2051-03-31");
  const Caller officer = CallerWith("officer", {"municipality-officer@areas/312011"});
  EXPECT_EQ(Said(officer.Call<registry_v1::Placement>("registry.v1.PlacementService/EndPlacement", end)), "OK");
}

}  // namespace
}  // namespace tsunagu::wire
