#ifndef TSUNAGU_COMMON_JP_AREA_CODE_H_
#define TSUNAGU_COMMON_JP_AREA_CODE_H_

#include <optional>
#include <ostream>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/error.h"

namespace tsunagu::jp {

// The code of a prefecture or municipality (全国地方公共団体コード): prefecture 01 to 47, three digits, check digit. A
// value is well-formed and has the right check digit. Only the code table knows whether such a body exists on a day
// (1.5 % of single mistyped digits pass the check).
class AreaCode {
 public:
  // Reads exactly six ASCII digits. Errors: MALFORMED_AREA_CODE; WRONG_CHECK_DIGIT or, when the digit is the one that
  // 国保連 gives the same body, OTHER_CODE_SCHEME, both with "expected", the right six digits.
  static absl::StatusOr<AreaCode> Parse(absl::string_view six);
  // Reads exactly five ASCII digits, the code without its check digit. Errors: MALFORMED_AREA_CODE.
  static absl::StatusOr<AreaCode> FromFive(absl::string_view five);

  const std::string& six() const { return six_; }
  std::string five() const { return six_.substr(0, 5); }
  std::string prefecture() const { return six_.substr(0, 2); }
  // True for a prefecture itself, false for a municipality or ward.
  bool IsPrefecture() const { return six_.compare(2, 3, "000") == 0; }

  friend bool operator==(const AreaCode& a, const AreaCode& b) { return a.six_ == b.six_; }
  friend bool operator!=(const AreaCode& a, const AreaCode& b) { return a.six_ != b.six_; }
  friend bool operator<(const AreaCode& a, const AreaCode& b) { return a.six_ < b.six_; }
  template <typename H>
  friend H AbslHashValue(H h, const AreaCode& code) {
    return H::combine(std::move(h), code.six_);
  }
  friend std::ostream& operator<<(std::ostream& out, const AreaCode& code) { return out << code.six_; }

 private:
  explicit AreaCode(std::string six) : six_(std::move(six)) {}

  std::string six_;
};

// How an imported cell was read.
struct AreaCodeReading {
  AreaCode code;
  // No reason, CHECK_DIGIT_ADDED or LEADING_ZERO_RESTORED (argument "code": code.six()).
  Reason warning = Reason();
  // The other reading, when five digits permit two. Of the codes of 2021-11, fifteen exist in both forms (15202 is
  // 長岡市 152021 or 幌延町 015202). Of all others at most one reading is in the code table: a caller that has the
  // table takes the one it finds there.
  std::optional<AreaCode> alternative = std::nullopt;
};

// Reads a code as files contain it: white space around it, full-width digits, five digits, lost leading zeros.
// - Six digits: as Parse.
// - Four digits: the five-digit form that lost its zero (1100 is 011002). LEADING_ZERO_RESTORED.
// - Five digits are the five-digit form (CHECK_DIGIT_ADDED) if its prefecture is 01 to 47 and its last three digits
//   are 000 or at least 100, as in every code ever assigned. Otherwise they are six digits that lost their zero
//   (LEADING_ZERO_RESTORED) if the check digit is right and the same condition holds. When both hold, the five-digit
//   form is the reading and the other the alternative.
// Errors as Parse. Five digits that fit neither form are MALFORMED_AREA_CODE, or OTHER_CODE_SCHEME for a 国保連 number
// that lost its zero.
absl::StatusOr<AreaCodeReading> ReadAreaCode(absl::string_view text);

// Returns the check digit (検査数字) of five ASCII digits: weights 6 5 4 3 2, modulus 11.
char AreaCheckDigit(absl::string_view five);

// Returns the digit that 国保連's municipality numbers (市町村番号) have after the same five digits.
char KokuhorenCheckDigit(absl::string_view five);

}  // namespace tsunagu::jp

#endif  // TSUNAGU_COMMON_JP_AREA_CODE_H_
