#include "tests/wire/model/resource.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/jp/civil_day.h"
#include "google/protobuf/field_mask.pb.h"
#include "google/type/date.pb.h"
#include "tests/wire/suite_test_base.h"
#include "tsunagu/registry/v1/placement.pb.h"

namespace tsunagu::wire::model {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using Kind = Field::Kind;

constexpr char kTooLong[] = "FIELD_TOO_LONG", kOutOfRange[] = "OUT_OF_RANGE";

const std::vector<Candidate>& AreaNames() {
  static const auto& names =
      *new std::vector<Candidate>{{"areas/312011"}, {"areas/313025"}, {"areas/322016"},
                                  {"areas/310000"}, {"areas/131016"}, {"area", "MALFORMED_NAME"}};
  return names;
}
const std::vector<Candidate>& Keys() {
  static const auto& keys = *new std::vector<Candidate>{{"list/1"}, {"list/2"}, {"list/3"}, {"list/4"}, {"list/5"}};
  return keys;
}

template <class Answer>
absl::Status Send(const Caller& caller, const std::string& method, const Message& request, Message& answer) {
  absl::StatusOr<Answer> got = caller.Call<Answer>(method, request);
  if (got.ok()) static_cast<Answer&>(answer) = *std::move(got);
  return got.status();
}

Resource Facilities() {
  Resource facilities{"Facility", "Facilities", "facilities", "facility"};
  facilities.fields = {
      {.name = "display_name",
       .candidates = {{"ほし"}, {"つき"}, {"Sora"}, {" x", "MALFORMED_TEXT"}, {std::string(151, 'x'), kTooLong}},
       .required = true,
       .filterable = true,
       .sortable = true},
      {.name = "kana", .candidates = {{"ホシ"}, {"ツキ"}}, .sortable = true},
      {.name = "area", .candidates = AreaNames(), .filterable = true, .refers_to = "areas"},
      {.name = "service_kind",
       .kind = Kind::kEnum,
       .candidates = {{"FACILITY_SERVICE_KIND_NURSERY_VISIT_SUPPORT"}, {"FACILITY_SERVICE_KIND_CONSULTATION_SUPPORT"}},
       .filterable = true},
      {.name = "capacity",
       .kind = Kind::kNumber,
       .candidates = {{"1"}, {"20"}, {"0", kOutOfRange}, {"10001", kOutOfRange}}},
      {.name = "identifiers", .candidates = {{"x/1/63"}, {"x/2/63"}, {"x/3/63"}}, .repeated = true, .filterable = true},
      {.name = "source_key", .candidates = Keys(), .filterable = true, .unique = true},
      {.name = "designated_by", .candidates = {{"31201"}, {"32201"}}, .filterable = true},
  };
  facilities.access_by = {"area", "name"};
  facilities.server_id = false;
  facilities.import_key = "source_key";
  facilities.send = Send<registry_v1::Facility>;
  facilities.send_list = Send<registry_v1::ListFacilitiesResponse>;
  return facilities;
}

Resource Nurses() {
  Resource nurses{"Nurse", "Nurses", "nurses", "nurse"};
  const auto identifying = Privacy::kIdentifying, confidential = Privacy::kConfidential;
  nurses.fields = {
      {.name = "display_name",
       .candidates = {{"見本 花子"}, {"髙橋 花子"}, {"高橋花子"}},
       .required = true,
       .privacy = identifying},
      {.name = "kana", .candidates = {{"ミホン ハナコ"}, {"タカハシ ハナコ"}}, .privacy = identifying},
      {.name = "birth_date",
       .kind = Kind::kDate,
       .candidates = {{"1985-04-02"}, {"1990-12-31"}},
       .privacy = identifying},
      {.name = "licence",
       .kind = Kind::kEnum,
       .candidates = {{"LICENCE_NURSE"}, {"LICENCE_MIDWIFE"}},
       .required = true,
       .filterable = true},
      {.name = "skills",
       .kind = Kind::kEnum,
       .candidates = {{"SKILL_SUCTION"}, {"SKILL_OXYGEN"}, {"SKILL_SEIZURE"}},
       .repeated = true,
       .filterable = true},
      {.name = "weekly_minutes",
       .kind = Kind::kNumber,
       .candidates = {{"60"}, {"1200"}, {"59", kOutOfRange}},
       .required = true},
      {.name = "home_mesh", .candidates = {{"53341198"}, {"53341189"}}, .required = true, .privacy = confidential},
      {.name = "home_area", .candidates = AreaNames(), .filterable = true, .refers_to = "areas"},
      {.name = "commute_limit_metres",
       .kind = Kind::kNumber,
       .candidates = {{"100"}, {"8000"}, {"99", kOutOfRange}},
       .required = true},
      {.name = "wishes", .repeated = true, .privacy = confidential, .refers_to = "facilities"},
      {.name = "source_key", .candidates = Keys(), .filterable = true, .unique = true},
      {.name = "seeking", .kind = Kind::kBool, .candidates = {{"true"}}, .filterable = true},
      {.name = "note", .candidates = {{"夜勤不可"}, {"一\n二"}}, .privacy = confidential},
  };
  nurses.access_by = {"home_area", "name"};
  nurses.has_search = true;
  nurses.import_key = "source_key";
  nurses.send = Send<registry_v1::Nurse>;
  nurses.send_list = Send<registry_v1::ListNursesResponse>;
  nurses.send_search = Send<registry_v1::SearchNursesResponse>;
  return nurses;
}

Resource Placements() {
  Resource placements{"Placement", "Placements", "placements", "placement"};
  placements.fields = {
      {.name = "coordinator", .required = true, .immutable = true, .filterable = true, .refers_to = "coordinators"},
      {.name = "body", .candidates = AreaNames(), .required = true, .filterable = true, .refers_to = "areas"},
      {.name = "stage",
       .kind = Kind::kEnum,
       .candidates = {{"PLACEMENT_STAGE_PLANNED"}, {"PLACEMENT_STAGE_ACTUAL"}},
       .required = true,
       .filterable = true},
      {.name = "valid_from_date",
       .kind = Kind::kDate,
       .candidates = {{"2050-03-30"}, {"2050-04-04"}, {"2050-04-06"}, {"2050-04-09"}},
       .required = true,
       .filterable = true,
       .sortable = true},
      {.name = "valid_to_date",
       .kind = Kind::kDate,
       .candidates = {{"2050-04-02"}, {"2050-04-05"}, {"2050-04-08"}, {"2050-05-31"}},
       .filterable = true},
      {.name = "source_key", .candidates = Keys(), .filterable = true, .unique = true},
      {.name = "fte_hundredths", .kind = Kind::kNumber, .candidates = {{"50"}, {"100"}, {"101", kOutOfRange}}},
  };
  placements.access_by = {"body", "coordinator"};
  placements.access_while_period = "coordinator";
  placements.exclusive = {"coordinator", "body"};
  placements.has_period = true;
  placements.import_key = "source_key";
  placements.send = Send<registry_v1::Placement>;
  placements.send_list = Send<registry_v1::ListPlacementsResponse>;
  return placements;
}

std::string Value(const Message& message, const FieldDescriptor* d, int i) {
  const auto& r = *message.GetReflection();
  const bool one = !d->is_repeated();
  switch (d->cpp_type()) {
    case FieldDescriptor::CPPTYPE_ENUM:
      return (one ? r.GetEnum(message, d) : r.GetRepeatedEnum(message, d, i))->name();
    case FieldDescriptor::CPPTYPE_INT32:
      return absl::StrCat(r.GetInt32(message, d));
    case FieldDescriptor::CPPTYPE_BOOL:
      return r.GetBool(message, d) ? "true" : "false";
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return jp::FormatIso(jp::DayOf(static_cast<const google::type::Date&>(r.GetMessage(message, d))));
    default:
      return one ? r.GetString(message, d) : r.GetRepeatedString(message, d, i);
  }
}

}  // namespace

