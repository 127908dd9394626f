// Standard methods through the wire: Get and Create.
#include "tests/wire/suite_test_base.h"
#include "tsunagu/matching/v1/round.pb.h"

namespace tsunagu::wire {
namespace {

class CreateTest : public SuiteTest {
 protected:
  static absl::StatusOr<registry_v1::Area> CreateArea(const Caller& caller, const registry_v1::Area& area,
                                                      bool validate_only = false) {
    registry_v1::CreateAreaRequest request;
    *request.mutable_area() = area;
    request.set_validate_only(validate_only);
    return caller.Call<registry_v1::Area>("registry.v1.AreaService/CreateArea", request);
  }
  static absl::StatusOr<registry_v1::Facility> CreateFacility(const Caller& caller, const std::string& id,
                                                              const registry_v1::Facility& facility) {
    registry_v1::CreateFacilityRequest request;
    *request.mutable_facility() = facility;
    request.set_facility_id(id);
    return caller.Call<registry_v1::Facility>("registry.v1.FacilityService/CreateFacility", request);
  }
  // The words of the refusal, which the status on this side no longer has.
  grpc::Status AskRaw(const google::protobuf::Message& request, const char* language) {
    grpc::ClientContext context;
    context.AddMetadata("authorization", "Bearer " + admin().options().api_key);
    context.AddMetadata("accept-language", language);
    grpc::Slice slice(request.SerializeAsString());
    grpc::ByteBuffer sent(&slice, 1), received;
    grpc::GenericStub stub(server().channel());
    grpc::CompletionQueue queue;
    const auto call = stub.PrepareUnaryCall(&context, "/tsunagu.registry.v1.AreaService/CreateArea", sent, &queue);
    call->StartCall();
    grpc::Status status;
    call->Finish(&received, &status, nullptr);
    void* tag = nullptr;
    bool ok = false;
    queue.Next(&tag, &ok);
    return status;
  }
  static registry_v1::Area Tottori() { return AnArea("310000", registry_v1::AREA_KIND_PREFECTURE, "鳥取県", ""); }
};
WIRE_TEST_ON_BOTH(CreateTest);

TEST_P(CreateTest, AnOfficialCodeIsTheId) {
  const auto created = CreateArea(admin(), Tottori());
  ASSERT_EQ(Said(created), "OK");
  EXPECT_EQ(created->name(), "areas/310000");
  EXPECT_EQ(created->etag(), "1");
  EXPECT_EQ(created->create_time().seconds(), absl::ToUnixSeconds(clock().Now()));
  EXPECT_EQ(created->update_time().seconds(), created->create_time().seconds());
  const auto read = GetArea("areas/310000");
  ASSERT_EQ(Said(read), "OK");
  EXPECT_EQ(read->DebugString(), created->DebugString());
}

TEST_P(CreateTest, IdsFollowTheirRules) {
  struct Case {
    const char* name;
    std::string id;
    const char* said;
  };
  const Case cases[] = {
      {"chosen", "kita-1", "OK"},
      {"longest", std::string(64, 'a'), "OK"},
      {"too long", std::string(65, 'a'), "INVALID_ARGUMENT INVALID_REQUEST facility_id:MALFORMED_ID"},
      {"capitals", "Kita", "INVALID_ARGUMENT INVALID_REQUEST facility_id:MALFORMED_ID"},
      {"leading hyphen", "-kita", "INVALID_ARGUMENT INVALID_REQUEST facility_id:MALFORMED_ID"},
      {"slash", "kita/1", "INVALID_ARGUMENT INVALID_REQUEST facility_id:MALFORMED_ID"},
      {"Japanese", "きた", "INVALID_ARGUMENT INVALID_REQUEST facility_id:MALFORMED_ID"},
      {"taken", "kita-1", "ALREADY_EXISTS FACILITY_EXISTS"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(Said(CreateFacility(admin(), c.id, AFacility("きた", ""))), c.said) << c.name;
  }
}

TEST_P(CreateTest, TheServerMakesIdsThatNobodyChose) {
  const auto one = CreateFacility(admin(), "", AFacility("いち", ""));
  const auto two = CreateFacility(admin(), "", AFacility("に", ""));
  ASSERT_EQ(Said(one), "OK");
  ASSERT_EQ(Said(two), "OK");
  EXPECT_NE(one->name(), two->name());
  EXPECT_EQ(one->name().size(), std::string("facilities/").size() + 26);
  registry_v1::Nurse nurse = ANurse("見本 花子", "");
  nurse.set_name("nurses/hanako");
  EXPECT_NE(Create(nurse).name(), "nurses/hanako") << "what stands in the record is not an id";
}

TEST_P(CreateTest, WhatIsThereCannotBeCreatedAgain) {
  Create(Tottori());
  EXPECT_EQ(Said(CreateArea(admin(), Tottori())), "ALREADY_EXISTS AREA_EXISTS");
}

TEST_P(CreateTest, AUniqueValueIsTakenOnce) {
  registry_v1::Facility facility = AFacility("きた", "");
  facility.set_source_key("wamnet/A1");
  Create("kita", facility);
  EXPECT_EQ(Said(CreateFacility(admin(), "minami", facility)), "ALREADY_EXISTS VALUE_TAKEN");
  EXPECT_EQ(Said(CreateFacility(admin(), "kita", facility)), "ALREADY_EXISTS FACILITY_EXISTS") << "the same once more";
  facility.set_source_key("wamnet/a1");
  EXPECT_EQ(Said(CreateFacility(admin(), "minami", facility)), "OK") << "text is compared exactly";
  facility.clear_source_key();
  EXPECT_EQ(Said(CreateFacility(admin(), "higashi", facility)), "OK") << "empty values are not values";
  EXPECT_EQ(Said(CreateFacility(admin(), "nishi", facility)), "OK");
}

TEST_P(CreateTest, WhatIsNotThereIsNotFoundUnderItsOwnWord) {
  EXPECT_EQ(Said(GetArea("areas/310000")), "NOT_FOUND AREA_NOT_FOUND");
  EXPECT_EQ(Said(GetFacility(admin(), "facilities/kita")), "NOT_FOUND FACILITY_NOT_FOUND");
  EXPECT_EQ(Said(GetNurse(admin(), "nurses/hanako")), "NOT_FOUND NURSE_NOT_FOUND");
  EXPECT_EQ(Said(GetArea("regions/310000")), "INVALID_ARGUMENT INVALID_REQUEST name:MALFORMED_NAME");
  EXPECT_EQ(Said(GetArea("")), "INVALID_ARGUMENT INVALID_REQUEST name:FIELD_REQUIRED");
}

TEST_P(CreateTest, ValidateOnlyChecksEverythingAndStoresNothing) {
  const auto would = CreateArea(admin(), Tottori(), true);
  ASSERT_EQ(Said(would), "OK");
  EXPECT_EQ(would->name(), "areas/310000");
  EXPECT_EQ(Said(GetArea("areas/310000")), "NOT_FOUND AREA_NOT_FOUND");
  EXPECT_EQ(Count(registry(), "SELECT COUNT(*) FROM `journal` WHERE `name` = 'areas/310000'"), 0);
  Create(Tottori());
  EXPECT_EQ(Said(CreateArea(admin(), Tottori(), true)), "ALREADY_EXISTS AREA_EXISTS");
}

TEST_P(CreateTest, WhatTheServerSaysItselfIsIgnoredInARequest) {
  registry_v1::Area area = Tottori();
  area.mutable_create_time()->set_seconds(1);
  area.set_etag("77");
  const auto created = CreateArea(admin(), area);
  ASSERT_EQ(Said(created), "OK");
  EXPECT_EQ(created->etag(), "1");
  EXPECT_EQ(created->create_time().seconds(), absl::ToUnixSeconds(clock().Now()));
}

TEST_P(CreateTest, AReferenceToWhatIsNotThereIsRefused) {
  EXPECT_EQ(Said(CreateFacility(admin(), "kita", AFacility("きた", "areas/312011"))),
            "INVALID_ARGUMENT INVALID_REQUEST facility.area:REFERENCE_NOT_FOUND");
  registry_v1::CreateNurseRequest request;
  *request.mutable_nurse() = ANurse("見本 花子", "");
  request.mutable_nurse()->add_wishes("facilities/kita");
  request.mutable_nurse()->add_wishes("areas/312011");
  EXPECT_EQ(Said(reader().Call<registry_v1::Nurse>("registry.v1.NurseService/CreateNurse", request)),
            "INVALID_ARGUMENT INVALID_REQUEST nurse.wishes[0]:REFERENCE_NOT_FOUND nurse.wishes[1]:MALFORMED_NAME");
  request.mutable_nurse()->mutable_wishes()->RemoveLast();
  EXPECT_EQ(Said(reader().Call<registry_v1::Nurse>("registry.v1.NurseService/CreateNurse", request)),
            "INVALID_ARGUMENT INVALID_REQUEST nurse.wishes[0]:REFERENCE_NOT_FOUND");
}

TEST_P(CreateTest, EveryFaultOfTheContractIsToldAtOnce) {
  registry_v1::Area area = AnArea("312012", static_cast<registry_v1::AreaKind>(99), " 鳥取市", "facilities/x");
  area.set_kana(std::string(101, 'a'));
  area.set_office_latitude_e6(1);
  area.mutable_valid_from_date()->set_year(2023);
  area.mutable_valid_from_date()->set_month(2);
  area.mutable_valid_from_date()->set_day(29);
  EXPECT_EQ(Said(CreateArea(admin(), area)),
            "INVALID_ARGUMENT INVALID_REQUEST area.code:WRONG_CHECK_DIGIT area.display_name:MALFORMED_TEXT "
            "area.kana:FIELD_TOO_LONG area.kind:UNKNOWN_ENUM_VALUE area.office_latitude_e6:OUT_OF_RANGE "
            "area.parent:MALFORMED_NAME area.valid_from_date:DATE_DOES_NOT_EXIST");
  EXPECT_EQ(Said(CreateArea(admin(), registry_v1::Area())),
            "INVALID_ARGUMENT INVALID_REQUEST area.code:FIELD_REQUIRED area.display_name:FIELD_REQUIRED "
            "area.kind:FIELD_REQUIRED");
}

TEST_P(CreateTest, EveryFaultOfRulesAndReferencesIsToldAtOnce) {
  registry_v1::Area area = AnArea("312011", registry_v1::AREA_KIND_PREFECTURE, "鳥取市", "areas/320005");
  area.mutable_valid_from_date()->set_year(2024);
  area.mutable_valid_from_date()->set_month(4);
  area.mutable_valid_from_date()->set_day(1);
  *area.mutable_valid_to_date() = area.valid_from_date();
  area.mutable_valid_to_date()->set_year(2023);
  EXPECT_EQ(Said(CreateArea(admin(), area)),
            "INVALID_ARGUMENT INVALID_REQUEST area.kind:MALFORMED_VALUE area.parent:MALFORMED_VALUE "
            "area.parent:REFERENCE_NOT_FOUND area.valid_to_date:PERIOD_ENDS_BEFORE_START");
}

TEST_P(CreateTest, FaultsAreToldInTheLanguageOfTheCaller) {
  registry_v1::CreateAreaRequest request;
  *request.mutable_area() = AnArea("312012", registry_v1::AREA_KIND_CITY, "", "");
  const grpc::Status english = AskRaw(request, "en"), japanese = AskRaw(request, "ja,en;q=0.5");
  EXPECT_EQ(english.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(english.error_message(), "The request has faults. Correct each of those listed and send it again.");
  EXPECT_EQ(japanese.error_message(), "内容に誤りがあります。誤りの一覧を直して、もう一度送ってください。");
  EXPECT_THAT(english.error_details(), testing::HasSubstr("it should read 312011"));
  EXPECT_THAT(japanese.error_details(), testing::HasSubstr("正しくは312011です"));
  EXPECT_THAT(japanese.error_details(), testing::HasSubstr("必須です。"));
}

TEST_P(CreateTest, ANumberOfTheOtherSchemeIsNamed) {
  // 国保連 gives 鳥取市 another last digit.
  EXPECT_EQ(Said(CreateArea(admin(), AnArea("312017", registry_v1::AREA_KIND_CITY, "鳥取市", ""))),
            "INVALID_ARGUMENT INVALID_REQUEST area.code:OTHER_CODE_SCHEME");
}

TEST_P(CreateTest, TextKeepsItsVariantsAndItsLimits) {
  registry_v1::Facility facility = AFacility("辻󠄀の家 𠮷田 ㈱", "");
  facility.set_note("一行目\n二行目\tつづき");
  const auto kept = Create("tsuji", facility);
  EXPECT_EQ(GetFacility(admin(), "facilities/tsuji")->display_name(), "辻󠄀の家 𠮷田 ㈱");
  EXPECT_EQ(GetFacility(admin(), "facilities/tsuji")->note(), facility.note());
  facility.set_display_name("一行目\n二行目");
  EXPECT_EQ(Said(CreateFacility(admin(), "x", facility)),
            "INVALID_ARGUMENT INVALID_REQUEST facility.display_name:MALFORMED_TEXT");
  std::string longest;
  for (int i = 0; i < 150; ++i) longest += "𠮷";
  facility.set_display_name(longest);
  EXPECT_EQ(Said(CreateFacility(admin(), "x", facility)), "OK");
  facility.set_display_name(longest + "𠮷");
  EXPECT_EQ(Said(CreateFacility(admin(), "y", facility)),
            "INVALID_ARGUMENT INVALID_REQUEST facility.display_name:FIELD_TOO_LONG");
}

}  // namespace
}  // namespace tsunagu::wire
