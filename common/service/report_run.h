#ifndef TSUNAGU_COMMON_SERVICE_REPORT_RUN_H_
#define TSUNAGU_COMMON_SERVICE_REPORT_RUN_H_

#include <map>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "common/access/place_graph.h"
#include "common/base/status_macros.h"
#include "common/records/records.h"
#include "common/records/scan.h"
#include "common/service/tally.h"
#include "google/protobuf/generated_enum_reflection.h"
#include "tsunagu/platform/v1/report.pb.h"

namespace tsunagu {

// A place for which a report gives its figures separately: for what lies in it on the day.
struct Group {
  std::string name;   // regions/tottori-tobu
  std::string label;  // 東部圏域
};

// What a figure covers: a population, which is an enum value of the contract, in one group or in total.
struct Slice {
  template <typename Population, typename = std::enable_if_t<std::is_enum_v<Population>>>
  Slice(Population value) : population(google::protobuf::GetEnumDescriptor<Population>()->FindValueByNumber(value)) {}
  Slice(const google::protobuf::EnumValueDescriptor* population, const Group* group)
      : population(population), group(group) {}

  const google::protobuf::EnumValueDescriptor* population;
  const Group* group = nullptr;  // null: in total
};

// The input for the figures of a report: one consistent state of the records, within the caller's scope.
class ReportRun {
 public:
  // `moment` must have a day. Both must outlive the run. `explains`: the rows behind the figures are requested too.
  // `sees_people`: the caller may learn of single people from the figures.
  ReportRun(store::View& view, const store::Moment& moment, bool explains, bool sees_people)
      : view_(view), moment_(moment), explains_(explains), sees_people_(sees_people) {}

  bool explains() const { return explains_; }
  // Whether figures may be added that tell of single people; those people are then added to `seen`.
  bool sees_people() const { return sees_people_; }
  // The requested day.
  jp::CivilDay day() const { return *moment_.as_of; }
  // Sets the day of the figures, when their subject has a day of its own.
  void SetDayTold(jp::CivilDay day) { day_told_ = day; }
  jp::CivilDay day_told() const { return day_told_.value_or(day()); }
  // Whether the report covers only some places: those in an area, or within the caller's scope.
  bool is_narrowed() const;

  // Limits the report to what lies in this place. Errors: REFERENCE_NOT_FOUND at the field area.
  absl::Status NarrowTo(const std::string& area);
  // Makes groups of the matching places of this type that are valid on the day and that the caller may read. A place
  // may lie in several groups: it counts in each of them, and once in the total.
  template <typename M>
  absl::Status GroupBy(const contract::Where& where) {
    RETURN_IF_ERROR(ReadPlaces());
    return Scan<M>(where, {"display_name"}, [&](const store::Cells& place) {
      AddGroup({place.name(), place.Text(0)});
      return absl::OkStatus();
    });
  }

  // Scans the matching records that are valid on the day; see store::Table::Scan.
  template <typename M>
  absl::Status Scan(const contract::Where& where, std::vector<absl::string_view> fields,
                    absl::FunctionRef<absl::Status(const store::Cells&)> each) {
    return store::Records<M>(view_).Scan(where, moment_, std::move(fields), each);
  }
  // As Scan, including records that the caller may not see. They may decide how a record is counted, but must not be
  // disclosed otherwise.
  template <typename M>
  absl::Status ScanAll(const contract::Where& where, std::vector<absl::string_view> fields,
                       absl::FunctionRef<absl::Status(const store::Cells&)> each) {
    return store::Records<M>::All(view_).Scan(where, moment_, std::move(fields), each);
  }
  // As Scan, for records valid on any day.
  template <typename M>
  absl::Status ScanEver(const contract::Where& where, std::vector<absl::string_view> fields,
                        absl::FunctionRef<absl::Status(const store::Cells&)> each) {
    return store::Records<M>(view_).Scan(where, {absl::nullopt, moment_.known_place}, std::move(fields), each);
  }
  // As ScanEver, including records that the caller may not see.
  template <typename M>
  absl::Status ScanAllEver(const contract::Where& where, std::vector<absl::string_view> fields,
                           absl::FunctionRef<absl::Status(const store::Cells&)> each) {
    return store::Records<M>::All(view_).Scan(where, {absl::nullopt, moment_.known_place}, std::move(fields), each);
  }
  // Returns the record as it was known at the moment. Errors: RESOURCE_NOT_FOUND when there was none.
  template <typename M>
  absl::StatusOr<M> Known(absl::string_view name) const {
    M record;
    RETURN_IF_ERROR(ReadKnown(name, record));
    return record;
  }
  // For the blobs of a record. Only for data that no longer changes once it counts.
  store::View& view() const { return view_; }
  // The present records, whatever the requested moment. Only for data that no longer changes once it counts.
  template <typename M>
  store::Records<M> Now() const {
    return store::Records<M>(view_);
  }
  // Returns whether the report covers this place: it lies in the requested area, and the caller's scope reaches it.
  bool Covers(absl::string_view place) const;
  // All groups, by name.
  const std::map<std::string, Group>& groups() const { return groups_; }
  // Returns the groups in which the place lies on the day, each once.
  std::vector<const Group*> GroupsAround(absl::string_view place) const;

  // Adds one figure. The measure is an enum value of the contract.
  template <typename Measure>
  void Add(const Slice& slice, Measure measure, Counted counted) {
    Add(slice, *google::protobuf::GetEnumDescriptor<Measure>()->FindValueByNumber(measure), std::move(counted));
  }

  std::vector<platform::v1::Figure> figures;
  std::map<std::string, std::vector<platform::v1::FigureRow>> rows;  // by the figure's key, when requested
  std::vector<std::string> seen;                                     // for the access log: people's resource names

 private:
  void Add(const Slice& slice, const google::protobuf::EnumValueDescriptor& measure, Counted counted);
  absl::Status ReadKnown(absl::string_view name, google::protobuf::Message& record) const;
  void AddGroup(Group group);
  // Loads the hierarchy of places at the moment of the report.
  absl::Status ReadPlaces();
  identity::Scope::Keys ReachOf(absl::string_view place) const;

  store::View& view_;
  const store::Moment& moment_;
  const bool explains_;
  const bool sees_people_;
  absl::optional<jp::CivilDay> day_told_;
  identity::Scope area_ = identity::Scope::Everything();
  absl::optional<access::PlaceGraph> places_;
  std::map<std::string, Group> groups_;
  std::map<std::string, std::vector<const Group*>> groups_by_key_;  // by the access keys that the groups reach
};

platform::v1::Label LabelOf(const std::string& ja, const std::string& en);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_SERVICE_REPORT_RUN_H_