std::vector<Resource> Resources() { return {Facilities(), Nurses(), Placements()}; }

const Field* Resource::Find(const std::string& name) const {
  for (const Field& field : fields) {
    if (field.name == name) return &field;
  }
  return nullptr;
}

std::string Resource::Word(const std::string& end) const { return absl::AsciiStrToUpper(absl::StrCat(path, "_", end)); }

std::string Resource::Method(const std::string& verb, bool many) const {
  return absl::StrCat("registry.v1.", noun, "Service/", verb, many ? nouns : noun);
}

std::unique_ptr<Message> Resource::New(const std::string& name) const {
  const auto* type =
      google::protobuf::DescriptorPool::generated_pool()->FindMessageTypeByName("tsunagu.registry.v1." + name);
  return std::unique_ptr<Message>(google::protobuf::MessageFactory::generated_factory()->GetPrototype(type)->New());
}

void Set(Message& message, const std::string& field, const std::vector<std::string>& values) {
  const auto& r = *message.GetReflection();
  const FieldDescriptor* d = message.GetDescriptor()->FindFieldByName(field);
  r.ClearField(&message, d);
  for (const std::string& value : values) {
    const bool one = !d->is_repeated();
    switch (d->cpp_type()) {
      case FieldDescriptor::CPPTYPE_ENUM: {
        const auto* number = d->enum_type()->FindValueByName(value);
        one ? r.SetEnum(&message, d, number) : r.AddEnum(&message, d, number);
        break;
      }
      case FieldDescriptor::CPPTYPE_INT32:
        r.SetInt32(&message, d, std::stoi(value));
        break;
      case FieldDescriptor::CPPTYPE_BOOL:
        r.SetBool(&message, d, value == "true");
        break;
      case FieldDescriptor::CPPTYPE_MESSAGE:
        static_cast<google::type::Date&>(*r.MutableMessage(&message, d)) = jp::ToDate(*jp::ParseDay(value));
        break;
      default:
        one ? r.SetString(&message, d, value) : r.AddString(&message, d, value);
    }
  }
}

