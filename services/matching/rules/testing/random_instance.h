#ifndef TSUNAGU_SERVICES_MATCHING_RULES_TESTING_RANDOM_INSTANCE_H_
#define TSUNAGU_SERVICES_MATCHING_RULES_TESTING_RANDOM_INSTANCE_H_

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "services/matching/rules/instance.h"

namespace tsunagu::matching::rules {

// The parameters of a random instance. For tests only.
struct Shape {
  int32_t nurses = 0;
  int32_t openings = 0;
  int32_t fewest_posts = 0;  // of an opening
  int32_t most_posts = 2;
  int32_t most_wishes = 3;
  int32_t extent_e6 = 200'000;  // side of the square around 35 N, 139 E
  int32_t places = 0;           // number of places on a line of that square, hence equal distances; 0: anywhere
  bool alike = false;           // every nurse may take every opening, with equal skills: only place and wishes differ
};

// Makes the same instance from the same shape and seed on every machine.
class InstanceMaker {
 public:
  explicit InstanceMaker(uint64_t seed) : random_(seed) {}

  Instance Make(const Shape& shape) {
    Instance instance;
    instance.seed = random_();
    for (int32_t i = 0; i < shape.nurses; ++i) instance.nurses.push_back(MakeNurse(shape, i));
    for (int32_t i = 0; i < shape.openings; ++i) instance.openings.push_back(MakeOpening(shape, i));
    return instance;
  }

  // Returns a number in [0, bound).
  int32_t Below(int32_t bound) { return static_cast<int32_t>(random_() % static_cast<uint64_t>(bound)); }

 private:
  Nurse MakeNurse(const Shape& shape, int32_t index) {
    Nurse nurse;
    nurse.name = "nurses/" + std::to_string(random_() % 1000) + "-" + std::to_string(index);
    nurse.licences = uint32_t{1} << std::min(Below(8), 4);  // half of them the bit 4, a 助産師
    nurse.skills = random_() & random_() & 15;
    nurse.skills |= random_() & 7;
    nurse.home = MakePoint(shape);
    nurse.commute_limit_metres = 4'000 + Below(20'000);
    nurse.weekly_minutes = 600 * (1 + Below(4));
    nurse.half_days = {MakeHalfDays(), MakeHalfDays()};
    nurse.min_weekly_minutes = Below(4) == 0 ? 900 : 0;
    if (Below(4) == 0) nurse.available_from = MakeDay();
    if (Below(4) == 0) nurse.unwanted = {0, 1 + Below(4)};
    if (shape.alike) {
      nurse.licences = 31;
      nurse.skills = 7;
      nurse.commute_limit_metres = 100'000;
      nurse.weekly_minutes = 2'400;
      nurse.half_days = {};
      nurse.min_weekly_minutes = 0;
      nurse.available_from = jp::kFirstDay;
      nurse.unwanted = {};
    }
    const int32_t wishes = Below(shape.most_wishes + 1);
    for (int32_t i = 0; i < wishes; ++i) nurse.wishes.push_back(Below(shape.openings + 2) - 1);
    return nurse;
  }

  Opening MakeOpening(const Shape& shape, int32_t index) {
    Opening opening;
    opening.name = "openings/" + std::to_string(random_() % 1000) + "-" + std::to_string(index);
    opening.place = MakePoint(shape);
    opening.posts = shape.fewest_posts + Below(shape.most_posts - shape.fewest_posts + 1);
    opening.licences = Below(3) == 0 ? 2 : 31;  // every third for 看護師
    opening.named_licences_only = Below(4) == 0;
    opening.required_skills = shape.alike ? 0 : random_() & random_() & 7;
    opening.weekly_minutes = 600 * Below(3);
    if (Below(3) == 0) opening.max_weekly_minutes = opening.weekly_minutes + 600;
    opening.half_days = {uint32_t{2} << Below(14), Below(2) == 0 ? 0 : uint32_t{2} << Below(14)};
    if (Below(2) == 0) opening.start = MakeDay();
    opening.facility = Below(12);
    return opening;
  }

  // Most half-days of a week; every second time all of them, as no bit is set.
  uint32_t MakeHalfDays() {
    return Below(2) == 0 ? 0 : static_cast<uint32_t>(random_() | random_() | random_()) & 0x7ffe;
  }

  jp::CivilDay MakeDay() { return jp::CivilDay(2027, 4, 1) + Below(60); }

  GeoPoint MakePoint(const Shape& shape) {
    if (shape.places == 0) return {35'000'000 + Below(shape.extent_e6), 139'000'000 + Below(shape.extent_e6)};
    return {35'000'000 + shape.extent_e6 / shape.places * Below(shape.places), 139'000'000};
  }

  std::mt19937_64 random_;
};

}  // namespace tsunagu::matching::rules

#endif  // TSUNAGU_SERVICES_MATCHING_RULES_TESTING_RANDOM_INSTANCE_H_
