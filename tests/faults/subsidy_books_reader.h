#ifndef TSUNAGU_TESTS_FAULTS_SUBSIDY_BOOKS_READER_H_
#define TSUNAGU_TESTS_FAULTS_SUBSIDY_BOOKS_READER_H_

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "google/protobuf/message.h"
#include "google/type/date.pb.h"
#include "tests/faults/subsidy_books.h"

namespace tsunagu::faults {

// Reads all records of a kind, and collects their faults.
class BookReader {
 public:
  explicit BookReader(const AskSubsidy& ask) : ask_(ask) {}

  // Reads every page of the List method, for all parents.
  template <typename M, typename Take>
  void ForEach(const Take& take) {
    Read(*M::descriptor(), [&](const google::protobuf::Message& one) { take(static_cast<const M&>(one)); });
  }

  template <typename... Parts>
  void Fault(const Parts&... parts) {
    faults_.push_back(absl::StrCat(parts...));
  }
  std::vector<std::string> Faults() { return std::move(faults_); }

 private:
  void Read(const google::protobuf::Descriptor& kind,
            const std::function<void(const google::protobuf::Message&)>& take);

  const AskSubsidy& ask_;
  std::vector<std::string> faults_;
};

// "applications/a" of "applications/a/filings/f".
inline std::string ParentOf(const std::string& name) { return name.substr(0, name.rfind('/', name.rfind('/') - 1)); }
// Returns 20500403; 0 if there is no date.
inline int DayOf(const google::type::Date& date) { return date.year() * 10000 + date.month() * 100 + date.day(); }
// "ADVANCE" of KIND_ADVANCE.
template <typename Enum>
std::string Word(Enum value) {
  const std::string& name = google::protobuf::GetEnumDescriptor<Enum>()->FindValueByNumber(value)->name();
  return name.substr(name.find('_') + 1);
}

}  // namespace tsunagu::faults

#endif  // TSUNAGU_TESTS_FAULTS_SUBSIDY_BOOKS_READER_H_
