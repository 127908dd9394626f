#include "services/training/rules/selection.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

#include "google/protobuf/util/time_util.h"

namespace tsunagu::training::rules {
namespace {

int64_t TimeOf(const v1::Enrollment& enrollment) {
  return google::protobuf::util::TimeUtil::TimestampToMicroseconds(enrollment.create_time());
}

int64_t WeightOf(const v1::Enrollment& enrollment, int criterion) {
  switch (criterion) {
    case v1::Course::CRITERION_GROUND:
      return enrollment.ground();
    case v1::Course::CRITERION_RANK:
      return enrollment.rank();
    case v1::Course::CRITERION_NOMINATION_TIME:
      return TimeOf(enrollment);
    default:
      return 0;
  }
}

}  // namespace

void PutInOrder(const v1::Course& course, std::vector<v1::Enrollment>& nominated) {
  std::vector<int> criteria(course.selection_order().begin(), course.selection_order().end());
  if (criteria.empty()) criteria = {v1::Course::CRITERION_GROUND, v1::Course::CRITERION_RANK};
  std::sort(nominated.begin(), nominated.end(), [&](const v1::Enrollment& a, const v1::Enrollment& b) {
    for (const int criterion : criteria) {
      const int64_t first = WeightOf(a, criterion), second = WeightOf(b, criterion);
      if (first != second) return first < second;
    }
    return TimeOf(a) != TimeOf(b) ? TimeOf(a) < TimeOf(b) : a.name() < b.name();
  });
}

}  // namespace tsunagu::training::rules