std::string TextOf(const Message& message, const std::string& field) {
  return message.GetReflection()->GetString(message, message.GetDescriptor()->FindFieldByName(field));
}

Row RowOf(const Resource& resource, const Message& record) {
  Row row;
  for (const Field& field : resource.fields) {
    const FieldDescriptor* d = record.GetDescriptor()->FindFieldByName(field.name);
    if (d->is_repeated()) {
      for (int i = 0; i < record.GetReflection()->FieldSize(record, d); ++i)
        row[field.name].push_back(Value(record, d, i));
    } else if (record.GetReflection()->HasField(record, d)) {
      row[field.name] = {Value(record, d, 0)};
    }
  }
  return row;
}

void Fill(const Row& row, Message& record) {
  for (const auto& [field, values] : row) Set(record, field, values);
}

Message& Sub(Message& message, const std::string& field) {
  return *message.GetReflection()->MutableMessage(&message, message.GetDescriptor()->FindFieldByName(field));
}

std::vector<const Message*> RecordsIn(const Message& list, const std::string& field) {
  const FieldDescriptor* d = list.GetDescriptor()->FindFieldByName(field);
  std::vector<const Message*> records;
  for (int i = 0; i < list.GetReflection()->FieldSize(list, d); ++i) {
    records.push_back(&list.GetReflection()->GetRepeatedMessage(list, d, i));
  }
  return records;
}

std::string First(const Row& row, const std::string& field) {
  const auto found = row.find(field);
  return found == row.end() || found->second.empty() ? "" : found->second[0];
}

}  // namespace tsunagu::wire::model
