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

// A place for which a report says its figures once more: of what lies in it on the day.
struct Group {
  std::string name;   // regions/tottori-tobu
  std::string label;  // 東部圏域
};

// Of whom a figure speaks: a population, which is an enum value of the contract, in one group or all together.
struct Slice {
  template <typename Population, typename = std::enable_if_t<std::is_enum_v<Population>>>
  Slice(Population value) : population(google::protobuf::GetEnumDescriptor<Population>()->FindValueByNumber(value)) {}
  Slice(const google::protobuf::EnumValueDescriptor* population, const Group* group)
      : population(population), group(group) {}

  const google::protobuf::EnumValueDescriptor* population;
  const Group* group = nullptr;  // null: all together
};

// What the figures of a report are made from: one consistent state of the records, through the scope of the caller.
class ReportRun {
 public:
  // `moment` has a day. Both outlive it. `explains`: the rows behind the figures are wanted as well.
  ReportRun(store::View& view, const store::Moment& moment, bool explains)
      : view_(view), moment_(moment), explains_(explains) {}

  bool explains() const { return explains_; }
  // The day that is asked about.
  jp::CivilDay day() const { return *moment_.as_of; }
  // The day that the figures are as of, where what they speak of has one of its own.
  void SetDayTold(jp::CivilDay day) { day_told_ = day; }
  jp::CivilDay day_told() const { return day_told_.value_or(day()); }
  // Whether it speaks of less than all places: of those in an area, or within the caller's scope.
  bool is_narrowed() const;

  // From now on it speaks of what lies in this place only. REFERENCE_NOT_FOUND at the field area.
  absl::Status NarrowTo(const std::string& area);
  // The places of this type that fit, hold on the day and may be read by the caller become groups. A place may lie in
  // several of them: it counts in each, and once in all together.
  template <typename M>
  absl::Status GroupBy(const contract::Where& where) {
    RETURN_IF_ERROR(ReadPlaces());
    return Scan<M>(where, {"display_name"}, [&](const store::Cells& place) {
      AddGroup({place.name(), place.Text(0)});
      return absl::OkStatus();
    });
  }

  // The records that fit and hold on the day; see store::Table::Scan.
  template <typename M>
  absl::Status Scan(const contract::Where& where, std::vector<absl::string_view> fields,
                    absl::FunctionRef<absl::Status(const store::Cells&)> each) {
    return store::Records<M>(view_).Scan(where, moment_, std::move(fields), each);
  }
  // The same, also of what the caller may not see: it may decide what a record counts as, and no more of it may leave.
  template <typename M>
  absl::Status ScanAll(const contract::Where& where, std::vector<absl::string_view> fields,
                       absl::FunctionRef<absl::Status(const store::Cells&)> each) {
    return store::Records<M>::All(view_).Scan(where, moment_, std::move(fields), each);
  }
  // Those that fit, whatever days they hold on.
  template <typename M>
  absl::Status ScanEver(const contract::Where& where, std::vector<absl::string_view> fields,
                        absl::FunctionRef<absl::Status(const store::Cells&)> each) {
    return store::Records<M>(view_).Scan(where, {absl::nullopt, moment_.known_place}, std::move(fields), each);
  }
  // The same, also of what the caller may not see.
  template <typename M>
  absl::Status ScanAllEver(const contract::Where& where, std::vector<absl::string_view> fields,
                           absl::FunctionRef<absl::Status(const store::Cells&)> each) {
    return store::Records<M>::All(view_).Scan(where, {absl::nullopt, moment_.known_place}, std::move(fields), each);
  }
  // For the blobs of a record: of what does not change any more once it counts.
  store::View& view() const { return view_; }
  // As they are now, whatever moment is asked about: of what does not change any more once it counts.
  template <typename M>
  store::Records<M> Now() const {
    return store::Records<M>(view_);
  }
  // Whether the report speaks of this place: it lies in the area asked for, and the caller's scope reaches it.
  bool Covers(absl::string_view place) const;
  // All of them, by name.
  const std::map<std::string, Group>& groups() const { return groups_; }
  // Those in which the place lies on the day, each once.
  std::vector<const Group*> GroupsAround(absl::string_view place) const;

  // One figure. The measure is an enum value of the contract.
  template <typename Measure>
  void Add(const Slice& slice, Measure measure, Counted counted) {
    Add(slice, *google::protobuf::GetEnumDescriptor<Measure>()->FindValueByNumber(measure), std::move(counted));
  }

  std::vector<platform::v1::Figure> figures;
  std::map<std::string, std::vector<platform::v1::FigureRow>> rows;  // by the figure's key, where they are wanted

 private:
  void Add(const Slice& slice, const google::protobuf::EnumValueDescriptor& measure, Counted counted);
  void AddGroup(Group group);
  // How places lie in one another at the moment of the report.
  absl::Status ReadPlaces();
  identity::Scope::Keys ReachOf(absl::string_view place) const;

  store::View& view_;
  const store::Moment& moment_;
  const bool explains_;
  absl::optional<jp::CivilDay> day_told_;
  identity::Scope area_ = identity::Scope::Everything();
  absl::optional<access::PlaceGraph> places_;
  std::map<std::string, Group> groups_;
  std::map<std::string, std::vector<const Group*>> groups_by_key_;  // by the access keys that they reach
};

platform::v1::Label LabelOf(const std::string& ja, const std::string& en);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_SERVICE_REPORT_RUN_H_
