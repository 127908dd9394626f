#ifndef TSUNAGU_TESTS_FAULTS_SUBSIDY_BOOKS_APPLICATION_H_
#define TSUNAGU_TESTS_FAULTS_SUBSIDY_BOOKS_APPLICATION_H_

#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

namespace tsunagu::faults {

// One document of any kind, as the model uses it.
struct DocumentSeen {
  char duty = 0;  // F, D, P
  std::string name, kind, state, maker, override;
  int day = 0;   // 20500403
  long yen = 0;  // tax; total granted from now on; or paid
  bool minor = false, past_year = false;
  std::string voucher, later_line;  // for a payment
};

// The state of an application, computed from its documents.
class ApplicationModel {
 public:
  // Returns false if the document is not permitted in this state.
  bool Take(const DocumentSeen& document);

  const std::string& state() const { return state_; }
  // Returns the postings that the last document requires: {"RESERVE", 1000}.
  const std::vector<std::pair<std::string, long>>& movements() const { return movements_; }
  long granted() const { return granted_; }
  long reserved() const { return reserved_; }  // all that was ever committed
  // "GRANTED 400000/400000/0": granted, committed, paid.
  std::string Text() const;

 private:
  bool File(const DocumentSeen& document);
  bool Decide(const DocumentSeen& document);
  bool Pay(const DocumentSeen& document);
  bool In(std::initializer_list<const char*> states) const;
  bool Move(std::initializer_list<const char*> from, const char* to);
  bool Given(long yen, std::initializer_list<const char*> from, const char* to);
  void Grant(long yen);

  std::string state_ = "DRAFT", filed_;
  long granted_ = 0, committed_ = 0, paid_ = 0, reserved_ = 0;
  int last_day_ = 0, decided_day_ = 0;
  std::vector<std::pair<std::string, long>> movements_;
};

}  // namespace tsunagu::faults

#endif  // TSUNAGU_TESTS_FAULTS_SUBSIDY_BOOKS_APPLICATION_H_
