#include "services/training/viewing_log_layout.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/types/optional.h"
#include "common/base/error.h"
#include "common/contract/schema.h"
#include "common/jp/civil_day.h"
#include "common/text/columns.h"
#include "common/text/foreign_reader.h"
#include "tsunagu/training/v1/viewing.pb.h"

namespace tsunagu::training {
namespace {

using contract::Schema;

constexpr char kEnrollment[] = "受講申込", kSession[] = "開催回", kSubject[] = "科目", kStart[] = "視聴開始",
               kEnd[] = "視聴終了";
constexpr int kDay = 24 * 60;

// Digits only, and below `bound`.
bool ReadNumber(absl::string_view text, int bound, int& number) {
  return !text.empty() && text.size() <= 2 && absl::ascii_isdigit(text[0]) && absl::SimpleAtoi(text, &number) &&
         number < bound;
}

// "9:30" or "09:30:59" as a minute of its day.
absl::optional<int> MinuteOf(absl::string_view clock, bool up) {
  const std::vector<absl::string_view> parts = absl::StrSplit(clock, ':');
  int hour = 0, minute = 0, second = 0;
  const bool good = (parts.size() == 2 || parts.size() == 3) && ReadNumber(parts[0], 24, hour) &&
                    ReadNumber(parts[1], 60, minute) && (parts.size() == 2 || ReadNumber(parts[2], 60, second));
  if (!good) return absl::nullopt;
  return hour * 60 + minute + (up && second > 0 ? 1 : 0);
}

class LogReader : public ForeignReaderOf<v1::Viewing> {
 public:
  explicit LogReader(absl::Span<const std::string> heading)
      : ForeignReaderOf(heading, {{"session", kSession},
                                  {"subject", kSubject},
                                  {"start_date", kStart},
                                  {"start_minute", kStart},
                                  {"end_date", kEnd},
                                  {"end_minute", kEnd}}) {}
  std::string layout() const override { return "viewing-log"; }
  std::string ColumnOf(absl::string_view field) const override {
    return field == "parent" || field == "name" ? kEnrollment : ForeignReader::ColumnOf(field);
  }

 private:
  void ReadRow(absl::Span<const std::string> cells, v1::Viewing& viewing, std::string& id, Faults& faults) override {
    const Schema& schema = Schema::Of(v1::Viewing::descriptor());
    const auto under = schema.IdUnder(Cell(cells, kEnrollment), "");
    if (under.ok()) {
      id = *under;
    } else {
      faults.Add(kEnrollment, "MALFORMED_NAME"_reason, {{"pattern", schema.parent()->pattern()}});
    }
    ReadCell(Cell(cells, kSession), *schema.Find("session"), kSession, viewing, faults);
    ReadCell(Cell(cells, kSubject), *schema.Find("subject"), kSubject, viewing, faults);
    if (const auto minute = ReadTime(cells, kStart, "start_date", /*up=*/true, viewing, faults)) {
      viewing.set_start_minute(*minute % kDay);
      if (*minute == kDay) *viewing.mutable_start_date() = jp::ToDate(jp::DayOf(viewing.start_date()) + 1);
    }
    if (const auto minute = ReadTime(cells, kEnd, "end_date", /*up=*/false, viewing, faults)) {
      viewing.set_end_minute(*minute);
    }
    // The viewing is shorter than a minute, so it has no whole minute.
    if (faults.empty() && Begun(viewing) > Ended(viewing) && Begun(viewing) - Ended(viewing) == 1) {
      *viewing.mutable_end_date() = viewing.start_date();
      viewing.set_end_minute(viewing.start_minute());
    }
  }

  static int64_t Begun(const v1::Viewing& viewing) {
    return (jp::DayOf(viewing.start_date()) - jp::CivilDay(1970, 1, 1)) * kDay + viewing.start_minute();
  }
  static int64_t Ended(const v1::Viewing& viewing) {
    return (jp::DayOf(viewing.end_date()) - jp::CivilDay(1970, 1, 1)) * kDay + viewing.end_minute();
  }

  // Sets the day, and returns the minute; kDay where a start was rounded up to the next day.
  absl::optional<int> ReadTime(absl::Span<const std::string> cells, const char* column, const char* day_field, bool up,
                               v1::Viewing& viewing, Faults& faults) const {
    const std::string cell = Cell(cells, column);
    const size_t gap = cell.find_last_of(" T");
    const absl::string_view clock = gap == std::string::npos ? "" : absl::string_view(cell).substr(gap + 1);
    const absl::optional<int> minute = MinuteOf(clock, up);
    Faults of_day;
    if (minute) {
      ReadCell(cell.substr(0, cell.find_last_not_of(" T", gap) + 1),
               *Schema::Of(v1::Viewing::descriptor()).Find(day_field), column, viewing, of_day);
    }
    const google::type::Date& day = up ? viewing.start_date() : viewing.end_date();
    if (minute && of_day.empty() && jp::CheckDate(day).ok()) return minute;
    faults.Add(column, "VIEWING_TIME_MALFORMED"_reason);
    return absl::nullopt;
  }
};

}  // namespace

FileFormatFactory ViewingLogLayout() {
  return [](absl::Span<const std::string> heading) -> absl::StatusOr<std::unique_ptr<RowReader>> {
    for (const char* column : {kEnrollment, kSession, kSubject, kStart, kEnd}) {
      if (!HasColumn(heading, column)) return nullptr;
    }
    return std::make_unique<LogReader>(heading);
  };
}

}  // namespace tsunagu::training
